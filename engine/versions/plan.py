"""What becomes of one running case in a new version, in numbers that can be added up."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from engine.core.carried_timers import paired
from engine.core.chart import Definition
from engine.core.draft import index_of
from engine.core.effects import ClosedTask, HandedOver, MovedDue, OpenedTask, Remind, Tell
from engine.core.index import chart_of
from engine.core.migration import Moved, Stranded
from engine.core.places import timer_key
from engine.core.questions import known_place
from engine.core.snapshot import Place, Snapshot, Timer
from engine.core.time import TimerKind
from engine.core.ways import Stays


class Outcome(StrEnum):
    """The one thing about a case that matters most; the further down, the more it does."""

    SAME = "same"  # moves, and nothing about it changes
    RENAMED = "renamed"  # where it stands is called otherwise
    LATER = "later"  # a date goes further away
    CLOSER = "closer"  # a date comes closer
    OWNER = "owner"  # an open task goes to somebody else
    ANEW = "anew"  # something begins that it had not begun
    CLOSES = "closes"  # it is sent to an end
    STAYS = "stays"  # it ends under its old version
    STRANDED = "stranded"  # the new version has no place for it


@dataclass(frozen=True, kw_only=True, slots=True)
class Date:
    """A date of a case that moves."""

    what: str  # the place it belongs to
    was: datetime | None
    becomes: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class CasePlan:
    """What becomes of one case."""

    outcome: Outcome
    place: Place | None  # STAYS and STRANDED: because of this place
    why: str | None  # STRANDED: a clause
    places: tuple[tuple[Place, Place], ...]  # those that are others now, renamed or begun anew
    dates: tuple[Date, ...]  # due dates and ends of waits that move; not reminders
    past: bool  # one of these dates is over already
    mails: int  # letters that leave at once
    reminders: int  # that move
    at_once: int  # reminders and escalations that come due with it
    lost: tuple[str, ...]  # fields that the new version does not have

    def same_as(self, other: "CasePlan") -> bool:
        """Whether both say the same about the case, whatever time it is."""
        mine = (self.outcome, self.place, self.places, self.dates, self.mails, self.lost)
        return mine == (
            other.outcome,
            other.place,
            other.places,
            other.dates,
            other.mails,
            other.lost,
        )


def case_plan(
    old: Definition,
    new: Definition,
    snapshot: Snapshot,
    found: Moved | Stays | Stranded,
    now: datetime,
) -> CasePlan:
    match found:
        case Stays(place=place):
            return _standing_still(Outcome.STAYS, place, None)
        case Stranded(place=place, why=why):
            return _standing_still(Outcome.STRANDED, place, why)
        case Moved():
            pass
    pairs = list(_timers(old, new, snapshot, found))
    dates = (*_dues(new, snapshot, found), *_ends(new, pairs))
    known = {was.key for was, _ in pairs if was.at <= now}
    fires = [
        timer.key
        for timer in found.step.snapshot.timers.values()
        if timer.at <= now and _kind(new, timer) in (TimerKind.REMIND, TimerKind.LATE)
    ]
    return CasePlan(
        outcome=_outcome(found, dates),
        place=None,
        why=None,
        places=(*found.renamed, *found.anew),
        dates=dates,
        past=any(date.becomes is not None and date.becomes <= now for date in dates),
        mails=_mails(snapshot, found),
        reminders=sum(
            1
            for was, becomes in pairs
            if was.at != becomes.at and _kind(new, becomes) is TimerKind.REMIND
        ),
        at_once=max(0, len(fires) - len(known)),
        lost=found.lost,
    )


def _standing_still(outcome: Outcome, place: Place, why: str | None) -> CasePlan:
    return CasePlan(
        outcome=outcome,
        place=place,
        why=why,
        places=(),
        dates=(),
        past=False,
        mails=0,
        reminders=0,
        at_once=0,
        lost=(),
    )


def _outcome(found: Moved, dates: tuple[Date, ...]) -> Outcome:
    asked = found.step.effects
    if found.step.snapshot.outcome is not None:
        return Outcome.CLOSES
    if found.anew or found.left or any(isinstance(each, OpenedTask) for each in asked):
        return Outcome.ANEW
    if any(isinstance(each, HandedOver) for each in asked):
        return Outcome.OWNER
    if any(_comes_closer(date) for date in dates):
        return Outcome.CLOSER
    if dates:
        return Outcome.LATER
    return Outcome.RENAMED if found.renamed else Outcome.SAME


def _comes_closer(date: Date) -> bool:
    return date.becomes is not None and (date.was is None or date.becomes < date.was)


def _dues(new: Definition, snapshot: Snapshot, found: Moved) -> Iterator[Date]:
    for effect in found.step.effects:
        task = snapshot.tasks.get(effect.task) if isinstance(effect, MovedDue) else None
        after = found.step.snapshot.tasks.get(task.key) if task is not None else None
        if task is not None and after is not None:
            place = known_place(chart_of(new), after.place)
            yield Date(what=place, was=task.due, becomes=after.due)


def _ends(new: Definition, pairs: list[tuple[Timer, Timer]]) -> Iterator[Date]:
    """Dates at which a state would end by itself."""
    for was, becomes in pairs:
        if was.at != becomes.at and _kind(new, becomes) in (TimerKind.AFTER, TimerKind.UNTIL):
            place = known_place(chart_of(new), becomes.place)
            yield Date(what=place, was=was.at, becomes=becomes.at)


def _timers(
    old: Definition, new: Definition, snapshot: Snapshot, found: Moved
) -> Iterator[tuple[Timer, Timer]]:
    """Each timer that goes on, as it was and as it is."""
    before, after = chart_of(old), chart_of(new)
    ended = found.step.snapshot
    for place in dict.fromkeys(timer.place for timer in snapshot.timers.values()):
        to = found.kept.get(place)
        if to is None or to not in ended.configuration:
            continue
        rules = before.nodes[index_of(before, place)].state.timers
        pairs = paired(rules, after.nodes[index_of(after, to)].state.timers)
        mine = {each.rule: each for each in snapshot.timers.values() if each.place == place}
        for name, rule in pairs.items():
            becomes = ended.timers.get(timer_key(to, ended.visits[to], name))
            if rule.id in mine and becomes is not None:
                yield mine[rule.id], becomes


def _kind(new: Definition, timer: Timer) -> TimerKind:
    chart = chart_of(new)
    rules = chart.nodes[index_of(chart, timer.place)].state.timers
    return next(rule.kind for rule in rules if rule.id == timer.rule)


def _mails(snapshot: Snapshot, found: Moved) -> int:
    """Letters to people; a queue counts as one."""
    count = 0
    for effect in found.step.effects:
        match effect:
            case OpenedTask(task=task):
                count += len(task.owners) or (task.queue is not None)
            case HandedOver(task=task, before=before):
                count += len(set(task.owners) ^ set(before)) or (task.queue is not None)
            case ClosedTask(task=key) if key in snapshot.tasks:
                count += len(snapshot.tasks[key].owners)
            case Tell(to=to):
                count += len(to)
            case Remind():
                count += 1
            case _:
                pass
    return count
