"""What is fuzzed, and what must hold of any text: only our own errors, little time, little memory.

Used by `fuzz.py` with atheris for as long as you like, and by `test_targets.py` for a moment.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from engine.core.expression import (
    ANY,
    BOOL,
    DATE,
    NUMBER,
    TEXT,
    Environment,
    ExpressionFailed,
    ExpressionRefused,
    choice,
    list_of,
    person,
    record,
)
from engine.document import frame
from engine.loader import load_text
from engine.verify import judge, mend
from tenure.cli.examples import EXAMPLES

ROOT: Final = Path(__file__).parents[2]
MOST_SECONDS: Final = 5  # for one text, with the instruments of a fuzzer in every line
MOST_MEGABYTES: Final = 200  # of growth
_LONG: Final = 20_000  # characters of a definition: more would only be more of the same
_SHORT: Final = 4_000  # of one to begin with, so that there is time for many

_FIELDS: Final = {
    "rating": NUMBER,
    "why": TEXT,
    "level": choice("junior", "senior"),
    "remote": BOOL,
    "start_date": DATE,
    "peers": list_of(person()),
    "goals": list_of(record({"goal": TEXT, "due": DATE})),
}
_ENVIRONMENT: Final = Environment(
    {"data": record(_FIELDS), "subject": person(), "event": ANY, "now": DATE, **_FIELDS}
)
_DATA: Final[Mapping[str, Any]] = {
    "rating": 4,
    "why": "She shipped it \u2013 and “helped” others.",
    "level": "senior",
    "remote": True,
    "start_date": "2027-02-01",
    "peers": [{"id": "dan", "name": "Dan"}, {"id": "eve", "name": "Eve"}],
    "goals": [{"goal": "Ship it", "due": "2027-06-01"}],
}
_VALUES: Final[Mapping[str, Any]] = {
    "data": _DATA,
    "subject": {"id": "ann", "name": "Ann", "manager": {"id": "bob", "name": "Bob"}},
    "event": {"ratings": {"ann": 4}, "department": "Sales"},
    "now": "2027-01-04",
    **_DATA,
}


def loader(text: str) -> None:
    """A definition: read, loaded, proved, mended and drawn; never raises."""
    source = text[:_LONG]
    loaded = load_text(source, "fuzzed.yaml")
    for found in judge(loaded).diagnostics:
        frame(found, source, color=False, unicode=True)
        json.dumps(found.as_dict())
    mend(source, "fuzzed.yaml")


def expression(text: str) -> None:
    """An expression: compiled or refused, and then an answer or none."""
    try:
        compiled = _ENVIRONMENT.compile(text)
    except ExpressionRefused as refused:
        str(refused)
        return
    try:
        compiled.eval(_VALUES)
    except ExpressionFailed as failed:
        str(failed)


def placeholder(text: str) -> None:
    """A text with placeholders: compiled or refused, and then shown or not."""
    try:
        compiled = _ENVIRONMENT.template(text)
    except ExpressionRefused as refused:
        str(refused)
        return
    try:
        compiled.render(_VALUES)
    except ExpressionFailed as failed:
        str(failed)


TARGETS: Final[Mapping[str, Callable[[str], None]]] = MappingProxyType(
    {"loader": loader, "expression": expression, "placeholder": placeholder}
)


def seeds(target: str) -> Iterator[str]:
    """Texts to begin with."""
    definitions = [
        *(path.read_text("utf-8") for path in sorted((ROOT / "definitions").glob("*.yaml"))),
        *(path.read_text("utf-8") for path in sorted(ROOT.glob("tests/verify/*/*.yaml"))),
        *(each.wrong for each in EXAMPLES.values() if isinstance(each.wrong, str)),
        *(each.right for each in EXAMPLES.values()),
    ]
    if target == "loader":
        yield from (text for text in definitions if len(text) < _SHORT)
        return
    expressions = dict.fromkeys((*_written(definitions), *_FURTHER))
    if target == "expression":
        yield from expressions
        return
    yield from (f"A {{{{ {each} }}}} and {{{{subject.name}}}} }}" for each in expressions)
    yield from ("{{", "}}", "{{}}", "{{ data.why }}", "{{ {{ rating }} }}", "{ {rating} }")


_FURTHER: Final = (
    'count_where(data.goals, "goal", "Ship it") > 1 ? mean(data.goals, "due") : rating',
    "data.peers.map(p, p.name).exists(n, n.startsWith('D')) && !(has(event.x) || event.?y.orValue(1) > 2)",
    'add_workdays(data.start_date, -5) < date("2027-01-31") + days(3)',
    "workdays_between(now, data.start_date) in [1, 2.5, -3e10]",
    'r"\\d+" + "\\u00e9\\n" + b"x"',
    "not rating >= 3 and level = 'junior' or 1 < rating < 5",
    "[[1, 2], {'a': 3}['a']].size() % 2 == 9223372036854775807",
)


def _written(definitions: list[str]) -> Iterator[str]:
    """The expressions of definitions: whatever their loader compiled."""
    for source in definitions:
        loaded = load_text(source, "seed.yaml")
        if loaded.definition is not None:
            for state in loaded.definition.states:
                for row in state.transitions:
                    if row.condition is not None:
                        yield row.condition.source
