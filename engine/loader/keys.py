"""What a key of the language is: its name, its sentence, and the shape of its value."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

Shape: TypeAlias = Mapping[str, Any]

PROCESS_PATTERN: Final = r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$"
NAME_PATTERN: Final = r"^[a-z][a-z0-9_]*$"


@dataclass(frozen=True, kw_only=True, slots=True)
class Key:
    """One key that an author may write."""

    name: str
    about: str  # what it means, in one or two sentences; shown by editors
    shape: Shape  # its value, as a fragment of JSON Schema
    required: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Block:
    """A mapping with a fixed set of keys."""

    name: str  # of its definition in the schema
    about: str
    keys: tuple[Key, ...]

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(one.name for one in self.keys)


def key(name: str, shape: Shape, about: str, *, required: bool = False) -> Key:
    """The short way to write one, so that a vocabulary reads as a table."""
    return Key(name=name, about=about, shape=shape, required=required)


def ref(name: str) -> Shape:
    """A reference to another definition of the schema."""
    return {"$ref": f"#/$defs/{name}"}


def one_or_more(shape: Shape) -> Shape:
    return {"anyOf": [shape, {"type": "array", "items": shape, "minItems": 1}]}


def some(shape: Shape) -> Shape:
    return {"type": "array", "items": shape, "minItems": 1}


def named(shape: Shape) -> Shape:
    """A mapping from names of the author's own to values of one shape."""
    return {
        "type": "object",
        "propertyNames": {"pattern": NAME_PATTERN},
        "additionalProperties": shape,
        "minProperties": 1,
    }


TEXT: Final[Shape] = {"type": "string", "minLength": 1}
WORD: Final[Shape] = {"type": ["string", "number", "boolean"]}
FLAG: Final[Shape] = {"type": "boolean"}
COUNT: Final[Shape] = {"type": "integer", "minimum": 0}
NUMBER: Final[Shape] = {"type": "number"}
NAME: Final[Shape] = {"type": "string", "pattern": NAME_PATTERN}
EXPRESSION: Final[Shape] = ref("expression")
CONDITION: Final[Shape] = {"anyOf": [ref("expression"), FLAG]}
VALUE: Final[Shape] = {"anyOf": [ref("expression"), NUMBER, FLAG]}
TEMPLATE: Final[Shape] = ref("template")
DURATION: Final[Shape] = ref("duration")
OWNER: Final[Shape] = ref("owner")
VALUES: Final[Shape] = {"type": "object", "additionalProperties": VALUE, "minProperties": 1}


def words(*allowed: str) -> Shape:
    return {"enum": list(allowed)}
