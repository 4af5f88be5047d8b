"""Pages of long lists, each beginning where the one before ended: no offset, no counting."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True, slots=True)
class Page(Generic[T]):
    """Some of a list."""

    items: tuple[T, ...]
    after: int | None  # ask for the next page with this; None: there is none


def page_of(items: Sequence[T], keys: Sequence[int], limit: int) -> Page[T]:
    """From up to one item more than a page holds, and the key of each."""
    if len(items) <= limit:
        return Page(items=tuple(items), after=None)
    return Page(items=tuple(items[:limit]), after=keys[limit - 1])
