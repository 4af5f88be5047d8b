"""Shipped processes are sound, played everywhere, and have a page that says what is so.

`TENURE_WRITE_DOCS=1 pytest tests/definitions` draws the diagrams and writes the facts anew.
"""

import math
import os
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import pytest

from analytics.insight import EVENTS, FIELDS, PROCESSES, RECORDS
from engine.core.chart import (
    Action,
    Definition,
    EmitSignal,
    PauseClock,
    SaveRecord,
    Shape,
    TriggerKind,
)
from engine.diagram import picture, svg
from engine.loader import Loaded, load_text
from engine.scenarios import play_all
from engine.verify import verify

ROOT = Path(__file__).parents[2]
NAMES = sorted(path.stem for path in ROOT.glob("definitions/*.yaml"))
PAGES = ROOT / "docs" / "processes"
BEGIN, END = "<!-- facts -->", "<!-- end of facts -->"
_ABOUT = {"person": "a person", "position": "a position", "none": "no one person"}
WRITE = bool(os.environ.get("TENURE_WRITE_DOCS"))

CARRIED = {  # what figures read of an event, beside the person
    "candidate.applied": "source",
    "notice.given": "cause",
    "pay.decided": "cycle",
    "person.started": "start_date",
    "plan.agreed": "occasion",
    "review.submitted": "rater",
}
LINES, AS_WIDE = 210, 150  # of a file that is read in one go; a wider line counts as several
MORE_IF_WIDE = 30
LONGER = {"improvement-plan": 240, "pcer-year": 230}  # not to grow any more

every_process = pytest.mark.parametrize("name", NAMES)


@cache
def loaded(name: str) -> Loaded:
    return load_text((ROOT / "definitions" / f"{name}.yaml").read_bytes(), f"{name}.yaml")


@cache
def definition(name: str) -> Definition:
    found = loaded(name).definition
    assert found is not None, loaded(name).diagnostics
    return found


@every_process
def test_a_shipped_process_has_nothing_to_be_told_about(name):
    assert loaded(name).diagnostics == ()
    assert verify(loaded(name)) == ()


@every_process
def test_the_tests_of_a_shipped_process_come_by_everything(name):
    report = play_all(loaded(name))

    assert [result for result in report.results if result.failure] == []
    assert report.coverage.states_missed == ()
    assert report.coverage.transitions_missed == ()


@every_process
def test_a_person_can_read_the_file(name):
    """Every line above `tests:` counts, also comments and empty ones.

    What does not fit is a process of its own, and not a wider line.
    """
    text = (ROOT / "definitions" / f"{name}.yaml").read_text("utf-8")
    lines = text.partition("\ntests:\n")[0].split("\n")
    rows = sum(max(1, math.ceil(len(line) / AS_WIDE)) for line in lines)

    assert len(lines) <= LONGER.get(name, LINES)
    assert rows <= LONGER.get(name, LINES) + MORE_IF_WIDE


@every_process
def test_the_diagram_on_the_page_is_that_of_the_definition(name):
    drawn = svg(picture(definition(name))).rstrip("\n") + "\n"
    path = PAGES / f"{name}.svg"
    if WRITE:
        path.write_text(drawn, "utf-8")

    assert path.read_text("utf-8") == drawn
    assert f"({name}.svg)" in (PAGES / f"{name}.md").read_text("utf-8")


@every_process
def test_the_facts_on_the_page_are_those_of_the_definition(name):
    assert written(PAGES / f"{name}.md", facts(definition(name))) == facts(definition(name))


def test_the_list_of_processes_is_complete():
    rows = ["| process | what it is for |", "|---|---|"]
    for name in NAMES:
        found = definition(name)
        rows.append(f"| [{found.title}]({name}.md) | {found.description} |")
    table = "\n".join(rows)

    assert written(PAGES / "README.md", table) == table


def test_who_waits_for_an_event_of_another_shipped_process_reads_only_what_it_says():
    """The joints: a name that only one side knows would leave cases waiting for ever."""
    said = {
        emit.event: set(emit.body)
        for name in NAMES
        for emit in of_kind(EmitSignal, definition(name))
    }
    wrong = [
        (name, event, path)
        for name in NAMES
        for event, path in event_reads(definition(name))
        if event in said and path not in said[event]
    ]

    assert wrong == []
    assert {"review.submitted", "calibration.published"} <= {
        event for name in NAMES for event in awaited(definition(name))
    } & said.keys()


