"""What a rehearsal showed, in the order in which people ask."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from statistics import median
from typing import Any

from engine.rehearsal.behaviour import Behaviour
from engine.rehearsal.joints import (
    Joint,
    Silent,
    Unheard,
    joints_of,
    silent_of,
    unheard_of,
    ways_of,
)
from engine.rehearsal.load import Load, Mail, load_of, mail_of
from engine.rehearsal.run import Setup
from engine.rehearsal.standing import Standing
from engine.rehearsal.tally import Noted, Noteds, Tally
from engine.scenarios import Coverage, coverage_of


@dataclass(frozen=True, kw_only=True, slots=True)
class Ending:
    """Cases that ended with one outcome; days from start to end."""

    outcome: str
    cases: int
    shortest: float
    median: float
    longest: float


@dataclass(frozen=True, kw_only=True, slots=True)
class ProcessPart:
    """One definition in the rehearsal."""

    process: str
    version: int
    title: str
    started: int
    ways: Mapping[str, int]  # what started how many, the commonest first
    open_already: int  # starts that came to nothing, because a case of the same key was open
    endings: tuple[Ending, ...]  # the commonest first
    open: int  # at the end
    coverage: Coverage


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """Something that happened to some cases."""

    process: str
    where: str  # a state, or several; empty: the case as a whole
    kind: str  # Standing, the code of an incident, or what it is about
    why: str  # a sentence
    cases: int  # how often; of incidents how many
    first: date
    examples: tuple[str, ...]  # names of cases


@dataclass(frozen=True, kw_only=True, slots=True)
class ChangeDay:
    """One day of the changes file and what the cases made of it."""

    day: date
    joins: int
    returns: int
    changes: int
    leaves: int
    told: int  # cases that looked again at their owners
    handed: int  # tasks that found other owners
    nobody: int  # tasks that found none
    ended: int  # cases of who left, which ended by that


@dataclass(frozen=True, kw_only=True, slots=True)
class Report:
    """Everything that is told; lists begin with what matters most."""

    seed: int
    first: date
    last: date
    people: int  # who works here on the first day
    behaviour: Behaviour
    company: bool  # whether processes were begun as `starts:` says
    steps: int  # macrosteps
    processes: tuple[ProcessPart, ...]
    refused: tuple[Finding, ...]  # cases that could not begin
    stuck: tuple[Finding, ...]  # nothing moves them any more
    unanswered: tuple[Finding, ...]  # somebody does not answer, and nothing follows from that
    under_way: tuple[Finding, ...]  # they would have gone on after the last day
    rounds: tuple[Finding, ...]  # places to which a case came again and again
    incidents: tuple[Finding, ...]
    load: Load
    mail: Mail
    escalations: int
    handed: Mapping[str, int]  # tasks handed over, by reason
    answers: Mapping[str, int]  # in time, late, no due date
    drafts: Mapping[str, int]  # begun, handed over, lost
    withdrawn: int
    calls: Mapping[str, int]
    records: Mapping[str, int]
    changes: tuple[ChangeDay, ...]
    strays: tuple[Finding, ...]  # open tasks of somebody who left
    made_up: Mapping[str, int]  # events and sub-cases that nothing given here sends or starts
    unfit: Mapping[str, int]  # events that were made up and fitted nowhere
    unanswerable: tuple[Finding, ...]  # pages for which no answers were found
    joints: tuple[Joint, ...]  # events that went from one process to another
    unheard: tuple[Unheard, ...]  # events that nobody took
    silent: tuple[Silent, ...]  # rules of `starts:` that started nothing

    @property
    def sound(self) -> bool:
        """Whether every case began, none is stuck, and nobody who left owns anything."""
        return not (self.refused or self.stuck or self.strays or self.unanswerable)


def report_of(setup: Setup, tally: Tally) -> Report:
    home = setup.home
    roster = setup.timeline.rosters[0]
    standing = tuple(_standing(tally))
    of_kind = {kind: tuple(f for f in standing if f.kind == kind) for kind in Standing}
    return Report(
        seed=setup.seed,
        first=setup.first.date(),
        last=setup.until.date(),
        people=sum(1 for one in roster.people.values() if one["active"]),
        behaviour=setup.behaviour,
        company=setup.company is not None,
        steps=tally.steps,
        processes=tuple(_process(setup, tally, name) for name in setup.processes.by_name),
        refused=tuple(_findings(tally.refused, "refused")),
        stuck=of_kind[Standing.STUCK],
        unanswered=of_kind[Standing.UNANSWERED],
        under_way=of_kind[Standing.UNDER_WAY],
        rounds=tuple(_rounds(tally)),
        incidents=tuple(_incidents(tally)),
        load=load_of(tally, setup.timeline, home),
        mail=mail_of(tally, setup.timeline, home),
        escalations=sum(n for (kind, _), n in tally.letters.items() if kind == "escalation"),
        handed=_sorted(tally.handed),
        answers=_sorted(tally.answers),
        drafts=_sorted(tally.drafts),
        withdrawn=tally.withdrawn,
        calls=_sorted(_named(tally.calls)),
        records=_sorted(_named(tally.records)),
        changes=tuple(_changes(setup, tally)),
        strays=tuple(_findings(tally.strays, "stray")),
        made_up=_sorted(_made_up(tally)),
        unfit=_sorted(_named(tally.unfit)),
        unanswerable=tuple(_findings(tally.unanswerable, "unanswerable")),
        joints=joints_of(tally),
        unheard=unheard_of(setup.processes, tally),
        silent=() if setup.company is None else silent_of(setup.processes, tally),
    )


def _process(setup: Setup, tally: Tally, name: str) -> ProcessPart:
    definition = setup.processes.by_name[name].definition
    ended = {outcome: days for (of, outcome), days in tally.ended.items() if of == name}
    endings = [
        Ending(
            outcome=outcome,
            cases=len(days),
            shortest=round(min(days), 1),
            median=round(median(days), 1),
            longest=round(max(days), 1),
        )
        for outcome, days in ended.items()
    ]
    started = tally.started[name]
    visited = {state for of, state in tally.entered if of == name}
    taken = {(state, trigger, row) for of, state, trigger, row in tally.taken if of == name}
    return ProcessPart(
        process=name,
        version=definition.version,
        title=definition.title,
        started=started,
        ways=ways_of(tally, name),
        open_already=sum(n for (of, _), n in tally.open_already.items() if of == name),
        endings=tuple(sorted(endings, key=lambda one: (-one.cases, one.outcome))),
        open=started - sum(one.cases for one in endings),
        coverage=coverage_of(definition, visited, taken),
    )


def _standing(tally: Tally) -> Iterator[Finding]:
    for key, noted in _by_count(tally.standing):
        process, kind, where, why = key
        yield _finding(process, where, kind, why, noted)


def _findings(noteds: Noteds, kind: str) -> Iterator[Finding]:
    for key, noted in _by_count(noteds):
        process, where = (*key, "")[:2]
        yield _finding(process, where, kind, noted.said[1] if noted.said else "", noted)


def _incidents(tally: Tally) -> Iterator[Finding]:
    for key, noted in _by_count(tally.incidents):
        process, code, where, blocking = key
        said = noted.said[1] if noted.said else ""
        stops = " The case stops there." if blocking else ""
        yield _finding(process, where, code, f"{said}{stops}", noted)


def _rounds(tally: Tally) -> Iterator[Finding]:
    for key, noted in _by_count(tally.rounds):
        process, place = key
        most = tally.most_rounds[process, place]
        yield _finding(process, place, "round", f"one case came here {most:,} times", noted)


def _finding(process: str, where: str, kind: str, why: str, noted: Noted) -> Finding:
    assert noted.first is not None
    return Finding(
        process=process,
        where=where,
        kind=str(kind),
        why=why,
        cases=noted.count,
        first=noted.first.date(),
        examples=tuple(name for _, name in noted.examples),
    )


def _by_count(noteds: Noteds) -> list[tuple[Any, Noted]]:
    return sorted(noteds.of.items(), key=lambda entry: (-entry[1].count, str(entry[0])))


def _changes(setup: Setup, tally: Tally) -> Iterator[ChangeDay]:
    for moves in setup.timeline.moves:
        if moves.day > setup.until.date():
            continue
        counts: Counter[str] = tally.moved.get(moves.day, Counter())
        yield ChangeDay(
            day=moves.day,
            joins=moves.joins,
            returns=moves.returns,
            changes=moves.changes,
            leaves=moves.leaves,
            told=counts["cases told"],
            handed=counts["handed over"],
            nobody=counts["nobody found"],
            ended=counts["cases ended"],
        )


def _made_up(tally: Tally) -> Counter[str]:
    found: Counter[str] = Counter()
    for (process, event), count in tally.invented.items():
        found[f"the event `{event}` for {process}"] += count
    for (process, parent), count in tally.stand_ins.items():
        found[f"a case of `{process}` for {parent}"] += count
    return found


def _named(counts: Counter[tuple[str, str]]) -> Counter[str]:
    return Counter({f"{process}: {name}": count for (process, name), count in counts.items()})


def _sorted(counts: Counter[str]) -> dict[str, int]:
    return dict(sorted(counts.items(), key=lambda entry: (-entry[1], entry[0])))
