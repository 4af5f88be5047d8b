"""A mail server in trouble: letters wait, none is given up through no fault of its own."""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from email.message import EmailMessage

import pytest
from support.world import World, world_of

from engine.store import Database
from engine.store.tables import OutboxRow
from flows.calls import Webhooks
from flows.channel import Channel
from flows.ports import Transient
from flows.work import Errands
from notifications import Passing, Sender

SENDER = Sender(
    name="People",
    address="hr@example.org",
    domain="example.org",
    base_url="https://hr.example.org",
    organisation="X",
)
LEASE = timedelta(minutes=5)
ASK = """
process: ask
version: 1
subject: person
states:
  ask: {task: {to: subject, due: 90 days}}
  closed: {end: done}
"""
CALL = """
process: ring
version: 1
subject: person
states:
  ring: {do: [{call: payroll}]}
  ask: {task: {to: subject, due: 90 days}}
  closed: {end: done}
"""


class Server:
    """What a mail server says, letter by letter; None: it takes it."""

    def __init__(self) -> None:
        self.says: Passing | None = None
        self.asked = 0

    def send(self, message: EmailMessage) -> None:
        assert message["To"]
        self.asked += 1
        if self.says is not None:
            raise self.says


DOWN = Passing("The mail server is not there.", slow=True)
GREY = Passing("450 come back later")


@pytest.fixture
def world(sqlite_database: Database) -> World:
    found = world_of(sqlite_database)
    found.publish(ASK)
    return found


@pytest.fixture
def server() -> Server:
    return Server()


@pytest.fixture
def errands(world: World, server: Server) -> Iterator[Errands]:
    return Errands(
        service=world.service,
        post=server,
        sender=SENDER,
        webhooks=Webhooks(addresses={}),
        reply_to=None,
        clock=lambda: world.now,
        random=random.Random(1),
    )


def round_of(errands: Errands, now: datetime) -> list[str]:
    """What one flow does with what it claims."""
    ends = []
    for letter in errands.claim_letters(10, LEASE, "w", now):
        try:
            ends.append(errands.deliver(letter, now).state)
        except Transient as trouble:
            errands.release(letter, str(trouble), now)
            ends.append("released")
    return ends


def outbox(world: World) -> OutboxRow:
    (row,) = world.rows(OutboxRow)
    return row


def test_a_letter_outlives_a_long_outage_and_the_caution_of_a_server_that_is_back(
    world: World, errands: Errands, server: Server
):
    world.start("ask")
    server.says = DOWN
    for _ in range(400):
        world.later(minutes=1)
        round_of(errands, world.now)
    assert 20 < server.asked < 60  # the pauses grow, and nobody asks in between

    server.says = GREY
    assert round_of(errands, world.later(minutes=15).now) == ["released"]
    assert (outbox(world).status, outbox(world).attempt) == ("pending", 1)

    server.says = None
    assert round_of(errands, world.later(minutes=1).now) == ["sent"]
    assert world.incidents() == []


def test_a_letter_that_is_put_off_again_and_again_is_given_up_after_about_four_days(
    world: World, errands: Errands, server: Server
):
    world.start("ask")
    server.says = GREY
    begun = world.now
    while outbox(world).status == "pending":
        assert world.now - begun < timedelta(days=6)
        world.later(seconds=30)
        round_of(errands, world.now)

    assert timedelta(days=3, hours=12) < world.now - begun < timedelta(days=5)
    (incident,) = world.incidents()
    assert "given up after 19 tries: 450 come back later" in incident.message


def test_what_was_claimed_and_not_begun_is_soon_free_and_has_used_up_no_try(
    world: World, errands: Errands
):
    world.start("ask")
    (letter,) = errands.claim_letters(10, LEASE, "w", world.now)

    errands.release(letter, None, world.now)

    (again,) = errands.claim_letters(10, LEASE, "w", world.later(seconds=5).now)
    assert (letter.attempt, again.attempt) == (1, 1)


def test_while_the_server_is_in_trouble_letters_are_not_due_and_calls_are(
    world: World, errands: Errands, server: Server
):
    world.publish(CALL)
    world.start("ask")
    server.says = DOWN
    assert round_of(errands, world.now) == ["deferred"]
    world.later(seconds=30)
    assert errands.due(world.now).letters == 0

    world.start("ring", subject="p_bob")

    assert errands.due(world.now).letters == 1
    assert round_of(errands, world.now) == ["failed"]  # no such webhook is configured
    assert server.asked == 1
    assert errands.due(world.later(seconds=30).now).letters == 2


def test_one_that_leaves_ends_the_trouble_and_late_echoes_of_it_lengthen_nothing():
    start = datetime.fromisoformat("2027-03-01T09:00:00+00:00")
    channel = Channel()
    pauses = []
    now = start
    for _ in range(6):
        channel.close(now)
        channel.close(now)  # a second letter that was under way
        begun = now
        while not channel.is_open(now):
            now += timedelta(minutes=1)
        pauses.append((now - begun).seconds // 60)

    channel.open()
    assert pauses == [1, 2, 4, 8, 15, 15]
    assert channel.is_open(start)
    channel.close(now)
    assert channel.is_open(now + timedelta(minutes=1))
