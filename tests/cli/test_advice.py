"""What analytics found, told and run again at a terminal."""

import sqlite3

import pytest

SPANS = """\
process: spans
version: 1
subject: none
states:
  look: {advise: {run: span_of_control, to: {role: head-of-hr}, title: Look at the spans}}
  closed: {end: done}
"""


@pytest.fixture
def asked(run, home, tmp_path):
    file = tmp_path / "spans.yaml"
    file.write_text(SPANS)
    assert run("publish", file, "--home", home).code == 0
    assert run("start", "spans", "--home", home).code == 0
    return home


def test_findings_are_told_and_found_again(run, asked):
    ran = run("advice", "spa-0001", "--home", asked)

    assert ran.code == 0
    assert "span_of_control version 1, 4 rows: run again, it finds the same" in ran.out
    assert "Bob Ray has 2 direct reports, which is few." in ran.out


def test_an_input_that_was_altered_is_told(run, asked):
    with sqlite3.connect(asked / "tenure.db") as database:
        database.execute(
            "UPDATE event_private SET payload = replace(payload, 'Sales', 'Seals') "
            "WHERE payload LIKE '%span%' OR payload LIKE '%\"findings\"%'"
        )
    ran = run("advice", "SPA-0001", "--home", asked)

    assert ran.code == 1
    assert "NOT the input that was hashed" in ran.out


def test_an_unknown_case_is_refused(run, asked):
    assert "There is no case SPA-0009." in run("advice", "SPA-0009", "--home", asked).err
