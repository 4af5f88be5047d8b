"""A compiled expression: what it reads, what it answers, and how it came to its answer."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, NoReturn

from engine.core.expression.kinds import ANY, Kind, Type
from engine.core.expression.library import (
    Failure,
    Library,
    compiled,
    evaluated,
    evaluated_with,
    plain,
)
from engine.core.expression.parts import Part, parts_of
from engine.core.expression.problems import ExpressionFailed
from engine.core.expression.translation import Translation, translated
from engine.core.expression.tree import Node, maybe_path, path_of
from engine.core.expression.values import (
    ABSENT,
    Read,
    Unfit,
    conformed,
    left,
    presence,
    zone_of,
)
from engine.core.expression.writer import MAX_ITEMS, Slot

_MISSING: Final = (KeyError, TypeError, IndexError)
_UNBOUND: Final = re.compile(r'No value with name "(\w+)"')
_OVERLOAD: Final = re.compile(r"No matching overloads found : ([^(]+)\((.*)\)")
_WORDS: Final = {
    "double": "a number", "string": "a text", "bool": "yes/no", "list": "a list",
    "map": "a record", "null_type": "nothing", "timestamp": "a date", "duration": "a duration",
}  # fmt: skip


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Expr:
    """Safe to share between threads: evaluation changes nothing in it."""

    # as the author wrote it
    source: str
    # what it gives; ANY when that is known only from the values
    type: Type
    # the dotted paths it may read, such as ("data", "rating")
    reads: frozenset[tuple[str, ...]]
    # its parts, for whoever reasons about it, and what each of them gives
    tree: Node = field(repr=False)
    types: Mapping[Node, Type] = field(repr=False)
    # the type its result is held to
    _returns: Type = field(repr=False)
    # set when the whole expression is one path: then CEL is not needed
    _path: tuple[str, ...] | None = field(repr=False)
    # set when it is one path that may end in nothing, with how to see whether it does
    _maybe: tuple[tuple[str, ...], Read] | None = field(repr=False)
    _slots: tuple[tuple[str, Any], ...] = field(repr=False)
    _translation: Translation = field(repr=False)
    _program: Any = field(repr=False)
    # what `explain` shows, in the order of the source
    _parts: tuple[Part, ...] = field(repr=False)
    _library: Library = field(repr=False)

    def eval(self, values: Mapping[str, Any]) -> Any:
        """The answer for these values; raises ExpressionFailed when there is none.

        `values` has the shape of the scope. Two further entries are read where needed:
        `$calendar` (a Calendar) and `$zone` (the clock of the case, UTC when missing).
        """
        if self._path is not None:
            return self._read(values, self._path)
        if self._maybe is not None:
            return self._read_if_there(values, *self._maybe)
        try:
            zone = zone_of(values)
        except (Unfit, AttributeError) as unfit:
            raise ExpressionFailed(self.source, f"$zone {unfit}") from unfit
        data: dict[str, Any] = {}
        for name, read in self._slots:
            try:
                data[name] = read(values, zone)
            except (KeyError, TypeError, IndexError, Unfit):
                # An absent field leaves its slot empty: CEL knows where that matters.
                continue
        if self._translation.zone:
            data["zone"] = str(zone)
        try:
            if self._translation.calendar:
                calendar = values.get("$calendar")
                if calendar is None:
                    self._fail(values, "no calendar is given for this case")
                result = evaluated_with(self._library, calendar, self._program, data)
            else:
                result = evaluated(self._program, data)
            if result is True or result is False:
                if self._returns.kind in (Kind.BOOL, Kind.ANY):
                    return result
            else:
                result = plain(result, [5 * MAX_ITEMS])
            return conformed(left(result, self._returns, zone), self._returns, zone)
        except Failure as failure:
            self._fail(values, self._sentence(str(failure), values))
        except Unfit as unfit:
            self._fail(values, f"the result {unfit}")

    def explain(self, values: Mapping[str, Any]) -> tuple[tuple[str, Any], ...]:
        """Every field read and every comparison made, with its value, in the order of the source.

        None stands for a field nobody filled in, or a comparison that has no answer. Never raises.
        """
        shown: list[tuple[str, Any]] = []
        for part in self._parts:
            if part.path is not None:
                shown.append((part.label, _raw(values, part.path)))
            elif part.node is not None:
                expr = plan(self._library, part.label, part.node, self.types, wants=None)
                try:
                    shown.append((part.label, expr.eval(values)))
                except ExpressionFailed:
                    shown.append((part.label, None))
        return tuple(shown)

    def _read(self, values: Mapping[str, Any], path: tuple[str, ...]) -> Any:
        label = ".".join(path)
        try:
            value: Any = values
            for step in path:
                value = value[step]
            return conformed(value, self._returns, zone_of(values))
        except _MISSING:
            self._fail(values, f"{label} {ABSENT}")
        except Unfit as unfit:
            self._fail(values, f"{label} {unfit}")

    def _read_if_there(
        self, values: Mapping[str, Any], path: tuple[str, ...], present: Read
    ) -> Any:
        """None where it may be absent and is."""
        try:
            there = present(values, zone_of(values))
        except _MISSING:
            there = True  # reading it says what is missing
        return self._read(values, path) if there else None

    def _fail(self, values: Mapping[str, Any], reason: str) -> NoReturn:
        read = tuple(
            (part.label, _raw(values, part.path)) for part in self._parts if part.path is not None
        )
        raise ExpressionFailed(self.source, reason, read)

    def _sentence(self, message: str, values: Mapping[str, Any]) -> str:
        """The library's words about a failure, as a sentence about the process."""
        unbound = _UNBOUND.search(message)
        if unbound is not None:
            slot = next((s for s in self._translation.slots if s.name == unbound.group(1)), None)
            return _why_empty(slot, values) if slot else "a value is missing"
        overload = _OVERLOAD.search(message)
        if overload is not None:
            operator = overload.group(1).strip("_").replace("@in", "in")
            words = [_WORDS.get(word.strip(), word) for word in overload.group(2).split(",")]
            return f"`{operator}` does not work on {' and '.join(words)}"
        if "_&&_" in message or "_||_" in message or "jump_condition" in message:
            return "a condition in it is neither yes nor no"
        if "Iteration budget" in message:
            return f"it goes through more than {MAX_ITEMS} items"
        if "Key not found" in message or "no such key" in message:
            key = message.rpartition(":")[2].strip()
            return f"there is no entry {key}"
        if "no such field" in message.lower():
            return "an item has no such field"
        if "Index error" in message:
            return "the list has no item at that place"
        return message.partition(": ")[2] or message


