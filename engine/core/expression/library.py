"""The border to CEL: the one module that knows the library behind the expressions."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import count
from typing import Any, Final, Protocol

from cel_expr_python import cel
from cel_expr_python.ext import ext_optional, ext_strings

from engine.core.expression.computing import (
    AGGREGATE_FUNCTIONS,
    count_where,
    date_from,
    datetime_from,
    divided,
    instant_from,
    joined_texts,
    midnight,
    number_from,
    number_text,
    remainder,
    replaced,
    rounded,
    whole_days,
)

MAX_SLOTS: Final = 64
_DAY: Final = dt.timedelta(days=1)
_HOUR: Final = dt.timedelta(hours=1)
_TYPE = cel.Type


class Calendar(Protocol):
    """Whose working days count; given to an evaluation as `values["$calendar"]`."""

    def add_workdays(self, start: dt.date, days: int, /) -> dt.date: ...

    def workdays_between(self, start: dt.date, end: dt.date, /) -> int: ...


class Failure(Exception):  # noqa: N818
    """CEL has no answer; the message is the library's."""


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Library:
    """A CEL environment with slots `v0…` for values, `t0…` for instants, and our functions.

    It knows nothing of a scope, so that one serves every process.
    """

    # the library's own
    environment: Any
    # the calendars of the evaluations under way: CEL can only hand a text to a function
    calendars: dict[str, Calendar]
    # their keys: never the same twice, so that threads and cases do not meet
    keys: "count[int]"


def new_library() -> Library:
    """Takes about half a millisecond."""
    calendars: dict[str, Calendar] = {}
    variables = {f"v{n}": _TYPE.DYN for n in range(MAX_SLOTS)}
    variables |= {f"t{n}": _TYPE.TIMESTAMP for n in range(MAX_SLOTS)}
    variables |= {"zone": _TYPE.STRING, "calendar": _TYPE.STRING}
    environment = cel.NewEnv(
        variables=variables,
        extensions=[ext_strings.ExtStrings(), ext_optional.ExtOptional()],
        functions=_declarations(calendars),
    )
    return Library(environment=environment, calendars=calendars, keys=count())


def compiled(library: Library, source: str) -> Any:
    """The program of a CEL text; raises Failure with the library's words."""
    try:
        return library.environment.compile(source)
    except Exception as error:  # it raises RuntimeError, ValueError and UnicodeError
        raise Failure(str(error)) from error


def evaluated(program: Any, data: Mapping[str, Any]) -> Any:
    """The library's value; raises Failure also for an ERROR value, which is no exception there."""
    try:
        value = program.eval(None, data)
        result = value.value()
        failed = result.__class__ is str and value.type() == _TYPE.ERROR
    except Exception as error:  # the iteration budget, an unconvertible value
        raise Failure(str(error)) from error
    # An error's `value()` is a text: its type alone tells it from a text of the process.
    if failed:
        raise Failure(result)
    return result


def evaluated_with(
    library: Library, calendar: Calendar, program: Any, data: Mapping[str, Any]
) -> Any:
    """The same, with a calendar that counts for this evaluation alone."""
    key = str(next(library.keys))
    library.calendars[key] = calendar
    try:
        return evaluated(program, {**data, "calendar": key})
    finally:
        del library.calendars[key]


def plain(result: Any, budget: list[int]) -> Any:
    """Lists and records of the library's values as Python's own; raises Failure over the budget.

    Records are sorted by key: the library gives them in another order in every process.
    """
    if isinstance(result, cel.Value):
        try:
            result = result.value()
        except TypeError as error:  # an optional inside a list or a record
            raise Failure("it holds what may be empty; end it with `.orValue(…)`") from error
    if isinstance(result, list):
        budget[0] -= len(result)
        if budget[0] < 0:
            raise Failure("the result has too many entries")
        return [plain(item, budget) for item in result]
    if isinstance(result, dict):
        budget[0] -= len(result)
        if budget[0] < 0:
            raise Failure("the result has too many entries")
        return {key: plain(result[key], budget) for key in sorted(result)}
    return result


def _declarations(calendars: Mapping[str, Calendar]) -> list[Any]:
    def add_workdays(start: dt.datetime, days: float, calendar: str) -> dt.datetime:
        return midnight(calendars[calendar].add_workdays(start.date(), whole_days(days)))

    def workdays_between(start: dt.datetime, end: dt.datetime, calendar: str) -> float:
        return float(calendars[calendar].workdays_between(start.date(), end.date()))

    at, number, text = _TYPE.TIMESTAMP, _TYPE.DOUBLE, _TYPE.STRING
    flag, span, many = _TYPE.BOOL, _TYPE.DURATION, _TYPE.LIST
    taken: list[tuple[str, list[Any], Any, Callable[..., Any]]] = [
        ("divided", [number, number], number, divided),
        ("remainder", [number, number], number, remainder),
        ("text", [number], text, number_text),
        ("text", [text], text, lambda given: given),
        ("text", [flag], text, lambda given: "true" if given else "false"),
        ("text", [at], text, lambda given: f"{given:%Y-%m-%dT%H:%M:%S}"),
        ("date_text", [at], text, lambda given: given.date().isoformat()),
        ("number", [text], number, number_from),
        ("number", [number], number, lambda given: given),
        ("whole", [number], number, lambda given: float(int(given))),
        ("round", [number], number, lambda given: rounded(given, 0)),
        ("round", [number, number], number, rounded),
        ("abs", [number], number, abs),
        ("date", [text], at, lambda given: midnight(date_from(given))),
        ("date", [at], at, lambda given: midnight(given.date())),
        ("datetime", [text], at, datetime_from),
        ("instant", [text, text], at, instant_from),
        ("instant", [at, text], at, lambda given, _zone: given),
        ("days", [span], number, lambda given: given / _DAY),
        ("days", [number], span, lambda given: given * _DAY),
        ("hours", [span], number, lambda given: given / _HOUR),
        ("hours", [number], span, lambda given: given * _HOUR),
        ("add_days", [at, number], at, lambda start, days: start + whole_days(days) * _DAY),
        ("year", [at], number, lambda given: float(given.year)),
        ("month", [at], number, lambda given: float(given.month)),
        ("day", [at], number, lambda given: float(given.day)),
        ("weekday", [at], number, lambda given: float(given.isoweekday())),
        ("add_workdays", [at, number, text], at, add_workdays),
        ("workdays_between", [at, at, text], number, workdays_between),
        ("replaced", [text, text, text], text, replaced),
        ("joined", [many, text], text, joined_texts),
    ]
    for name, aggregate in AGGREGATE_FUNCTIONS.items():
        taken.append((name, [many], number, aggregate))
        taken.append((name, [many, text], number, aggregate))
    taken.extend(
        ("count_where", [many, text, kind], number, count_where) for kind in (number, text, flag)
    )
    by_name: dict[str, list[Any]] = {}
    for position, (name, parameters, result, implementation) in enumerate(taken):
        by_name.setdefault(name, []).append(
            cel.Overload(
                f"{name}_{position}",
                return_type=result,
                parameters=parameters,
                impl=implementation,
            )
        )
    return [cel.FunctionDecl(name, overloads) for name, overloads in by_name.items()]