# --- what insight reads ---


def test_what_insight_reads_is_left_behind_by_a_shipped_process():
    """Else a figure would say for ever that there is nothing."""
    told = {one.event for name in NAMES for one in of_kind(EmitSignal, definition(name))}
    told |= {
        action.event
        for name in NAMES
        for state in definition(name).states
        for action in state.undo
        if isinstance(action, EmitSignal)
    }
    kept = {one.kind for name in NAMES for one in of_kind(SaveRecord, definition(name))}
    kept |= {rule.save.kind for name in NAMES for rule in definition(name).records}

    assert {*PROCESSES} - {*NAMES} == set()
    assert {*EVENTS} - told == set()
    assert {*RECORDS} - kept == set()


@pytest.mark.parametrize("process", FIELDS)
def test_the_fields_that_insight_reads_are_there(process):
    assert {*FIELDS[process]} - definition(process).data.keys() == set()


@pytest.mark.parametrize("event", CARRIED)
def test_an_event_carries_what_insight_reads_of_it(event):
    bodies = [
        {*one.body} for name in NAMES for one in of_kind(EmitSignal, definition(name))
        if one.event == event
    ]  # fmt: skip

    assert all({"person", CARRIED[event]} <= body for body in bodies)
    assert bodies


def test_the_steps_and_the_occasion_that_insight_reads_are_there():
    assert any(state.id == "act" for state in definition("exit").states)
    assert any(state.id == "coach" for state in definition("pcer-year").states)
    assert "after a complaint" in definition("development-plan").data["occasion"].options


# --- what a page says ---


def written(page: Path, wanted: str) -> str:
    """What stands between the marks of a page."""
    before, _, rest = page.read_text("utf-8").partition(BEGIN)
    found, _, after = rest.partition(END)
    if WRITE:
        page.write_text(f"{before}{BEGIN}\n\n{wanted}\n\n{END}{after}", "utf-8")
        return wanted
    return found.strip()


def facts(found: Definition) -> str:
    given = [name for name, field in found.data.items() if field.from_start]
    ends = [s.outcome for s in found.states if s.shape is Shape.FINAL and s.parent == 0]
    rows = {
        "About": _ABOUT[found.subject],
        "One open case per": ", ".join(found.key or ()),
        "Who takes part": _words(found.people),
        "Given at the start": _words(given),
        "Hears": _words(awaited(found)),
        "Tells other processes": _words(emit.event for emit in of_kind(EmitSignal, found)),
        "Leaves records": _words(
            [*(rule.save.kind for rule in found.records)]
            + [save.kind for save in of_kind(SaveRecord, found)]
        ),
        "Ends as": _words(str(end) for end in ends),
    }
    table = [f"| {what} | {value} |" for what, value in rows.items() if value]
    return "\n".join(["| | |", "|---|---|", *table])


def awaited(found: Definition) -> Iterator[str]:
    for state in found.states:
        if state.wait is not None:
            yield state.wait.signal
        for way in state.transitions:
            if way.trigger.kind is TriggerKind.SIGNAL and "." in way.trigger.name:
                yield way.trigger.name
            yield from (each.until for each in way.actions if isinstance(each, PauseClock))


def of_kind(kind: type, found: Definition) -> list:
    return [action for action in _actions(found) if isinstance(action, kind)]


def event_reads(found: Definition) -> Iterator[tuple[str, str]]:
    """Each event that is waited for, with each first word that is read of it."""
    for state in found.states:
        for way in state.transitions:
            if way.trigger.kind is TriggerKind.SIGNAL:
                exprs = [way.condition, *(getattr(a, "value", None) for a in way.actions)]
                yield from ((way.trigger.name, word) for word in _of_event(exprs))
        if state.wait is not None:
            exprs = [state.wait.match, *(getattr(a, "value", None) for a in state.completion)]
            yield from ((state.wait.signal, word) for word in _of_event(exprs))


def _of_event(exprs: Iterable) -> Iterator[str]:
    for expr in exprs:
        for path in () if expr is None else expr.reads:
            if path[0] == "event" and len(path) > 1:
                yield path[1]


def _actions(found: Definition) -> Iterator[Action]:
    for state in found.states:
        yield from (*state.entry, *state.exit, *state.completion)
        for way in state.transitions:
            yield from way.actions


def _words(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in dict.fromkeys(names))
