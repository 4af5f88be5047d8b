"""The stable codes of this room (E6xx), one part of the catalogue of `explain`."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

VERSION_CODES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "E601": "running cases in a state that the new version has nothing for",
        "E602": "a state of an older version which that version did not have",
    }
)
