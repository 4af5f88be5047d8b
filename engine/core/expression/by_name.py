"""What has too many names to list them, such as the shared records about somebody."""

from collections.abc import Iterator, Mapping
from typing import Any


class ByName(Mapping[str, Any]):
    """A mapping that knows no list of its keys: what is read of it is looked up by name."""

    __slots__ = ()

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0
