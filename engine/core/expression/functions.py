"""The functions an author may call: what they take, what they give, and how CEL spells them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from types import MappingProxyType
from typing import Final

from engine.core.expression.kinds import (
    ANY,
    BOOL,
    DATE,
    DATETIME,
    DURATION,
    NUMBER,
    TEXT,
    Type,
    list_of,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Signature:
    name: str
    # the types it takes; of a method, the first is what stands before the dot
    parameters: tuple[Type, ...]
    # the type it gives
    result: Type
    # the same call in CEL: {0}, {1} … are the parameters
    cel: str
    # written after a dot: text.trim()
    method: bool
    # positions of parameters that CEL wants as whole numbers
    whole: frozenset[int] = frozenset()
    # needs the calendar of the case
    calendar: bool = False


_LIST: Final = list_of(ANY)
_NUMBERS: Final = list_of(NUMBER)
_TEXTS: Final = list_of(TEXT)

# Where several signatures take a value of unknown type, the first gives the spelling in CEL: its
# function has an implementation for each of them and chooses when it runs.
_PLAIN: Final[tuple[tuple[str, tuple[Type, ...], Type, str], ...]] = (
    ("string", (NUMBER,), TEXT, "text({0})"),
    ("string", (TEXT,), TEXT, "text({0})"),
    ("string", (BOOL,), TEXT, "text({0})"),
    ("string", (DATETIME,), TEXT, "text({0})"),
    ("string", (DATE,), TEXT, "date_text({0})"),
    ("number", (TEXT,), NUMBER, "number({0})"),
    ("number", (NUMBER,), NUMBER, "number({0})"),
    ("int", (NUMBER,), NUMBER, "whole({0})"),
    ("round", (NUMBER,), NUMBER, "round({0})"),
    ("round", (NUMBER, NUMBER), NUMBER, "round({0}, {1})"),
    ("abs", (NUMBER,), NUMBER, "abs({0})"),
    ("date", (TEXT,), DATE, "date({0})"),
    ("date", (DATETIME,), DATE, "date({0})"),
    ("date", (DATE,), DATE, "date({0})"),
    ("datetime", (TEXT,), DATETIME, "datetime({0})"),
    ("duration", (TEXT,), DURATION, "duration({0})"),
    ("days", (DURATION,), NUMBER, "days({0})"),
    ("days", (NUMBER,), DURATION, "days({0})"),
    ("hours", (DURATION,), NUMBER, "hours({0})"),
    ("hours", (NUMBER,), DURATION, "hours({0})"),
    ("add_days", (DATE, NUMBER), DATE, "add_days({0}, {1})"),
    ("year", (DATE,), NUMBER, "year({0})"),
    ("year", (DATETIME,), NUMBER, "year({0})"),
    ("month", (DATE,), NUMBER, "month({0})"),
    ("month", (DATETIME,), NUMBER, "month({0})"),
    ("day", (DATE,), NUMBER, "day({0})"),
    ("day", (DATETIME,), NUMBER, "day({0})"),
    ("weekday", (DATE,), NUMBER, "weekday({0})"),
    ("weekday", (DATETIME,), NUMBER, "weekday({0})"),
    ("add_workdays", (DATE, NUMBER), DATE, "add_workdays({0}, {1}, calendar)"),
    ("workdays_between", (DATE, DATE), NUMBER, "workdays_between({0}, {1}, calendar)"),
    ("mean", (_NUMBERS,), NUMBER, "mean({0})"),
    ("mean", (_LIST, TEXT), NUMBER, "mean({0}, {1})"),
    ("sum", (_NUMBERS,), NUMBER, "sum({0})"),
    ("sum", (_LIST, TEXT), NUMBER, "sum({0}, {1})"),
    ("min", (_NUMBERS,), NUMBER, "least({0})"),
    ("min", (_LIST, TEXT), NUMBER, "least({0}, {1})"),
    ("max", (_NUMBERS,), NUMBER, "greatest({0})"),
    ("max", (_LIST, TEXT), NUMBER, "greatest({0}, {1})"),
    ("count_where", (_LIST, TEXT, ANY), NUMBER, "count_where({0}, {1}, {2})"),
)

_METHODS: Final[tuple[tuple[str, tuple[Type, ...], Type, str], ...]] = (
    ("startsWith", (TEXT, TEXT), BOOL, "{0}.startsWith({1})"),
    ("endsWith", (TEXT, TEXT), BOOL, "{0}.endsWith({1})"),
    ("contains", (TEXT, TEXT), BOOL, "{0}.contains({1})"),
    ("matches", (TEXT, TEXT), BOOL, "{0}.matches({1})"),
    ("lowerAscii", (TEXT,), TEXT, "{0}.lowerAscii()"),
    ("upperAscii", (TEXT,), TEXT, "{0}.upperAscii()"),
    ("trim", (TEXT,), TEXT, "{0}.trim()"),
    ("charAt", (TEXT, NUMBER), TEXT, "{0}.charAt({1})"),
    ("substring", (TEXT, NUMBER), TEXT, "{0}.substring({1})"),
    ("substring", (TEXT, NUMBER, NUMBER), TEXT, "{0}.substring({1}, {2})"),
    ("indexOf", (TEXT, TEXT), NUMBER, "double({0}.indexOf({1}))"),
    ("lastIndexOf", (TEXT, TEXT), NUMBER, "double({0}.lastIndexOf({1}))"),
    ("split", (TEXT, TEXT), _TEXTS, "{0}.split({1})"),
    # of ours, because CEL's own may grow a text without bound
    ("replace", (TEXT, TEXT, TEXT), TEXT, "replaced({0}, {1}, {2})"),
    ("join", (_TEXTS,), TEXT, 'joined({0}, "")'),
    ("join", (_TEXTS, TEXT), TEXT, "joined({0}, {1})"),
)


def _signatures() -> Iterator[Signature]:
    for name, parameters, result, cel in _PLAIN:
        yield Signature(
            name=name,
            parameters=parameters,
            result=result,
            cel=cel,
            method=False,
            calendar="workdays" in name,
        )
    for name, parameters, result, cel in _METHODS:
        whole = frozenset(at for at, taken in enumerate(parameters) if taken is NUMBER)
        yield Signature(
            name=name, parameters=parameters, result=result, cel=cel, method=True, whole=whole
        )


FUNCTIONS: Final[Mapping[str, tuple[Signature, ...]]] = MappingProxyType(
    {name: tuple(group) for name, group in groupby(_signatures(), key=lambda s: s.name)}
)
AGGREGATES: Final = frozenset({"mean", "sum", "min", "max", "count_where"})
# loops: written list.exists(name, condition)
MACROS: Final = frozenset({"exists", "all", "exists_one", "filter", "map"})
OPTIONALS: Final = frozenset({"orValue", "hasValue", "value"})
ALL_NAMES: Final = (*FUNCTIONS, *sorted(MACROS), *sorted(OPTIONALS), "size", "has")

# What authors write who know another language: the sentence of help.
ELSEWHERE: Final[Mapping[str, str]] = MappingProxyType(
    {
        "len": "Write size(…).",
        "length": "Write size(…).",
        "count": 'Write size(…), or count_where(list, "field", value).',
        "avg": "Write mean(…).",
        "average": "Write mean(…).",
        "timestamp": 'Write date("2027-01-31") or datetime("2027-01-31T09:00").',
        "double": "Write number(…).",
        "str": "Write string(…).",
        "float": "Write number(…).",
        "bool": "A condition needs no conversion.",
        "now": "Write now, without brackets: it is a value, the same all through one step.",
        "today": "Write today, without brackets: it is a value, the same all through one step.",
        "any": "Write list.exists(x, condition).",
        "lower": "Write text.lowerAscii().",
        "upper": "Write text.upperAscii().",
        "strip": "Write text.trim().",
        "startswith": "Write text.startsWith(…).",
        "endswith": "Write text.endsWith(…).",
        "format": "Write a text with {{ }} placeholders instead.",
        "getFullYear": "Write year(…).",
        "getMonth": "Write month(…), which counts from 1.",
        "getDate": "Write day(…).",
        "getDayOfMonth": "Write day(…).",
        "getDayOfWeek": "Write weekday(…): Monday is 1, Sunday is 7.",
        "isEmpty": "Write size(…) == 0.",
        "optMap": "Write has(field) ? … : …",
    }
)
