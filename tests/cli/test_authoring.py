"""`check`, `test`, `graph` and `explain`, as an author runs them."""

import re
from pathlib import Path

import pytest

from engine.document import DocumentRefused, parse
from engine.loader import load
from tenure.cli.examples import EXAMPLES
from tenure.cli.explaining import MEANINGS, findings

WRONG = """\
process: review
version: 1
states:
  rate: {task: {to: subject}, then: tlak}
  talk: {task: {to: subject}}
  closed: {end: done}
"""


@pytest.fixture
def wrong(tmp_path: Path) -> Path:
    file = tmp_path / "wrong.yaml"
    file.write_text(WRONG, "utf-8")
    return file


def test_check_shows_each_problem_in_its_line(run, wrong):
    ran = run("check", wrong)

    assert ran.code == 1
    assert "error[E201]: state `tlak` does not exist" in ran.out
    assert f"{wrong}:4:37" in ran.out
    assert "^^^^ did you mean `talk`?" in ran.out
    assert ran.out.endswith("checked 1 file: 1 error, 0 warnings\n")


def test_check_of_sound_files_ends_well(run, review):
    ran = run("check", review)

    assert ran.code == 0
    explored, checked = ran.out.splitlines()
    assert re.fullmatch(rf"{review}: explored [0-9,]+ situations of at most 4,000", explored)
    assert checked == "checked 1 file: 0 errors, 0 warnings"


def test_a_warning_does_not_fail_a_check(run, tmp_path):
    file = tmp_path / "idle.yaml"
    file.write_text(
        "process: a\nversion: 1\nforms: {idle: {fields: {x: text}}}\n"
        "states: {ask: {task: {to: subject}}, closed: {end: done}}\n"
    )
    ran = run("check", file)

    assert ran.code == 0
    assert "warning[W204]" in ran.out
    assert ran.out.endswith("checked 1 file: 0 errors, 1 warning\n")


def test_check_reads_a_folder_in_the_order_of_names(run, tmp_path, review, wrong):
    (tmp_path / "deeper").mkdir()
    (tmp_path / "deeper" / "a.yml").write_text(WRONG)
    (tmp_path / "notes.txt").write_text("no definition")
    ran = run("check", tmp_path, "--format", "json")

    assert ran.code == 1
    assert [found["file"] for found in ran.data] == [str(tmp_path / "deeper" / "a.yml"), str(wrong)]
    assert ran.data[0] | {"help": ""} == {
        "file": str(tmp_path / "deeper" / "a.yml"),
        "line": 4,
        "column": 37,
        "end_line": 4,
        "end_column": 41,
        "code": "E201",
        "severity": "error",
        "message": "state `tlak` does not exist",
        "help": "",
    }


def test_a_file_that_is_not_there_is_a_problem_like_others(run, tmp_path):
    ran = run("check", tmp_path / "nowhere.yaml", "--format", "json")

    assert ran.code == 1
    assert [found["code"] for found in ran.data] == ["E101"]


def test_a_folder_without_definitions_is_told(run, tmp_path):
    ran = run("check", tmp_path)

    assert (ran.code, ran.out) == (1, "")
    assert ran.err == f"There is no definition (.yaml or .yml) in the folder {tmp_path}.\n"


def test_check_wants_something_to_check(run):
    ran = run("check")

    assert ran.code == 2
    assert "PATHS is missing." in ran.err


def test_test_shows_a_line_for_each_scenario_and_what_none_came_by(run, review):
    ran = run("test", review)

    assert ran.code == 0
    assert "  ✓ all the way (2 steps)\n" in ran.out
    assert "  covered: 2 of 5 states, 1 of 4 transitions\n" in ran.out
    lines = [line.strip() for line in review.read_text().splitlines()]
    refused, rate = lines.index("refused: {end: refused}") + 1, lines.index("rate:") + 1
    assert f"    no test enters refused (line {refused})\n" in ran.out
    assert f"    no test takes rate: refuse → refused (line {rate})\n" in ran.out
    assert ran.out.endswith("1 test: 1 passed, 0 failed\n")


def test_test_shows_the_failing_step_with_its_line_and_how_things_stood(run, review):
    review.write_text(review.read_text().replace("expect: {at: kit}", "expect: {at: calibrate}"))
    line = review.read_text().splitlines().index("    expect: {at: calibrate}") + 1
    ran = run("test", review)

    assert ran.code == 1
    assert "  ✗ all the way\n" in ran.out
    assert f"      {review}:{line}: expect: {{at: calibrate}}\n" in ran.out
    assert "      Expected the case at `calibrate`; it is at `kit`.\n" in ran.out
    assert "        the case is at kit\n" in ran.out
    assert "        so far:\n" in ran.out
    assert "          2027-01-04 09:00 rate: submit → kit\n" in ran.out
    assert ran.out.endswith("1 test: 0 passed, 1 failed\n")


