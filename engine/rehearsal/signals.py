"""Signals between cases, those that the directory sends, and those that come from elsewhere."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from engine.core.effects import OpenIncident
from engine.core.events import SignalArrived
from engine.core.places import ROOT
from engine.core.questions import known_place
from engine.core.snapshot import Place
from engine.core.step import step
from engine.rehearsal.behaviour import at_work, chance, dice
from engine.rehearsal.bodies import body_for
from engine.rehearsal.cases import DIRECTORY, Case, Play, Signal
from engine.rehearsal.values import Drawing
from engine.service.signals import PERSON_LEFT, RANK_OPERATION, RANK_SIGNAL

_AWAITED = (2, 15)  # working days after which an awaited event from elsewhere comes
_UNASKED = (1, 60)  # the same for one that a state only listens to


def raise_signal(
    play: Play, name: str, body: Mapping[str, Any], to: str | None, sender: str = DIRECTORY
) -> None:
    """Kept for who comes to wait for it, delivered to who waits now, heard by what it starts."""
    signal = Signal(number=len(play.kept), name=name, body=body, to=to, at=play.now, sender=sender)
    play.kept.append(signal)
    play.kept_as[name].append(signal)
    if play.company or sender != DIRECTORY:  # else each part of a cohort would count it anew
        play.tally.raised[sender, name] += 1
    for case in tuple(play.waiting[name].values()):
        if to is None or to in (case.key, case.name, case.subject):
            _deliver(play, case, signal)
    if play.company:  # after what else the same step wrote, such as a record
        play.plan(play.now, RANK_SIGNAL, lambda play: play.hear(play, signal))


def forget_departure(play: Play, person: str) -> None:
    """Who is back has not left: a case that begins now must not hear of it any more."""
    play.kept_as[PERSON_LEFT] = [
        replace(signal, to="") if signal.to == person else signal
        for signal in play.kept_as[PERSON_LEFT]
    ]


def wait_for(play: Play, case: Case) -> None:
    """What the case came to wait for: what was kept is delivered, the rest may come by itself."""
    if not case.process.version.signals:
        return
    before, case.waits = case.waits, _waits(case)
    for name in {name for _, name in before}:
        play.waiting[name].pop(case.name, None)
    for name in {name for _, name in case.waits}:
        play.waiting[name][case.name] = case
    for place, name in sorted(case.waits - before):
        for signal in play.kept_as[name]:
            if _is_for(play, signal, case):
                _deliver(play, case, signal)
        if name not in play.processes.sent and not (
            place == ROOT and name in _ends_of_pauses(case)
        ):
            _expect(play, case, place, name)
    stood, case.stands_until = case.stands_until, _stands_until(case)
    for name in sorted(case.stands_until - stood - play.processes.sent):
        _expect(play, case, ROOT, name, awaited=True)


def _ends_of_pauses(case: Case) -> frozenset[str]:
    return frozenset(each.until for each in case.process.chart.pauses.values())


def _stands_until(case: Case) -> frozenset[str]:
    """The events that would let the case's clock go on."""
    pauses = case.process.chart.pauses
    open_ones = (each.reason for each in case.standing.pauses if each.until is None)
    return frozenset(pauses[reason].until for reason in open_ones)


def _waits(case: Case) -> frozenset[tuple[Place, str]]:
    if case.standing.outcome is not None:
        return frozenset()
    version = case.process.version
    found = {("", name) for name in version.signals.get(0, ())}
    for place in case.standing.configuration:
        for name in version.signals.get(version.index_of(place), ()):
            found.add((place, name))
    return frozenset(found)


def _is_for(play: Play, signal: Signal, case: Case) -> bool:
    """As the service looks: since the case began and for it, or for its very key and untaken."""
    if case.key is not None and signal.to == case.key and signal.number not in play.taken:
        return True
    return signal.at >= case.opened_at and signal.to in (None, case.name, case.subject)


def _deliver(play: Play, case: Case, signal: Signal) -> None:
    rank = RANK_OPERATION if signal.name == PERSON_LEFT else RANK_SIGNAL

    def arrive(play: Play) -> None:
        held = case.held is not None and rank != RANK_OPERATION
        if held or case.standing.outcome is not None or signal.number in case.heard:
            return
        event = SignalArrived(name=signal.name, body=signal.body, at=play.now)
        if play.take(play, case, event):
            case.heard.add(signal.number)
            play.taken.add(signal.number)
            play.tally.joints[signal.sender, signal.name, case.process.name] += 1
            if signal.name == PERSON_LEFT and case.standing.outcome is not None:
                play.tally.moved[play.day]["cases ended"] += 1

    play.plan(play.now, rank, arrive)


def _answers(play: Play, case: Case, event: SignalArrived) -> bool:
    """Whether every condition has an answer; what we left out must not look like their fault."""
    done = step(case.process.definition, case.snapshot, event, play.now, play.facts)
    return not any(isinstance(each, OpenIncident) and each.blocking for each in done.effects)


def _expect(play: Play, case: Case, place: Place, name: str, *, awaited: bool = False) -> None:
    """An event that no definition given here sends: it comes by itself, or does not."""
    state = case.process.state(place) if place != ROOT else case.process.definition.states[0]
    awaited = awaited or (state.wait is not None and state.wait.signal == name)
    visit = case.standing.visits.get(place, 0)
    nth = (len(case.standing.pauses),) if case.standing.pauses else ()  # it may be paused again
    rolled = dice(play.seed, case.name, place, visit, name, *nth)
    if not chance(play.behaviour.signals if awaited else play.behaviour.happens, rolled):
        return
    calendar = play.facts.calendar(None)
    days = rolled.randint(*(_AWAITED if awaited else _UNASKED))
    at = at_work(calendar, play.day, days, play.now, rolled)
    expected = (known_place(case.process.chart, place) if place else place, name)
    case.expected.add(expected)

    def arrive(play: Play) -> None:
        case.expected.discard(expected)
        there = place == ROOT or place in case.standing.configuration
        still = there and case.standing.visits.get(place, 0) == visit
        if case.held is not None or case.standing.outcome is not None or not still:
            return
        draw = Drawing(
            rolled=rolled,
            behaviour=play.behaviour,
            hints=case.process.hints,
            people=play.people,
            but=frozenset(),
            by={},
            now=play.now,
            data=case.standing.data,
        )
        node = case.process.node(place) if place != ROOT else case.process.chart.nodes[0]
        body = body_for(play, case, node, name, draw)
        event = SignalArrived(name=name, body=body, at=play.now)
        fitted = _answers(play, case, event) and play.take(play, case, event)
        counted = play.tally.invented if fitted else play.tally.unfit
        counted[case.process.name, name] += 1

    play.plan(at, RANK_SIGNAL, arrive)