def _why_empty(slot: Slot, values: Mapping[str, Any]) -> str:
    try:
        slot.read(values, zone_of(values))
    except Unfit as unfit:
        return f"{slot.label} {unfit}"
    except _MISSING:
        pass
    return f"{slot.label} {ABSENT}"


def _raw(values: Mapping[str, Any], path: tuple[str, ...]) -> Any:
    try:
        value: Any = values
        for step in path:
            value = value[step]
    except _MISSING:
        return None
    return value


def plan(
    library: Library, source: str, node: Node, types: Mapping[Node, Type], *, wants: Type | None
) -> Expr:
    """An expression ready to run; raises Failure or TooManyReads."""
    translation = translated(node, types)
    found = types.get(node, ANY)
    parts = parts_of(source, node)
    maybe = maybe_path(node) if found.kind is Kind.OPTIONAL else None
    held_to = (found.item or ANY) if maybe is not None else found
    return Expr(
        source=source,
        type=found,
        reads=frozenset(part.path for part in parts if part.path is not None),
        tree=node,
        types=types,
        _returns=(wants or ANY) if found.kind is Kind.ANY else held_to,
        _path=path_of(node),
        _maybe=None if maybe is None else (maybe[0], presence(*maybe)),
        _slots=tuple((slot.name, slot.read) for slot in translation.slots),
        _translation=translation,
        _program=compiled(library, translation.cel),
        _parts=parts,
        _library=library,
    )
