"""What ends on a day ends on that day: ways in, and what cases were told of who works here."""

from collections.abc import Mapping
from datetime import timedelta
from secrets import token_bytes
from threading import Thread

from sqlmodel import col, select
from support.imports import ADDRESSES, import_people, owners, without
from support.processes import LAPTOP, RATING
from support.world import PEOPLE, World, found

from engine.links import Opened, exchange, look_up, mint
from engine.store import Database, Transaction
from engine.store.tables import AssignmentRow, SignalRow


def ways_in(world: World) -> dict[str, tuple[str, str]]:
    """A fresh link and a session of another one, for everybody who holds a task."""
    with world.database.read() as session:
        held = session.exec(
            select(AssignmentRow.id, AssignmentRow.person).where(
                col(AssignmentRow.ended_at).is_(None)
            )
        ).all()

    def job(tx: Transaction) -> dict[str, tuple[str, str]]:
        ways = {}
        for number, person in held:
            first, second = (mint(tx, number, "task", world.now, token_bytes) for _ in range(2))
            opened = exchange(tx, first, world.now, token_bytes)
            assert isinstance(opened, Opened)
            ways[person] = (second, opened.token)
        return ways

    return world.database.write(job)


def lead_in(world: World, ways: Mapping[str, tuple[str, str]]) -> set[str]:
    """Whose link, or session, is still good."""
    with world.database.read() as session:
        seated = {
            person
            for person, (_, token) in ways.items()
            if look_up(session, token, world.now) is not None
        }
    linked = {
        person
        for person, (link, _) in ways.items()
        if isinstance(
            world.database.write(lambda tx, link=link: exchange(tx, link, world.now, token_bytes)),
            Opened,
        )
    }
    assert linked == seated
    return linked


def three_tasks(world: World) -> dict[str, tuple[str, str]]:
    world.publish(LAPTOP)
    for name in ("ann", "dan", "fay"):
        world.start("laptop-return", subject=f"p_{name}")
    return ways_in(world)


def test_ways_in_die_with_the_departure_or_the_old_address_and_with_nothing_else(
    world: World, monkeypatch
):
    ways = three_tasks(world)
    monkeypatch.setitem(ADDRESSES, "dan", "daniel@example.org")

    import_people(world, without("ann", fay=("cy", "Sales")))

    assert lead_in(world, ways) == {"p_fay"}  # before any case has heard of it


def test_ways_in_that_were_mailed_to_an_address_of_today_die_when_that_ends_and_not_before(
    world: World, monkeypatch
):
    import_people(world, PEOPLE)
    monkeypatch.setitem(ADDRESSES, "dan", "daniel@example.org")
    three_tasks(world)
    import_people(world, without("ann"), as_of=world.now.date() + timedelta(days=1))

    ways = ways_in(world.later(hours=8))
    world.advance()
    assert lead_in(world, ways) == {"p_ann", "p_dan", "p_fay"}
    world.later(hours=7).advance()

    assert lead_in(world, ways) == {"p_fay"}


def test_a_departure_entered_ahead_is_told_once_though_an_import_comes_before_the_day_is_begun(
    world: World,
):
    import_people(world, PEOPLE)
    import_people(world, without("ann"), as_of=world.now.date() + timedelta(days=2))

    import_people(world.later(days=3), without("ann", dan=("eve", "Sales")))
    world.advance()

    assert [row.name for row in world.rows(SignalRow)] == ["person.left", "manager.changed"]


def test_a_new_day_is_due_at_the_organisation_s_own_midnight(world: World):
    world.publish(RATING)
    world.start("rating", cycle="2027")
    import_people(world, PEOPLE)
    import_people(
        world,
        without("bob", ann=("cy", "Sales"), dan=("cy", "Sales")),
        as_of=world.now.date() + timedelta(days=1),
    )
    world.now = world.now.replace(hour=22, minute=59)  # in Berlin a minute to midnight
    assert world.service.due(world.now).events == 0

    world.later(minutes=1)
    assert world.service.due(world.now).events == 1
    world.advance()

    assert owners(world) == {"rate": ["p_cy"]}
    assert world.service.due(world.now).events == 0


def test_of_several_processes_one_tells_the_day(world: World, database_url: str):
    import_people(world, PEOPLE)
    import_people(world, without("ann"), as_of=world.now.date() + timedelta(days=1))
    world.later(days=1)
    opened = [Database.open(database_url) for _ in range(4)]
    threads = [
        Thread(target=found(each, seed=seed).advance, args=(10, world.now))
        for seed, each in enumerate(opened, start=7)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    for each in opened:
        each.close()

    assert [row.name for row in world.rows(SignalRow)] == ["person.left"]
