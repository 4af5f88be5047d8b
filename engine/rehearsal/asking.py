"""When people answer their tasks, and what they answer."""

from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from typing import Any

from engine.core.events import TaskAnswered, TaskClaimed
from engine.core.facts import Calendar
from engine.core.snapshot import OpenTask
from engine.rehearsal.behaviour import answers_at, at_work, back_on, chance, dice, nudged_at
from engine.rehearsal.cases import Case, Play
from engine.rehearsal.guests import enlisted
from engine.rehearsal.values import KEEP, Drawing, answers
from engine.service.signals import RANK_ANSWER

_TRIES = 5  # answers drawn before a page counts as one that takes none
_AS_BEFORE = 2  # times; who is asked the same more often answers differently
_DAY = timedelta(days=1)


def ask(play: Play, case: Case, task: OpenTask, people: tuple[str, ...]) -> None:
    """Everybody who has the task now has a plan; of a queue's members one will take it."""
    if not task.owners and task.queue is not None:
        taker = dice(play.seed, case.name, task.key, "queue")
        people = (taker.choice(people),) if people else ()
    for key, person in [each for each in case.plans if each[0] == task.key]:
        if person not in people:
            _drop(case, key, person)
    for person in people:
        if (task.key, person) not in case.plans:
            _plan(play, case, task, person)


def move(play: Play, case: Case, task: OpenTask, people: tuple[str, ...]) -> None:
    """The due date moved: who would have answered later than now plans anew."""
    for person in people:
        if (task.key, person) in case.planned:
            _plan(play, case, task, person)


def nudge(play: Play, case: Case, key: str) -> None:
    """An escalation told somebody about the task: who did not mean to answer may do so now."""
    task = case.standing.tasks.get(key)
    if task is None:
        return
    for person in task.owners:
        if (key, person) not in case.silent:
            continue
        rolled = dice(play.seed, case.name, key, person, "nudge", case.silent[key, person])
        case.silent[key, person] += 1
        if chance(play.behaviour.nudged, rolled):
            del case.silent[key, person]
            at = nudged_at(rolled, play.now, _calendar(play, person))
            _answer_at(play, case, key, person, at)


def forget(case: Case, key: str) -> None:
    """The task is closed."""
    for task, person in [each for each in case.plans if each[0] == key]:
        _drop(case, task, person)
    case.drafts.pop(key, None)
    case.titles.pop(key, None)


def _drop(case: Case, key: str, person: str) -> None:
    case.plans.pop((key, person), None)
    case.planned.pop((key, person), None)
    case.silent.pop((key, person), None)


def _plan(play: Play, case: Case, task: OpenTask, person: str) -> None:
    key = task.key
    case.plans[key, person] = case.plans.get((key, person), 0)
    rolled = dice(play.seed, case.name, key, person)
    if case.process.rules(task).optional and not chance(play.behaviour.optional, rolled):
        return
    at = answers_at(play.behaviour, rolled, play.now, task.due, _calendar(play, person))
    if at is None:
        case.silent[key, person] = 0
        return
    if at - play.now > _DAY and chance(play.behaviour.drafts, rolled):
        begun = play.now + (at - play.now) * rolled.uniform(0.2, 0.8)
        play.plan(begun, RANK_ANSWER, lambda play: _begin(play, case, key, person))
    _answer_at(play, case, key, person, at)


def _answer_at(play: Play, case: Case, key: str, person: str, at: datetime) -> None:
    calendar = _calendar(play, person)
    back = back_on(play.behaviour, play.seed, person, at.astimezone(calendar.zone).date())
    if back is not None:
        at = at_work(calendar, back, 0, at, dice(play.seed, case.name, key, person, "back"))
    number = case.plans[key, person] = case.plans[key, person] + 1
    case.planned[key, person] = at
    play.plan(at, RANK_ANSWER, lambda play: _answer(play, case, key, person, number))


def _begin(play: Play, case: Case, key: str, person: str) -> None:
    """A draft is saved; only its number is of interest, since the next writer finds it there."""
    if key in case.standing.tasks and (key, person) in case.planned and key not in case.drafts:
        case.drafts[key] = None
        play.tally.drafts["begun"] += 1


def _answer(play: Play, case: Case, key: str, person: str, number: int) -> None:
    if case.held is not None or case.plans.get((key, person)) != number:
        return
    task = case.standing.tasks.get(key)
    if task is None:
        return
    del case.planned[key, person]
    if not task.owners:
        play.take(play, case, TaskClaimed(task=key, by=person, at=play.now))
        task = case.standing.tasks.get(key)
        if task is None or person not in task.owners:
            return
    rolled = dice(play.seed, case.name, key, person, "answer")
    rules = case.process.rules(task)
    button = rules.buttons[0]
    if len(rules.buttons) > 1 and not chance(play.behaviour.first, rolled):
        button = rolled.choice(rules.buttons[1:])
    given = _given(play, case, task, person, rolled)
    if given is None:
        case.silent[key, person] = 0
        return
    given = enlisted(play, rules.form, given)
    answered = TaskAnswered(task=key, button=button, answers=given, by=person, at=play.now)
    play.take(play, case, answered)


def _given(
    play: Play, case: Case, task: OpenTask, person: str, rolled: Random
) -> dict[str, Any] | None:
    """Answers that the page takes; None, and a note, where none were found."""
    form = case.process.rules(task).form
    if form is None:
        return {}
    again = case.standing.visits.get(task.place, 0) > _AS_BEFORE
    draw = Drawing(
        rolled=rolled,
        behaviour=play.behaviour,
        hints=case.process.hints,
        people=play.people,
        but=frozenset({person, case.subject or person}),
        by=play.facts.person(person) or {"id": person},
        now=play.now,
        data=case.standing.data,
        keep=0 if again else KEEP,
    )
    people, data = play.facts.roster.people, case.standing.data
    faults: tuple[str, ...] = ()
    for number in range(_TRIES):
        # What stands there already may be what the page does not take.
        given = answers(form, data, draw if number < _TRIES // 2 else replace(draw, keep=0))
        faults = case.process.takes(form, given, data, people)
        if not faults:
            return given
    where = case.process.spoken(task.place)
    play.tally.unanswerable.note((case.process.name, where), case, play.now, faults[0])
    return None


def _calendar(play: Play, person: str) -> Calendar:
    known = play.facts.person(person) or {}
    return play.facts.calendar(known.get("location"))
