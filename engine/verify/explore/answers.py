"""What people may answer, as far as it makes a difference: one set of answers for each."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice, product
from math import prod
from typing import Any, Final

from engine.core.form import Field, FieldType
from engine.verify.explore.relevance import Relevance
from engine.verify.names import AnswerRead, FieldRead, Read
from engine.verify.terms import ABSENT

MOST_SETS: Final = 24  # of answers to one form
FIRST_DAY: Final = date(2027, 1, 4)  # where a scenario begins that names no day
_LISTED: Final = ("una", "vic")  # who is named where a form asks for people
_GUEST: Final = "gus"  # and where it asks for a guest
_PEOPLE: Final = (FieldType.PEOPLE, FieldType.PERSON, FieldType.GUEST)
_TEXT: Final = "As we agreed. "


@dataclass(frozen=True, kw_only=True, slots=True)
class Answers:
    """Sets of answers to one form."""

    sets: tuple[Mapping[str, Any], ...]
    every: bool  # False: there are too many to try each with each


def answers_for(
    relevance: Relevance, fields: Iterable[Field], state: int, shared: frozenset[str] | None
) -> Answers:
    """For a form of a state; `shared` None: the questions at the start of a case."""
    options: dict[str, tuple[Any, ...]] = {}
    for number, each in enumerate(fields):
        if each.type is FieldType.COMPUTED:
            continue
        own = shared is not None and each.name not in shared
        read = AnswerRead(state=state, name=each.name) if own else FieldRead(name=each.name)
        options[each.name] = tuple(_options(relevance, each, read, number))
    total = prod(len(found) for found in options.values())
    if total <= MOST_SETS:
        return Answers(sets=tuple(map(_without_absent, _all(options))), every=True)
    first = {name: found[0] for name, found in options.items()}
    one_by_one = ({**first, name: value} for name, found in options.items() for value in found)
    told = [*one_by_one, *islice(_all(options), MOST_SETS)]
    sets = {repr(each): each for each in map(_without_absent, told)}
    return Answers(sets=tuple(sets.values()), every=False)


def _all(options: Mapping[str, tuple[Any, ...]]) -> Iterator[dict[str, Any]]:
    for chosen in product(*options.values()):
        yield dict(zip(options, chosen, strict=True))


def _without_absent(answers: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in answers.items() if value is not ABSENT}


def _options(relevance: Relevance, asked: Field, read: Read | None, number: int) -> Iterator[Any]:
    key = None if read is None else relevance.keys.get(read)
    told = () if key is None else relevance.values.get(key, ())
    found = 0
    for value in told:
        if value is ABSENT:
            continue
        answer = _fitting(asked, value)
        if answer is not None:
            found += 1
            yield answer
    if not found:
        yield plain_answer(asked, number)
    may_be_empty = not asked.required or asked.required_if is not None
    if may_be_empty and (ABSENT in told or asked.type in _PEOPLE):
        yield ABSENT


def _fitting(asked: Field, value: Any) -> Any:
    """The value as an answer to this question; None if it cannot be one."""
    low, high = asked.min, asked.max
    match asked.type:
        case FieldType.YES_NO:
            return value if isinstance(value, bool) else None
        case FieldType.CHOICE:
            return value if value in asked.options else None
        case FieldType.SCALE | FieldType.INTEGER | FieldType.NUMBER | FieldType.PERCENT:
            if isinstance(value, bool) or not isinstance(value, int | float):
                return None
            whole = asked.type in (FieldType.SCALE, FieldType.INTEGER)
            if whole and value != int(value):
                return None
            return (
                value if (low is None or value >= low) and (high is None or value <= high) else None
            )
        case FieldType.DATE if isinstance(value, int | float) and 1 < value < date.max.toordinal():
            return date.fromordinal(int(value)).isoformat()
        case FieldType.TEXT | FieldType.LONGTEXT if isinstance(value, str):
            fits = len(value) >= (low or 1) and (high is None or len(value) <= high)
            return value if fits else None
        case _:
            return None


def plain_answer(asked: Field, number: int = 0) -> Any:
    """Any answer that the form takes."""
    low = int(asked.min or 0)
    match asked.type:
        case FieldType.TEXT | FieldType.LONGTEXT:
            return _text(low, asked.max)
        case FieldType.INTEGER | FieldType.SCALE | FieldType.NUMBER | FieldType.PERCENT:
            return _number(asked)
        case FieldType.MONEY:
            return {"amount": f"{max(low, 1)}.00", "currency": "EUR"}
        case FieldType.DATE:
            return (FIRST_DAY + timedelta(days=28 + 14 * number)).isoformat()
        case FieldType.DATETIME:
            day = FIRST_DAY + timedelta(days=28 + 14 * number)
            return f"{day.isoformat()}T09:00:00+00:00"
        case FieldType.YES_NO:
            return True
        case FieldType.CHOICE:
            return asked.options[0]
        case FieldType.CHOICES:
            return list(asked.options[: max(low, 1)])
        case FieldType.PERSON:
            return _LISTED[0]
        case FieldType.GUEST:
            return _GUEST
        case FieldType.PEOPLE:
            most = int(asked.max) if asked.max is not None else max(low, 2)
            some = (*_LISTED, *(f"guest{n}" for n in range(3, low + 1)))
            return list(some[: min(max(low, 2), max(most, 1))])
        case FieldType.FILE:
            return {"name": "paper.pdf", "size": 1, "sha256": "0" * 64}
        case FieldType.TABLE:
            row = {
                column.name: plain_answer(column)
                for column in asked.columns
                if column.type is not FieldType.COMPUTED
            }
            return [row] * max(low, 1)
        case FieldType.ATTEST:
            return {"name": "Ann", "at": f"{FIRST_DAY.isoformat()}T09:00:00+00:00"}
        case FieldType.COMPUTED:
            return None


def _text(low: int, high: float | None) -> str:
    text = (_TEXT * (low // len(_TEXT) + 1)).strip().ljust(low, ".")
    return text if high is None else text[: max(1, int(high))]


def _number(asked: Field) -> float:
    default = 1 if asked.type is FieldType.SCALE else 0
    value = asked.min if asked.min is not None else default
    if asked.max is not None and value > asked.max:
        value = asked.max
    return int(value) if value == int(value) else value
