"""A snapshot as JSON-safe dictionaries and back, without loss: what the store keeps of a case."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from engine.core.snapshot import (
    CaseFacts,
    Ending,
    Item,
    OpenTask,
    Snapshot,
    Subcase,
    Timer,
)


def encode(snapshot: Snapshot) -> dict[str, Any]:
    """Only dicts, lists, texts, numbers, booleans and None; instants are ISO 8601 texts.

    Values of `data` and of answers are taken over as they are: JSON values already.
    """
    case = snapshot.case
    return {
        "case": {
            "id": case.id,
            "subject": case.subject,
            "opened_by": case.opened_by,
            "opened_at": case.opened_at.isoformat(),
            "key": case.key,
        },
        "outcome": snapshot.outcome,
        "configuration": list(snapshot.configuration),
        "data": dict(snapshot.data),
        "visits": dict(snapshot.visits),
        "endings": {place: _from_ending(each) for place, each in snapshot.endings.items()},
        "tasks": {key: encode_task(each) for key, each in snapshot.tasks.items()},
        "timers": {key: encode_timer(each) for key, each in snapshot.timers.items()},
        "items": {
            place: [[item.key, item.value, item.ended] for item in items]
            for place, items in snapshot.items.items()
        },
        "subcases": {key: [each.place, each.ended] for key, each in snapshot.subcases.items()},
        "remembered": {key: list(places) for key, places in snapshot.remembered.items()},
    }


def decode(stored: Mapping[str, Any]) -> Snapshot:
    """The snapshot that `encode` was given; KeyError for what is no snapshot."""
    case = stored["case"]
    return Snapshot(
        case=CaseFacts(
            id=case["id"],
            subject=case["subject"],
            opened_by=case["opened_by"],
            opened_at=datetime.fromisoformat(case["opened_at"]),
            key=case["key"],
        ),
        outcome=stored["outcome"],
        configuration=tuple(stored["configuration"]),
        data=stored["data"],
        visits=stored["visits"],
        endings={place: _to_ending(each) for place, each in stored["endings"].items()},
        tasks={key: decode_task(each) for key, each in stored["tasks"].items()},
        timers={key: decode_timer(each) for key, each in stored["timers"].items()},
        items={
            place: tuple(Item(key=key, value=value, ended=ended) for key, value, ended in items)
            for place, items in stored["items"].items()
        },
        subcases={
            key: Subcase(key=key, place=place, ended=ended)
            for key, (place, ended) in stored["subcases"].items()
        },
        remembered={key: tuple(places) for key, places in stored["remembered"].items()},
    )


def encode_task(task: OpenTask) -> dict[str, Any]:
    return {
        "key": task.key,
        "place": task.place,
        "side": task.side,
        "owners": list(task.owners),
        "queue": task.queue,
        "opened_at": task.opened_at.isoformat(),
        "due": None if task.due is None else task.due.isoformat(),
        "by_rule": task.by_rule,
        "reminded": task.reminded,
    }


def decode_task(stored: Mapping[str, Any]) -> OpenTask:
    due = stored["due"]
    return OpenTask(
        key=stored["key"],
        place=stored["place"],
        side=stored["side"],
        owners=tuple(stored["owners"]),
        queue=stored["queue"],
        opened_at=datetime.fromisoformat(stored["opened_at"]),
        due=None if due is None else datetime.fromisoformat(due),
        by_rule=stored["by_rule"],
        reminded=stored["reminded"],
    )


def encode_timer(timer: Timer) -> dict[str, Any]:
    return {
        "key": timer.key,
        "place": timer.place,
        "rule": timer.rule,
        "at": timer.at.isoformat(),
        "count": timer.count,
        "since": timer.since.isoformat(),
    }


def decode_timer(stored: Mapping[str, Any]) -> Timer:
    return Timer(
        key=stored["key"],
        place=stored["place"],
        rule=stored["rule"],
        at=datetime.fromisoformat(stored["at"]),
        count=stored["count"],
        since=datetime.fromisoformat(stored["since"]),
    )


def _from_ending(ending: Ending) -> list[Any]:
    return [ending.outcome, ending.at.isoformat(), ending.by, dict(ending.answers)]


def _to_ending(stored: list[Any]) -> Ending:
    outcome, at, by, answers = stored
    return Ending(outcome=outcome, at=datetime.fromisoformat(at), by=by, answers=answers)


decode_snapshot = decode  # for those who import it by name
