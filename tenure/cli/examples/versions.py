"""Examples for what is told about two versions together."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from tenure.cli.examples.example import Example, versions

_OLDER: Final = """\
process: review
version: 1
states:
  sign:   {task: {to: subject.manager}}
  closed: {end: done}
"""
_NEWER: Final = """\
process: review
version: 2
states:
  approve: {task: {to: subject.manager}}
  closed:  {end: done}
"""


def _migrate(states: str) -> str:
    return f"{_NEWER}migrate:\n  from 1: {{states: {states}}}\n"


_RIGHT: Final = _migrate("{sign: approve}")

VERSIONS: Final[Mapping[str, Example]] = MappingProxyType(
    {
        "E601": versions(_OLDER, _NEWER, _RIGHT),
        "E602": versions(_OLDER, _migrate("{sing: approve, sign: approve}"), _RIGHT),
    }
)
