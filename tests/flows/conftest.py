"""One Prefect server for all tests of this room; each test brings its own queue and hand."""

import gc
import sys
from pathlib import Path
from time import monotonic, sleep

import pytest

# the book is shared with a process that the tests start, so it is an ordinary module
sys.path.append(str(Path(__file__).parent))

from flows_book import Book, now

import flows
from flows.server import Server

# Prefect opens and forgets sockets of its own (its version check, its event stream): the garbage
# collector closes them, and says so whenever it comes by.
_FORGOTTEN = (
    "ignore:unclosed:ResourceWarning",
    (
        "ignore:Exception ignored in. <(socket.socket|function _SelectorTransport.__del__)"
        ":pytest.PytestUnraisableExceptionWarning"
    ),
)


def pytest_collection_modifyitems(items):
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            for forgotten in _FORGOTTEN:
                item.add_marker(pytest.mark.filterwarnings(forgotten))


_running: list[Server] = []


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown(item, nextitem):
    """After the last test of the room: here the filters hold, in another room they do not."""
    if nextitem is None or Path(__file__).parent not in nextitem.path.parents:
        while _running:
            _running.pop().stop()
        gc.collect()


@pytest.fixture(scope="session")
def prefect(tmp_path_factory):
    server = Server(folder=tmp_path_factory.mktemp("server"), dashboard=False)
    server.start()
    _running.append(server)
    return server


@pytest.fixture
def book(tmp_path):
    return Book(tmp_path / "book.db")


@pytest.fixture
def hand(prefect, book, tmp_path):
    """Starts hands on the shared server, with settings of the test's choice; stops them all."""
    hands = []

    def start(**changes):
        settings = flows.Settings(
            **{
                "folder": tmp_path,
                "clock": now,
                "api_url": prefect.api_url,
                "short_retries": (0.05, 0.05),
                "linger_seconds": 0.6,
                **changes,
            }
        )
        hand = flows.start(book, settings)
        hands.append(hand)
        assert hand.wait_ready(120), hand.status().sentence
        return hand

    yield start
    for each in hands:
        each.stop()


@pytest.fixture
def warm(hand, book, until):
    """A hand that has delivered one letter and rests: the first one pays for lazy imports."""
    running = hand()
    book.write(case="case-WARM-0000")
    running.nudge()
    until(lambda: book.lines("sent"))
    sleep(1.0)
    return running


@pytest.fixture
def flow_runs(prefect):
    """How many runs of a flow the server knows, by state."""

    def count(flow_name, *state_names):
        from prefect.client.orchestration import get_client
        from prefect.client.schemas.filters import FlowFilter, FlowFilterName

        with get_client(sync_client=True) as client:
            runs = client.read_flow_runs(
                flow_filter=FlowFilter(name=FlowFilterName(any_=[flow_name])), limit=200
            )
        return len([run for run in runs if not state_names or run.state_name in state_names])

    return count


@pytest.fixture
def until():
    """Waits for a condition with a deadline, in small steps; returns the seconds it took."""

    def wait(condition, seconds=120.0):
        begun = monotonic()
        while not condition():
            assert monotonic() - begun < seconds, "it did not happen in time"
            sleep(0.01)
        return monotonic() - begun

    return wait
