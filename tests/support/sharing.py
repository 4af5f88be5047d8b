"""How the tests are shared out when the suite runs on several workers."""

from xdist.scheduler import LoadScopeScheduling

# Rooms whose session fixtures are dear: a played demo, a Prefect server, a browser.
_TOGETHER = frozenset({"acceptance", "flows", "web"})


class ByRoom(LoadScopeScheduling):
    """A file goes to one worker, and a room whose fixtures are dear goes there whole.

    xdist's own groups do it by a suffix of the node's id, which pytest 9.2 does not let it write.
    """

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        room = file.removeprefix("tests/").partition("/")[0]
        return room if room in _TOGETHER else file
