"""Killed while a file is taken in, or a case forgotten: all of it or nothing, and a second run."""

import os
import signal
import traceback
from collections.abc import Callable

import pytest
from support.world import World, found, hire
from test_retention import PAY, close, keep_house, left

from engine.audit.verify import verify
from engine.service import Failpoints
from engine.store import Database
from engine.store.tables import FileRow

FILED = """
process: filed
version: 1
subject: person
data: {proof: {type: file}}
states:
  ask: {task: {to: subject, fields: [proof]}}
  closed: {end: done}
"""


def killed(url: str, failpoint: str, deed: Callable[[World], object]) -> bool:
    """Does it in a process of its own, which dies at the failpoint."""
    child = os.fork()
    if child:
        status = os.waitpid(child, 0)[1]
        return os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
    try:
        database = Database.open(url)
        service = found(database, seed=9, failpoints=Failpoints.parse(failpoint))
        deed(World(database=database, service=service).later(days=2000))
    except BaseException:  # noqa: BLE001 - the parent reads the exit status
        traceback.print_exc()
    finally:
        os._exit(0)


def hand_in(world: World) -> object:
    task = world.task("ask")
    return world.service.keep_file(task, "proof", "a.pdf", b"%PDF-1.7", "p_ann", world.now)


@pytest.fixture
def address(database_url: str) -> str:
    with Database.open(database_url) as database:
        database.write(hire)
    return database_url


def test_a_file_is_there_whole_or_not_at_all(address):
    with Database.open(address) as database:
        world = World(database=database, service=found(database))
        world.publish_unproved(FILED)
        world.start("filed")
    assert killed(address, "file.kept:1", hand_in)

    with Database.open(address) as database:
        world = World(database=database, service=found(database, seed=2))
        assert world.rows(FileRow) == []
        reference = hand_in(world)
        world.answer("ask", "ann", proof=reference)
        (file,) = world.rows(FileRow)
        assert file.bound
        assert verify(database).ok


def test_a_case_is_forgotten_whole_or_not_at_all(address):
    with Database.open(address) as database:
        world = World(database=database, service=found(database))
        close(world, PAY)
        before = left(world)
    assert killed(address, "retention.erased:1", keep_house)

    with Database.open(address) as database:
        world = World(database=database, service=found(database, seed=2)).later(days=2000)
        assert left(world) == before
        assert verify(database).ok
        assert len(keep_house(world)) == 1
        assert left(world) == set()
        assert verify(database).ok
