"""Real processes for the front door: one demo played to its end, two that are cut off, one house.

Everything runs through the `tenure` command in folders of its own.
"""

import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import monotonic, sleep

import pytest

sys.path.append(str(Path(__file__).parent))

from acceptance_house import MOMENTS, Demo, Demos, Folder, House, Machine, Process, free_port
from support.processes import LATE

_SLOWEST = 900  # seconds for a demo on a machine that builds other things meanwhile

_PEOPLE = """\
number,name,email,manager,department,location,country,zone
n-bob,Bob Hart,bob@example.org,,Sales,Berlin,DE,Europe/Berlin
n-ann,Ann Low,ann@example.org,n-bob,Sales,Berlin,DE,Europe/Berlin
n-dan,Dan Moss,dan@example.org,n-bob,Sales,Berlin,DE,Europe/Berlin
n-eve,Eve Nash,eve@example.org,n-bob,Sales,Berlin,DE,Europe/Berlin
"""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.acceptance)


_machines: list[Machine] = []


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> None:
    """After the last test of the room: a house that stays open slows all that come after it."""
    if nextitem is None or Path(__file__).parent not in nextitem.path.parents:
        for machine in _machines:
            machine.kill_all()


@pytest.fixture(scope="session")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    machine = Machine(outputs=tmp_path_factory.mktemp("outputs"))
    _machines.append(machine)
    yield machine
    machine.kill_all()


@pytest.fixture(scope="session")
def demos(machine: Machine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demos]:
    def play(moment: int | None) -> Demo:
        home = tmp_path_factory.mktemp("demo") / "home"
        folder = Folder(home=home, port=free_port())
        process = machine.start(folder, "demo", "--once")
        if moment is None:
            process.popen.wait(_SLOWEST)
        else:
            _cut_off(folder, process, moment)
        return Demo(folder=folder, process=process)

    # Two at a time: a person's machine has two cores at least.
    pool = ThreadPoolExecutor(2, thread_name_prefix="demo")
    whole = pool.submit(play, None)
    cut_off = {moment: pool.submit(play, moment) for moment in MOMENTS}
    yield Demos(whole=whole, cut_off=cut_off)
    pool.shutdown(wait=False, cancel_futures=True)
    machine.kill_all()  # what a failed test left running, so that the threads end
    pool.shutdown()


def _cut_off(folder: Folder, process: Process, moment: int) -> None:
    begun = monotonic()
    # Later by a moment where need be, so that something is under way.
    while folder.mail_count() < moment or not folder.undone():
        assert process.popen.poll() is None, f"it ended before mail {moment}: {process.said()}"
        assert monotonic() - begun < _SLOWEST, f"mail {moment} never came: {process.said()}"
        sleep(0.01)
    process.kill()


@pytest.fixture(scope="session")
def demo(demos: Demos) -> Demo:
    """The whole story, told to its end."""
    return demos.whole.result(_SLOWEST)


@pytest.fixture
def firm(machine: Machine, tmp_path: Path) -> Folder:
    """A folder of a small firm that asks for feedback; nothing is served."""
    return found(machine, tmp_path)


@pytest.fixture(scope="session")
def house(machine: Machine, tmp_path_factory: pytest.TempPathFactory) -> House:
    folder = found(machine, tmp_path_factory.mktemp("firm"))
    return House(folder=folder, machine=machine, process=machine.serve(folder))


def found(machine: Machine, place: Path) -> Folder:
    (place / "people.csv").write_text(_PEOPLE, "utf-8")
    (place / "feedback.yaml").write_text(LATE, "utf-8")
    home = place / "home"
    machine.do(home, "people", "import", str(place / "people.csv"), "--yes")
    machine.do(home, "publish", str(place / "feedback.yaml"))
    return Folder(home=home, port=free_port())
