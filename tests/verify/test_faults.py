"""Every seeded fault is found in its line, and nothing else is; shipped definitions are silent."""

import re
from pathlib import Path

import pytest

from engine.loader import load_text
from engine.verify import VERIFY_CODES, verify

HERE = Path(__file__).parent
FAULTS = sorted((HERE / "faults").glob("*.yaml"))
SOUND = sorted((HERE / "sound").glob("*.yaml"))
SHIPPED = sorted((HERE.parents[1] / "definitions").glob("*.yaml"))
_MARK = re.compile(r"#! (?P<code>[EW]\d+)$")


def marked(source: str) -> set[tuple[int, str]]:
    """Line and code of each fault, as its file says."""
    return {
        (number, mark["code"])
        for number, line in enumerate(source.splitlines(), 1)
        if (mark := _MARK.search(line))
    }


@pytest.mark.parametrize("fault", FAULTS, ids=lambda path: path.stem)
def test_a_seeded_fault_is_found_in_its_line(fault):
    source = fault.read_text("utf-8")
    found = verify(load_text(source, fault.name))

    assert {(one.span.line, one.code) for one in found} == marked(source)


def test_each_code_has_a_seeded_fault():
    assert {code for path in FAULTS for _, code in marked(path.read_text("utf-8"))} == set(
        VERIFY_CODES
    )


@pytest.mark.parametrize("shipped", [*SHIPPED, *SOUND], ids=lambda path: path.stem)
def test_a_sound_definition_is_silent(shipped):
    found = verify(load_text(shipped.read_text("utf-8"), shipped.name))

    assert [one.message for one in found] == []


def test_a_gap_is_told_with_values_that_fall_through():
    source = (HERE / "faults" / "gap-between-two-fields.yaml").read_text("utf-8")
    (found,) = verify(load_text(source, "gap.yaml"))

    assert found.message == 'no row of this table fits when rating = 1, grade = "L4"'


def test_what_does_not_load_is_told_as_the_loader_tells_it():
    loaded = load_text("process: a\nversion: 1\nstates: {ask: {task: {to: nobody}}}\n", "a.yaml")

    assert verify(loaded) == loaded.diagnostics
    assert loaded.definition is None
