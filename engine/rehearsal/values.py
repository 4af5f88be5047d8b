"""Answers that a form takes, drawn from the types of its fields."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, assert_never

from engine.core.form import Field, FieldType, Form
from engine.rehearsal.behaviour import Behaviour, chance
from engine.rehearsal.hints import Hints

_SENTENCE = "A rehearsed answer, made up by the program. "
KEEP = 80  # percent of fields that somebody filled before and the next one leaves as they are
_WHENCE = 85  # percent of people asked for who are among those that a condition looks at
_AHEAD = 60  # days that a made-up date lies ahead at most
_TO_START = (20, 120)  # the same for a date that a case is started with


@dataclass(frozen=True, kw_only=True, slots=True)
class Drawing:
    """Everything that values are drawn from."""

    rolled: random.Random
    behaviour: Behaviour
    hints: Hints
    people: Sequence[str]  # ids of who works here
    but: frozenset[str]  # who is not named: whoever answers, and whom the case is about
    by: Mapping[str, Any]  # who answers
    now: datetime
    data: Mapping[str, Any]  # of the case
    keep: float = KEEP


def answers(form: Form, data: Mapping[str, Any], draw: Drawing) -> dict[str, Any]:
    """One person's answers to a page; what stands in the case file is mostly left as it is."""
    found: dict[str, Any] = {}
    for field in form.fields:
        if field.type is FieldType.COMPUTED:
            continue
        if field.name in form.shared and field.name in data and chance(draw.keep, draw.rolled):
            found[field.name] = data[field.name]
        elif field.required or field.required_if or chance(draw.behaviour.optional, draw.rolled):
            found[field.name] = value(field, draw)
    return found


def value(field: Field, draw: Drawing) -> Any:
    """A value that the field takes."""
    rolled = draw.rolled
    match field.type:
        case FieldType.TEXT | FieldType.LONGTEXT:
            return _text(field, draw)
        case FieldType.INTEGER | FieldType.SCALE:
            return _whole(field, draw)
        case FieldType.NUMBER:
            return _number(field, draw, 0, 100)
        case FieldType.PERCENT:
            return _number(field, draw, 0, 1)
        case FieldType.MONEY:
            amount = _near(field, draw) or rolled.randint(100, 100_000)
            return {"amount": f"{max(0, amount):.2f}", "currency": "EUR"}
        case FieldType.DATE:
            return (draw.now + _later(field, rolled)).date().isoformat()
        case FieldType.DATETIME:
            return (draw.now + _later(field, rolled)).isoformat(timespec="seconds")
        case FieldType.YES_NO:
            return rolled.random() < 0.5
        case FieldType.CHOICE:
            return rolled.choice(field.options)
        case FieldType.CHOICES:
            return _some(field, field.options, rolled)
        case FieldType.PERSON:
            return next(iter(_people(field, 1, draw)), str(draw.by.get("id", "")))
        case FieldType.PEOPLE:
            return _people(field, _count(field, 3, rolled), draw)
        case FieldType.FILE:
            return {"id": "rehearsed", "name": "made-up.pdf", "size": 1_000, "sha256": "0" * 64}
        case FieldType.TABLE:
            return [_row(field, draw) for _ in range(_count(field, 3, rolled))]
        case FieldType.ATTEST:
            at = draw.now.isoformat(timespec="seconds")
            return {"name": str(draw.by.get("name") or "Somebody"), "at": at}
        case FieldType.COMPUTED:
            return None
        case _:
            assert_never(field.type)


def _text(field: Field, draw: Drawing) -> str:
    compared = draw.hints.texts.get(field.name)
    if compared and draw.rolled.random() < 0.7:
        return draw.rolled.choice(compared)
    least = int(field.min or 1)
    text = (_SENTENCE * (least // len(_SENTENCE) + 1)).strip().ljust(least, ".")
    return text if field.max is None else text[: int(field.max)]


def _whole(field: Field, draw: Drawing) -> int:
    near = _near(field, draw)
    if near is not None:
        return int(near)
    low = int(field.min) if field.min is not None else 0
    high = int(field.max) if field.max is not None else low + 100
    return draw.rolled.randint(low, max(low, high))


def _number(field: Field, draw: Drawing, low: float, high: float) -> float:
    near = _near(field, draw)
    if near is not None:
        return near
    least = field.min if field.min is not None else low
    most = field.max if field.max is not None else max(least, high)
    drawn = round(draw.rolled.uniform(least, most), 2)
    return min(max(drawn, least), most)


def _near(field: Field, draw: Drawing) -> float | None:
    """A number at, just below or just above one that a condition compares with; mostly none."""
    compared = draw.hints.numbers.get(field.name)
    if not compared or draw.rolled.random() < 0.5:
        return None
    found = draw.rolled.choice(compared) + draw.rolled.choice((-1, 0, 1))
    low = field.min if field.min is not None else found
    high = field.max if field.max is not None else found
    return min(max(found, low), high)


def _later(field: Field, rolled: random.Random) -> timedelta:
    least, most = _TO_START if field.from_start else (0, _AHEAD)
    return timedelta(days=rolled.randint(least, most))


def _count(field: Field, usual: int, rolled: random.Random) -> int:
    least = int(field.min) if field.min is not None else 1
    most = int(field.max) if field.max is not None else max(least, usual)
    return rolled.randint(least, max(least, min(most, least + usual)))


def _some(field: Field, among: Sequence[str], rolled: random.Random) -> list[str]:
    return rolled.sample(among, min(len(among), _count(field, 3, rolled)))


def _people(field: Field, count: int, draw: Drawing) -> list[str]:
    """Mostly of those among whom a condition looks for them; of a list nearly all."""
    found: list[str] = []
    if field.name in draw.hints.whence and chance(_WHENCE, draw.rolled):
        there = _there(draw.data, draw.hints.whence[field.name])
        known = [one for one in there if one in draw.people and one not in draw.but]
        if field.type is FieldType.PEOPLE:
            most = len(known) if field.max is None else int(field.max)
            found = [one for one in known if chance(_WHENCE, draw.rolled)][:most]
        elif known:
            found = [draw.rolled.choice(known)]
    many = min(len(draw.people), count + len(draw.but) + len(found))
    others = draw.rolled.sample(draw.people, many)
    more = [one for one in others if one not in draw.but and one not in found]
    return found if len(found) >= count else [*found, *more][:count]


def _there(data: Mapping[str, Any], path: Sequence[str]) -> list[str]:
    """The people under a path, such as `ratings`, `person`, each once."""
    found: list[Any] = [data]
    for step in path:
        inner = [one.get(step) for one in found if isinstance(one, Mapping)]
        found = [each for one in inner for each in (one if isinstance(one, list) else [one])]
    return list(dict.fromkeys(one for one in found if isinstance(one, str)))


def _row(table: Field, draw: Drawing) -> dict[str, Any]:
    return {
        column.name: value(column, draw)
        for column in table.columns
        if column.required or chance(draw.behaviour.optional, draw.rolled)
    }
