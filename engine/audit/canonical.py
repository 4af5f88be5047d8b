"""JSON with one spelling per value, so that a hash over its text means something for years."""

import math
from collections.abc import Callable, Mapping
from typing import Any

import orjson

_STRICT = orjson.OPT_SORT_KEYS | orjson.OPT_PASSTHROUGH_DATETIME | orjson.OPT_PASSTHROUGH_DATACLASS


class NotRecordable(Exception):  # noqa: N818 - the word the service shows
    """A value that the history cannot hold; the message says which, where, and what to do."""


def canonical(value: Mapping[str, Any]) -> bytes:
    """Sorted keys, no spaces, UTF-8; integers, texts, booleans, null, lists and mappings only.

    Floats are refused: two programs may write one float in two ways.
    """
    if not value:
        return b"{}"
    if _holds(value, _is_float):
        place, found = _first(value, _is_float)
        raise NotRecordable(
            f"the public history holds no floats, but {place} is {found!r}; "
            "write it as an integer or as text, or put it into the private part"
        )
    return _dump(value)


def canonical_private(value: Mapping[str, Any]) -> bytes:
    """The same with floats: the private part is hashed as the bytes that are stored.

    NaN and infinities are refused, since JSON has none and they would come back as null.
    """
    text = _dump(value)
    # A null in the text is how an infinity would have been written.
    if b"null" in text and _holds(value, _is_endless):
        place, found = _first(value, _is_endless)
        raise NotRecordable(
            f"{place} is {found!r}, which JSON cannot hold; a number in a case must be finite"
        )
    return text


def _dump(value: Any) -> bytes:
    try:
        return orjson.dumps(value, default=_plain, option=_STRICT)
    except TypeError as error:  # orjson's own error is a TypeError
        raise NotRecordable(
            f"the history holds JSON only, and this is not: {error}; "
            "turn instants into integers or texts before they are recorded"
        ) from error


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{value!r} is a {type(value).__name__}")


def _is_float(value: Any) -> bool:
    return isinstance(value, float)


def _is_endless(value: Any) -> bool:
    return isinstance(value, float) and not math.isfinite(value)


def _holds(value: Any, refused: Callable[[Any], bool]) -> bool:
    """Whether `refused` is true of anything inside; the hot path, so by exact type first."""
    if type(value) is dict or isinstance(value, Mapping):
        value = value.values()
    for inner in value:
        kind = type(inner)
        if kind is str or kind is int or inner is None or kind is bool:
            continue
        if kind is dict or kind is list or kind is tuple or isinstance(inner, Mapping):
            if _holds(inner, refused):
                return True
        elif refused(inner):
            return True
    return False


def _first(value: Any, refused: Callable[[Any], bool], place: str = "") -> tuple[str, Any]:
    """Where inside `value` the first refused one is, as a path, and what it is."""
    entries = value.items() if isinstance(value, Mapping) else enumerate(value)
    for key, inner in entries:
        here = f"{place}.{key}" if place else str(key)
        if isinstance(inner, Mapping | list | tuple):
            if _holds(inner, refused):
                return _first(inner, refused, here)
        elif refused(inner):
            return here, inner
    raise LookupError(f"nothing is refused in {value!r}")
