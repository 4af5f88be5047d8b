"""`tenure diff`, `plan`, `migrate` and what `publish` says, as somebody at a terminal meets them."""

import json

import pytest

PEOPLE = (
    "number,name,email,manager,location,country,zone,queues\n"
    "1,Cy Boss,cy@example.com,,Berlin,DE,Europe/Berlin,it-desk\n"
    "2,Bob Ray,bob@example.com,1,Berlin,,,\n"
    "3,Ann Lee,ann@example.com,2,Berlin,,,\n"
    "4,Dan Fox,dan@example.com,2,Berlin,,,\n"
)
REVIEW = """\
process: review
version: 1
subject: person
people: {manager: subject.manager}
data:
  year: {type: text, from: start}
  rating: {type: scale, min: 1, max: 5}
states:
  rate: {task: {to: manager, fields: [rating], due: 5 workdays, title: "Rate {{ subject.name }}"}}
  kit:  {task: {to: {queue: it-desk}, title: Take the laptop back}}
  closed: {end: done}
"""
TWO = (
    REVIEW.replace("version: 1", "version: 2")
    .replace("  kit:", "  equipment:")
    .replace("due: 5 workdays", "due: 2 workdays")
)
RULE = "migrate:\n  from 1: {states: {kit: equipment}, timers: recompute}\n"


@pytest.fixture
def home(run, tmp_path):
    """People, and a process without cases."""
    folder = tmp_path / "home"
    (tmp_path / "people.csv").write_text(PEOPLE)
    (tmp_path / "one.yaml").write_text(REVIEW)
    assert run("people", "import", tmp_path / "people.csv", "--home", folder).code == 0
    assert run("publish", tmp_path / "one.yaml", "--home", folder).code == 0
    return folder


@pytest.fixture
def two(run, home, tmp_path):
    """Two running cases, one at `kit`, and a file with a version that has no `kit`."""
    for number in ("3", "4"):
        assert run("start", "review", number, "--set", "year=2026", "--home", home).code == 0
    told = run("tasks", "--home", home, "--format", "json").data
    task = next(one["public_id"] for one in told if one["case"] == "REV-0001")
    assert run("answer", task, "--by", "2", "--set", "rating=3", "--home", home).code == 0
    file = tmp_path / "review.yaml"
    file.write_text(TWO + RULE)
    return file


def test_a_difference_is_told_of_files_and_of_published_versions(run, home, two):
    ran = run("diff", "review@1", two, "--home", home)
    data = run("diff", "review@1", two, "--home", home, "--format", "json").data

    assert ran.code == 0
    assert ran.out.startswith("review  version 1 → 2\n")
    assert "  ~ state  rate: due 5 → 2 workdays\n" in ran.out
    assert "  ~ state  kit → equipment: has another name\n" in ran.out
    assert (data["from"], data["to"], data["patch"]) == (1, 2, False)
    assert {"sign": "~", "what": "state", "name": "rate", "says": "due 5 → 2 workdays"}.items() <= (
        next(one for one in data["changes"] if one["name"] == "rate").items()
    )


def test_a_version_that_is_not_published_has_no_difference(run, home, two):
    ran = run("diff", "review@7", two, "--home", home)

    assert (ran.code, ran.err) == (1, "No version 7 of review is published.\n")


def test_a_plan_names_the_case_without_a_place_and_what_to_write(run, home, two, tmp_path):
    two.write_text(two.read_text().replace(RULE, ""))
    ran = run("plan", two, "--save", tmp_path / "plan.json", "--home", home)

    assert ran.code == 1
    assert "  - state  kit (1 running case in it)\n" in ran.out
    assert "2 running cases\n  ✓ 1 move, nothing changes\n  ✗ 1 no place to go\n" in ran.out
    assert "error[E601]: 1 running case in `kit` cannot move" in ran.out
    assert "  = cases: REV-0001\n" in ran.out
    assert "{from 1: {states: {kit: equipment}}}   or   {kit: stay}" in ran.out
    assert ran.err.endswith("is not written: 1 running case would have no place in version 2.\n")
    assert not (tmp_path / "plan.json").exists()


