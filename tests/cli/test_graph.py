"""`tenure graph` of a file, a published process and a case."""

import json
import xml.etree.ElementTree as ET

import pytest


@pytest.fixture
def case(run, home):
    ran = run("start", "review", "Ann Lee", "--set", "year=2026", "--home", home)
    assert ran.code == 0, ran.err
    return ran.out.split()[0]


def states(ran):
    return {state["id"]: state for state in ran.data["states"]}


def test_a_published_process_is_drawn_by_its_name(run, home):
    ran = run("graph", "review", "--home", home)

    assert ran.code == 0
    assert ran.out.startswith("Review\n  Rate - task, manager")


def test_a_case_is_marked_on_its_process(run, home, case):
    told = run("graph", "--case", case.lower(), "--home", home)
    drawn = run("graph", "review", "--case", case, "--format", "svg", "--home", home)
    mermaid = run("graph", "--case", case, "--format", "mermaid", "--home", home)

    assert "> Rate - task" in told.out
    assert "▶ ✎ Rate" in [one.text for one in ET.fromstring(drawn.out).iter()]
    assert "class s_rate here" in mermaid.out


def test_counts_show_where_cases_are_and_how_long_they_wait(run, home, case, review):
    told = run("graph", "review", "--counts", "--home", home)
    of_file = run("graph", review, "--counts", "--format", "json", "--home", home)

    assert "Rate (1 open, waits 0 of " in told.out
    assert states(of_file)["rate"]["open"] == 1
    assert states(of_file)["rate"]["target"] > 5
    assert states(of_file)["kit"]["open"] == 0


def test_data_for_programs_goes_into_a_file_too(run, review, tmp_path):
    assert run("graph", review, "--format", "json", "--out", tmp_path / "g.json").code == 0
    written = json.loads((tmp_path / "g.json").read_text("utf-8"))

    assert {"from": "rate", "to": "kit", "label": "submit", "back": False} in written["ways"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "Name what to draw: a file, a published process, or --case and its name."),
        (("reviw",), "No process `reviw` is published here, and there is no such file."),
        (("--case", "REV-9"), "There is no case REV-9. `tenure cases --status all` lists them."),
        (("review", "--case", "REV-1", "--counts"), "Choose one: --case marks a single case"),
    ],
)
def test_what_cannot_be_drawn_is_said_in_a_sentence(run, home, words, said):
    ran = run("graph", *words, "--home", home)

    assert (ran.code, ran.out) == (1, "")
    assert said in ran.err


def test_a_case_of_another_process_is_not_drawn_on_this_one(run, home, case):
    ran = run("graph", "laptop", "--case", case, "--home", home)

    assert ran.code == 1
    assert f"{case} is a case of `review`, not of `laptop`." in ran.err
