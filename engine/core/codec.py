"""A snapshot as JSON-safe values and back, without loss: what the store keeps of a case.

Every answer reads and writes one, so it is short: what is empty is left out, and what always has
the same parts is a list of them.
"""

from collections.abc import Mapping
from typing import Any

from engine.core.instants import from_micros, to_micros
from engine.core.snapshot import (
    CaseFacts,
    Ending,
    Item,
    OpenTask,
    Pause,
    Snapshot,
    Subcase,
    Timer,
)


def encode(snapshot: Snapshot) -> dict[str, Any]:
    """Only dicts, lists, texts, numbers, booleans and None; instants are microseconds since 1970.

    Values of `data` and of answers are taken over as they are: JSON values already.
    """
    case = snapshot.case
    stored: dict[str, Any] = {
        "case": [case.id, case.subject, case.opened_by, to_micros(case.opened_at), case.key],
        "configuration": list(snapshot.configuration),
        "data": dict(snapshot.data),
    }
    if snapshot.outcome is not None:
        stored["outcome"] = snapshot.outcome
    if snapshot.visits:
        stored["visits"] = dict(snapshot.visits)
    if snapshot.endings:
        stored["endings"] = {
            place: [each.outcome, to_micros(each.at), each.by, dict(each.answers)]
            for place, each in snapshot.endings.items()
        }
    if snapshot.tasks:
        stored["tasks"] = {key: _from_task(each) for key, each in snapshot.tasks.items()}
    if snapshot.timers:
        stored["timers"] = {key: _from_timer(each) for key, each in snapshot.timers.items()}
    if snapshot.items:
        stored["items"] = {
            place: [[item.key, item.value, item.ended] for item in items]
            for place, items in snapshot.items.items()
        }
    if snapshot.subcases:
        stored["subcases"] = {
            key: [each.place, each.ended] for key, each in snapshot.subcases.items()
        }
    if snapshot.remembered:
        stored["remembered"] = {key: list(places) for key, places in snapshot.remembered.items()}
    if snapshot.owed:
        stored["owed"] = list(snapshot.owed)
    if snapshot.pauses:
        stored["pauses"] = [_from_pause(each) for each in snapshot.pauses]
    if snapshot.shelf:
        stored["shelf"] = {key: _from_timer(each) for key, each in snapshot.shelf.items()}
    return stored


def decode(stored: Mapping[str, Any]) -> Snapshot:
    """The snapshot that `encode` was given; KeyError for what is no snapshot."""
    number, subject, opened_by, opened_at, key = stored["case"]
    told = stored.get
    return Snapshot(
        case=CaseFacts(
            id=number,
            subject=subject,
            opened_by=opened_by,
            opened_at=from_micros(opened_at),
            key=key,
        ),
        outcome=told("outcome"),
        configuration=tuple(stored["configuration"]),
        data=stored["data"],
        visits=told("visits", {}),
        endings={place: _to_ending(each) for place, each in told("endings", {}).items()},
        tasks={key: _to_task(key, each) for key, each in told("tasks", {}).items()},
        timers={key: _to_timer(key, each) for key, each in told("timers", {}).items()},
        items={
            place: tuple(Item(key=key, value=value, ended=ended) for key, value, ended in items)
            for place, items in told("items", {}).items()
        },
        subcases={
            key: Subcase(key=key, place=place, ended=ended)
            for key, (place, ended) in told("subcases", {}).items()
        },
        remembered={key: tuple(places) for key, places in told("remembered", {}).items()},
        owed=tuple(told("owed", ())),
        pauses=tuple(_to_pause(each) for each in told("pauses", ())),
        shelf={key: _to_timer(key, each) for key, each in told("shelf", {}).items()},
    )


def _from_task(task: OpenTask) -> list[Any]:
    told = [
        task.place,
        task.side,
        list(task.owners),
        task.queue,
        to_micros(task.opened_at),
        None if task.due is None else to_micros(task.due),
        task.by_rule,
        task.reminded,
    ]
    if task.acting:
        return [*told, task.chosen, list(task.acting)]
    return told if task.chosen is None else [*told, task.chosen]


def _to_task(key: str, stored: list[Any]) -> OpenTask:
    place, side, owners, queue, opened_at, due, by_rule, reminded, *rest = stored
    return OpenTask(
        key=key,
        place=place,
        side=side,
        owners=tuple(owners),
        queue=queue,
        opened_at=from_micros(opened_at),
        due=None if due is None else from_micros(due),
        by_rule=by_rule,
        reminded=reminded,
        chosen=rest[0] if rest else None,
        acting=tuple(rest[1]) if len(rest) > 1 else (),
    )


def _from_timer(timer: Timer) -> list[Any]:
    return [timer.place, timer.rule, to_micros(timer.at), timer.count, to_micros(timer.since)]


def _to_timer(key: str, stored: list[Any]) -> Timer:
    place, rule, at, count, since = stored
    return Timer(
        key=key,
        place=place,
        rule=rule,
        at=from_micros(at),
        count=count,
        since=from_micros(since),
    )


def _from_pause(pause: Pause) -> list[Any]:
    until = None if pause.until is None else to_micros(pause.until)
    return [pause.reason, to_micros(pause.since), until]


def _to_pause(stored: list[Any]) -> Pause:
    reason, since, until = stored
    return Pause(
        reason=reason,
        since=from_micros(since),
        until=None if until is None else from_micros(until),
    )


def _to_ending(stored: list[Any]) -> Ending:
    outcome, at, by, answers = stored
    return Ending(outcome=outcome, at=from_micros(at), by=by, answers=answers)


decode_snapshot = decode  # for those who import it by name
