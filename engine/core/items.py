"""What an `each` runs over: people and texts, as keys for places and values for expressions."""

from collections.abc import Mapping
from typing import Any

from engine.core.binding import value_of
from engine.core.chart import Each
from engine.core.conversion import text_of
from engine.core.draft import Draft, Undone
from engine.core.places import item_key
from engine.core.snapshot import Place


def items_of(draft: Draft, each: Each, place: Place) -> list[tuple[str, Any]]:
    """Keys and values in the order of the list; an item that comes twice counts once."""
    found = value_of(draft, each.items, place)
    if not isinstance(found, (list, tuple)):
        raise Undone(
            "condition-failed",
            place,
            f"`{each.item} in {each.items.source}` at `{place}` needs a list, and this is none.",
        )
    items: dict[str, Any] = {}
    for value in found:
        text = text_of(value)
        if text is None or (isinstance(value, Mapping) and "id" not in value):
            raise Undone(
                "condition-failed",
                place,
                f"`{each.item} in {each.items.source}` at `{place}` gives something that is "
                "neither a person nor a text. Name a list of people or texts.",
            )
        items.setdefault(item_key(text), text)
    return list(items.items())
