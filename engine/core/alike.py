"""Parts of definitions as plain values, so that those of two versions can be compared.

Compiled expressions and texts are equal to nothing but themselves; what their author wrote is.
"""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any, Final

from engine.core.chart import AskForHelp, Definition, State, Task, TellPeople
from engine.core.expression import Expr, Template
from engine.core.form import Field, Form

# What people read and no rule asks for. A version that differs in nothing else is a patch.
TEXTS: Final[Mapping[type, frozenset[str]]] = {
    Definition: frozenset({"title", "description"}),
    State: frozenset({"title"}),
    Task: frozenset({"title", "text", "minutes"}),
    TellPeople: frozenset({"title", "text"}),
    AskForHelp: frozenset({"text"}),
    Form: frozenset({"title", "intro"}),
    Field: frozenset({"label", "help", "anchors"}),
}
# What says which version it is, and not what it does.
_NAMES: Final[Mapping[type, frozenset[str]]] = {
    Definition: frozenset({"version", "sha256", "memo"}),
}


def outline(part: Any, *, texts: bool = True) -> Any:
    """A part of a definition as nested tuples of what was written; `texts`: also what is read."""
    match part:
        case Expr():
            return part.source
        case Template():
            return part.text
        case Mapping():
            return tuple((name, outline(value, texts=texts)) for name, value in part.items())
        case tuple() | list():
            return tuple(outline(value, texts=texts) for value in part)
        case frozenset():
            return tuple(sorted(part))
    if not is_dataclass(part):
        return part
    kind = type(part)
    left_out = _NAMES.get(kind, frozenset())
    if not texts:
        left_out |= TEXTS.get(kind, frozenset())
    return (
        kind.__name__,
        *(
            (field.name, outline(getattr(part, field.name), texts=texts))
            for field in fields(part)
            if field.name not in left_out
        ),
    )


def same(one: Any, other: Any) -> bool:
    """Whether two parts were written alike."""
    return bool(outline(one) == outline(other))


def only_texts_differ(old: Definition, new: Definition) -> bool:
    """Whether every case runs under the one exactly as under the other: a patch."""
    return bool(outline(old, texts=False) == outline(new, texts=False))
