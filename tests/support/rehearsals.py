"""A small firm, and rehearsals in it."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from engine.directory import Place
from engine.loader import load_text
from engine.rehearsal import (
    Report,
    Setup,
    Start,
    Tally,
    behaviour_of,
    processes_of,
    read_timeline,
    rehearse,
    report_of,
)

NOBODY = ("early=0", "due=0", "late=0", "never=100", "nudged=0")
EARLY = ("early=100", "due=0", "late=0", "never=0", "drafts=0")
MONDAY = date(2027, 1, 4)
FIRST = datetime(2027, 1, 4, 9, tzinfo=UTC)
PEOPLE = """\
number,name,email,manager,department,roles,queues
1,Cy,cy@firm.test,,Board,head-of-hr,
2,Bob,bob@firm.test,1,Sales,,desk
3,Ann,ann@firm.test,2,Sales,,
4,Dan,dan@firm.test,2,Sales,,desk
"""


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What came of a rehearsal."""

    setup: Setup
    tally: Tally
    report: Report


def setup_of(
    *definitions: str,
    people: str = PEOPLE,
    changes: str | None = None,
    subjects: tuple[str | None, ...] = ("3", "4"),
    behaviour: tuple[str, ...] = (),
    data: dict[str, Any] | None = None,
    days: int = 365,
    seed: int = 1,
    letters: int = 0,
) -> Setup:
    loaded = [load_text(text, "process.yaml") for text in definitions]
    wrong = [one.diagnostics for one in loaded if one.definition is None]
    assert wrong == []
    processes = processes_of([one.definition for one in loaded])
    timeline = read_timeline(people.encode(), None if changes is None else changes.encode(), MONDAY)
    starts = [
        (name, subject)
        for name in processes.roots
        for subject in (
            subjects if processes.by_name[name].definition.subject == "person" else (None,)
        )
    ]
    return Setup(
        processes=processes,
        timeline=timeline,
        cohort=tuple(
            Start(number=number, process=name, subject=subject, data=data or {}, at=FIRST)
            for number, (name, subject) in enumerate(starts, start=1)
        ),
        behaviour=behaviour_of(behaviour),
        seed=seed,
        first=FIRST,
        until=FIRST + timedelta(days=days),
        home=Place(country="", zone="UTC"),
        letters=letters,
    )


def seen(*definitions: str, **more: Any) -> Seen:
    setup = setup_of(*definitions, **more)
    tally = rehearse(setup)
    return Seen(setup=setup, tally=tally, report=report_of(setup, tally))
