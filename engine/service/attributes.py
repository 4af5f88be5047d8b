"""Which attributes of people a definition can ask about: no others are copied into histories."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass

from engine.core.chart import Definition
from engine.core.expression import Expr, Template

_WORD = re.compile(r"\w+")
# What the core itself asks: whether somebody can be asked, and who is above them.
_ALWAYS = frozenset({"active", "guest", "manager", "on_leave", "still_reachable"})


def attributes_read(definition: Definition) -> frozenset[str]:
    """Every word of every expression, so rather too many than one too few."""
    found = set(_ALWAYS)
    for part in expressions_in(definition):
        if isinstance(part, Expr):
            found.update(_WORD.findall(part.source))
        elif part.reads:
            found.add("name")  # a text shows people by it, whether or not it says so
            found.update(_WORD.findall(part.text))
    return frozenset(found)


def expressions_in(value: object) -> Iterator[Expr | Template]:
    """Every expression and template anywhere below a part of a definition."""
    if isinstance(value, (Expr, Template)):
        yield value
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from expressions_in(inner)
    elif isinstance(value, (tuple, list)):
        for inner in value:
            yield from expressions_in(inner)
    elif is_dataclass(value) and not isinstance(value, type):
        for each in fields(value):
            if each.init:  # what is worked out later repeats what is written
                yield from expressions_in(getattr(value, each.name))