def test_test_as_json_says_the_same(run, review):
    review.write_text(review.read_text().replace("expect: {at: kit}", "expect: {at: calibrate}"))
    ran = run("test", review, "--format", "json")
    (told,) = ran.data

    assert ran.code == 1
    assert told["file"] == str(review)
    assert told["tests"][0]["passed"] is False
    assert told["tests"][0]["message"] == "Expected the case at `calibrate`; it is at `kit`."
    assert told["coverage"]["states_missed"] == ["calibrate", "closed", "refused"]


def test_a_definition_with_errors_is_not_played(run, wrong):
    ran = run("test", wrong)

    assert ran.code == 1
    assert "error[E201]" in ran.out
    assert "not played, because of the errors above" in ran.out


@pytest.mark.parametrize(
    ("format_", "begin"), [("outline", "Review\n"), ("svg", "<svg"), ("mermaid", "stateDiagram-v2")]
)
def test_graph_draws_in_three_ways(run, review, format_, begin):
    ran = run("graph", review, "--format", format_)

    assert ran.code == 0
    assert ran.out.startswith(begin)


def test_graph_writes_a_file(run, review, tmp_path):
    ran = run("graph", review, "--format", "svg", "--out", tmp_path / "review.svg")

    assert (ran.code, ran.out) == (0, "")
    assert (tmp_path / "review.svg").read_text("utf-8").startswith("<svg")


def test_graph_of_a_wrong_definition_says_why_there_is_none(run, wrong):
    ran = run("graph", wrong)

    assert ran.code == 1
    assert "error[E201]" in ran.out
    assert ran.err.endswith("has errors, so there is nothing to draw.\n")


def test_every_code_has_an_example():
    assert set(MEANINGS) - set(EXAMPLES) == {"E101"}  # about a file, not about a text
    assert set(EXAMPLES) <= set(MEANINGS)


def test_every_expression_code_that_can_be_told_is_explained():
    assert {"E301", "E308"} <= set(MEANINGS)


@pytest.mark.parametrize("code", EXAMPLES)
def test_the_wrong_example_yields_its_code_and_nothing_else(code):
    told = findings(code, EXAMPLES[code])
    try:
        document = parse(EXAMPLES[code].wrong, "example.yaml")
        others = {found.code for found in load(document).diagnostics} - {code}
    except DocumentRefused as refused:
        others = {found.code for found in refused.diagnostics} - {code}

    assert len(told) == 1
    assert others == set() or code in ("E130", "E131")  # fragments that only parse


@pytest.mark.parametrize("code", EXAMPLES)
def test_the_right_example_is_sound(code):
    document = parse(EXAMPLES[code].right, "example.yaml")

    assert document.warnings == ()
    if not code.startswith("E1"):  # those are about any text, not about whole definitions
        assert [found.message for found in load(document).diagnostics] == []


def test_what_explain_shows_as_right_is_part_of_what_is_right():
    for example in EXAMPLES.values():
        wanted = [line.strip() for line in example.shown.splitlines()]
        assert [
            line for line in wanted if line not in map(str.strip, example.right.splitlines())
        ] == []


def test_explain_shows_the_wrong_one_as_check_would_and_the_right_one(run):
    ran = run("explain", "e201")

    assert ran.code == 0
    assert ran.out.startswith("E201: a target that is no state")
    assert "error[E201]: state `tlak` does not exist" in ran.out
    assert ran.out.endswith("  states:\n    rate: {task: {to: manager}, then: talk}\n")


def test_a_code_without_an_example_is_explained_in_words(run):
    ran = run("explain", "E101")

    assert ran.code == 0
    assert "Check the name of the file" in ran.out


def test_explain_without_a_code_lists_all(run):
    assert [line[:4] for line in run("explain").out.splitlines()] == sorted(MEANINGS)
    assert [one["code"] for one in run("explain", "--format", "json").data] == sorted(MEANINGS)


def test_an_unknown_code_is_told(run):
    ran = run("explain", "E1O4")

    assert ran.code == 1
    assert ran.err == "There is no code E1O4. `tenure explain` lists all there are.\n"
