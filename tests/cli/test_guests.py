"""People from outside on the command line: named at a start and in an answer, and listed."""

from pathlib import Path

import pytest

PANEL = """\
process: panel
version: 1
subject: person
people: {manager: subject.manager}
data:
  first: {type: guest, from: start}
  rows: {type: table, required: false, columns: {who: guest}}
states:
  collect: {task: {to: manager, fields: [rows], title: Collect, due: 2 workdays}}
  ask: {task: {to: data.first, fields: {yes: yes_no}, title: Ask, due: 2 workdays}}
  closed: {end: done}
"""


@pytest.fixture
def panel(run, home: Path, tmp_path: Path) -> Path:
    (tmp_path / "panel.yaml").write_text(PANEL, "utf-8")
    assert run("publish", tmp_path / "panel.yaml", "--home", home).code == 0
    return home


def test_a_guest_is_named_at_the_start_and_found_by_the_address_later(run, panel):
    first = "first=Cara Doe <cara@example.net>"
    ran = run("start", "panel", "3", "--set", first, "--home", panel)
    again = run("start", "panel", "2", "--set", "first=CARA@example.net", "--home", panel)
    listed = run("people", "list", "cara", "--everybody", "--home", panel)

    assert (ran.code, ran.err) == (0, "")
    assert (again.code, again.err) == (0, "")
    assert "Cara Doe (guest, cara@example.net)" in listed.out
    assert listed.out.count("Cara Doe") == 1
    assert run("people", "list", "cara", "--home", panel).out == "Nobody is found.\n"


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ("first=Cara", "such as Ada Guest <ada@example.com>"),
        ("first=Cara <cara>", "First: “cara” is no e-mail address"),
    ],
)
def test_a_guest_who_cannot_be_reached_is_refused_with_the_way_out(run, panel, given, sentence):
    ran = run("start", "panel", "3", "--set", given, "--home", panel)

    assert ran.code == 1
    assert sentence in ran.err


def test_a_table_names_guests_and_employees_alike(run, panel):
    run("start", "panel", "3", "--set", "first=Cara Doe <cara@example.net>", "--home", panel)
    task = run("tasks", "--home", panel, "--format", "json").data[0]
    by = task["owners"][0]["name"]
    rows = 'rows=[{"who": "Eli <eli@example.net>"}, {"who": "3"}]'
    ran = run("answer", task["public_id"], "--by", by, "--set", rows, "--home", panel)

    assert (ran.code, ran.err) == (0, "")
    asked = run("tasks", "--home", panel, "--format", "json").data[0]
    assert [one["name"] for one in asked["owners"]] == ["Cara Doe"]
    told = run("history", "PAN-0001", "--home", panel).out
    assert "“Ask” was opened for Cara Doe" in told
    listed = run("people", "list", "eli", "--everybody", "--home", panel).out
    assert "Eli (guest, eli@example.net)" in listed
