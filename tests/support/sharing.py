"""How the tests are shared out when the suite runs on several workers."""

from collections.abc import Iterable

import pytest
from xdist.scheduler import LoadScopeScheduling

# Rooms whose session fixtures are dear: a Prefect server, a played demo, a browser. They come
# first, since a long one that is left for the end keeps one worker alone at it; and `flows` before
# any browser, whose running loop it could not start one beside.
_TOGETHER = ("flows", "acceptance", "web")
_APART = frozenset({"acceptance/test_migration.py"})  # needs nothing of its room
# Long files come next, for the same reason.
_LONG = (
    "acceptance/test_migration.py",
    "privacy/test_calibration_ratings.py",
    "service/test_organisation.py",
    "service/test_crashes.py",
    "rehearsal/test_company.py",
)


class ByRoom(LoadScopeScheduling):
    """A file goes to one worker, and a room whose fixtures are dear goes there whole.

    xdist's own groups do it by a suffix of the node's id, which pytest 9.2 does not let it write.
    """

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        room = room_of(file)
        return room if room in _TOGETHER else file


def _path(file: str) -> str:
    return file.removeprefix("tests/")


def room_of(file: str) -> str:
    path = _path(file)
    return path if path in _APART else path.partition("/")[0]


def dear_rooms_first(items: Iterable[pytest.Item]) -> list[pytest.Item]:
    """The same tests in the order in which workers take them."""
    order = {room: number for number, room in enumerate((*_TOGETHER, *_LONG))}

    def place(item: pytest.Item) -> int:
        file = item.nodeid.partition("::")[0]
        return min(order.get(room_of(file), len(order)), order.get(_path(file), len(order)))

    return sorted(items, key=place)