def test_a_misspelt_old_state_is_shown_where_it_stands(run, home, two):
    two.write_text(two.read_text().replace("{kit: equipment}", "{kitt: equipment}"))
    ran = run("plan", two, "--home", home)

    assert ran.code == 1
    assert "error[E602]: version 1 had no state `kitt`" in ran.out
    assert "^^^^ did you mean `kit`?" in ran.out


def test_plan_publish_and_migrate_come_to_the_same_counts(run, home, two, tmp_path):
    plan = tmp_path / "plan.json"
    planned = run("plan", two, "--save", plan, "--home", home)
    early = run("migrate", plan, "--home", home)
    published = run("publish", two, "--home", home)
    moved = run("migrate", plan, "--home", home)
    again = run("migrate", plan, "--home", home, "--format", "json").data

    assert "  ✓ 1 state renamed\n  ! 1 deadline comes closer\n" in planned.out
    assert "Mail this plan would send: 0 now, 0 reminders would move.\n" in planned.out
    assert planned.out.endswith(f"Plan saved: {plan}\n")
    assert early.code == 1
    assert early.err.startswith("Version 2 of review is not published yet")
    assert "  2 cases run on under older versions; `tenure plan " in published.out
    assert (moved.code, moved.out) == (0, "2 cases of review run under version 2.\n")
    assert again["counts"] == {"before": 2}
    assert "OK" in run("verify", "--home", home).out
    told = run("history", "REV-0001", "--home", home).out
    assert "The case went from version 1 of its process to version 2: “Kit” is called" in told


def test_a_plan_as_data_has_every_case_and_the_counts(run, home, two):
    data = run("plan", two, "--home", home, "--format", "json").data

    assert data["counts"] == {"renamed": 1, "closer": 1}
    assert [case["case"] for case in data["cases"]] == ["REV-0001", "REV-0002"]


def test_cases_that_were_opened_since_the_plan_are_counted(run, home, two, tmp_path):
    plan = tmp_path / "plan.json"
    run("plan", two, "--save", plan, "--home", home)
    run("start", "review", "2", "--set", "year=2026", "--home", home)
    run("publish", two, "--home", home)

    ran = run("migrate", plan, "--home", home)

    assert "  ! 1 case that the plan does not know run under an older version\n" in ran.out


def test_other_texts_alone_are_shown_as_soon_as_they_are_published(run, home, two):
    texts = REVIEW.replace("version: 1", "version: 2").replace(
        "title: Take the laptop back", "title: Fetch the laptop"
    )
    two.write_text(texts)
    told = run("diff", "review@1", two, "--home", home)
    ran = run("publish", two, "--home", home)

    assert "title “Take the laptop back” → “Fetch the laptop”" in told.out
    assert told.out.endswith(
        "Only texts differ: running cases show them as soon as the version is published.\n"
    )
    assert ran.out.endswith("only its texts are new: 2 running cases show them now\n")
    assert "Fetch the laptop" in run("tasks", "--home", home).out


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (REVIEW, "is no plan. `tenure plan FILE --save"),
        (json.dumps({"format": "tenure plan 1"}), "was changed by hand or cut off"),
    ],
    ids=["a definition", "half a plan"],
)
def test_what_is_no_plan_is_said_in_a_sentence(run, home, tmp_path, text, says):
    file = tmp_path / "plan.json"
    file.write_text(text)
    ran = run("migrate", file, "--home", home)

    assert ran.code == 1
    assert says in ran.err


def test_a_plan_of_a_published_version_wants_its_text(run, home, two):
    run("publish", two, "--home", home)
    two.write_text(two.read_text() + "# another\n")

    ran = run("plan", two, "--home", home)

    assert ran.code == 1
    assert ran.err.startswith("Version 2 of review is published with another text.")
