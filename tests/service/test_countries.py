"""Working days of the right country: counted by hand, over clock changes, and when people move."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import orjson
import pytest
from sqlalchemy import text
from support.invariants import check_everything
from support.world import World, entropy

from engine.core.codec import decode
from engine.directory.directory import raise_revision
from engine.store.tables import LocationRow, PersonVersionRow

PLACES = {
    "Berlin": ("DE", "Europe/Berlin"),
    "London": ("GB-ENG", "Europe/London"),
    "Chicago": ("US", "America/Chicago"),
}
ASK = """
process: ask
version: 1
subject: person
states:
  ask:
    task: {to: subject.manager, title: Ready?, due: DUE}
    remind: [1 workday before due]
    late: {after: 2 workdays, tell: subject}
  closed: {end: done}
"""


def settle(world: World, person: str, place: str, since: date) -> None:
    """The person works there from that day on; cases hear of it."""

    def move(tx) -> None:
        session = tx.session()
        for name, (country, zone) in PLACES.items():
            if session.get(LocationRow, name) is None:
                session.add(LocationRow(name=name, country=country, zone=zone))
        session.flush()
        session.add(
            PersonVersionRow(
                person=f"p_{person}",
                valid_from=since,
                name=person.title(),
                email=f"{person}@example.org",
                location=place,
                department="Sales",
                manager="p_bob",
            )
        )
        session.flush()
        raise_revision(tx.connection, entropy(since.toordinal()))

    world.database.write(move)
    world.service.directory_changed([f"p_{person}"], world.now)
    world.advance()


def at(world: World, moment: str, place: str) -> World:
    zone = ZoneInfo(PLACES[place][1])
    world.now = datetime.fromisoformat(moment).replace(tzinfo=zone).astimezone(UTC)
    return world


def snapshot(world: World, name: str = "ASK-0001"):
    return decode(orjson.loads(world.case(name).snapshot))


def due(world: World, place: str) -> str:
    (task,) = snapshot(world).tasks.values()
    return f"{task.due.astimezone(ZoneInfo(PLACES[place][1])):%a %Y-%m-%d %H:%M}"


def timers(world: World, place: str) -> list[str]:
    zone = ZoneInfo(PLACES[place][1])
    return [
        f"{timer.rule} {timer.at.astimezone(zone):%m-%d %H:%M}"
        for timer in sorted(snapshot(world).timers.values(), key=lambda each: each.at)
    ]


@pytest.mark.parametrize(
    ("place", "opened", "span", "expected"),
    [
        # Good Friday the 26th and Easter Monday the 29th are off in Germany and England only.
        ("Berlin", "2027-03-24T09:00", "5 workdays", "Fri 2027-04-02 17:00"),
        ("London", "2027-03-24T09:00", "5 workdays", "Fri 2027-04-02 17:00"),
        ("Chicago", "2027-03-24T09:00", "5 workdays", "Wed 2027-03-31 17:00"),
        # The last Monday of August is a bank holiday in England only.
        ("Berlin", "2027-08-27T09:00", "1 workdays", "Mon 2027-08-30 17:00"),
        ("London", "2027-08-27T09:00", "1 workdays", "Tue 2027-08-31 17:00"),
        ("Chicago", "2027-08-27T09:00", "1 workdays", "Mon 2027-08-30 17:00"),
        # The fourth of July 2027 is a Sunday: the Monday after it is off in America only.
        ("Berlin", "2027-07-02T09:00", "2 workdays", "Tue 2027-07-06 17:00"),
        ("Chicago", "2027-07-02T09:00", "2 workdays", "Wed 2027-07-07 17:00"),
        # Clocks go back on 31 October in Europe and on 7 November in America: five stays five.
        ("Berlin", "2027-10-29T09:00", "1 workdays", "Mon 2027-11-01 17:00"),
        ("London", "2027-10-29T09:00", "3 days", "Mon 2027-11-01 17:00"),
        ("Chicago", "2027-11-05T09:00", "1 workdays", "Mon 2027-11-08 17:00"),
        # Hours are exact: the night of the 28th of March has one less.
        ("Berlin", "2027-03-27T12:00", "24 hours", "Sun 2027-03-28 13:00"),
        # Late in the evening it is still that day there.
        ("Chicago", "2027-07-06T23:30", "1 workdays", "Wed 2027-07-07 17:00"),
    ],
)
def test_a_deadline_counts_the_days_of_the_subjects_country(
    sqlite_world: World, place: str, opened: str, span: str, expected: str
):
    world = at(sqlite_world, opened, place)
    settle(world, "ann", place, date(2027, 1, 1))
    world.publish_unproved(ASK.replace("DUE", span))
    world.start("ask")

    assert due(world, place) == expected
    check_everything(world.database)


def test_who_moves_to_another_country_takes_their_deadlines_along(world: World):
    at(world, "2027-03-24T09:00", "Berlin")
    world.publish(ASK.replace("DUE", "5 workdays"))
    world.start("ask")
    assert due(world, "Berlin") == "Fri 2027-04-02 17:00"
    assert timers(world, "Berlin") == ["remind.0 04-01 17:00", "late.0 04-06 17:00"]

    at(world, "2027-03-25T09:00", "Chicago")
    settle(world, "ann", "Chicago", date(2027, 3, 25))

    assert due(world, "Chicago") == "Wed 2027-03-31 17:00"
    assert timers(world, "Chicago") == ["remind.0 03-30 17:00", "late.0 04-02 17:00"]
    assert "due.moved" in world.history("ASK-0001")
    check_everything(world.database)


def test_the_calendar_may_be_that_of_whoever_has_to_answer(world: World):
    at(world, "2027-03-24T09:00", "Berlin")
    settle(world, "ann", "Chicago", date(2027, 1, 1))
    world.publish(
        ASK.replace("DUE", "5 workdays").replace(
            "subject: person", "subject: person\ncalendar: subject.manager.location"
        )
    )
    world.start("ask")  # bob works in Berlin

    assert due(world, "Berlin") == "Fri 2027-04-02 17:00"


def test_a_new_holiday_calendar_of_a_place_moves_what_hangs_on_it(world: World):
    at(world, "2027-03-24T09:00", "Berlin")
    world.publish(ASK.replace("DUE", "5 workdays"))
    world.start("ask")

    def relocate(tx) -> None:
        tx.connection.execute(
            text(
                "UPDATE location SET country = 'US', zone = 'America/Chicago' WHERE name = 'Berlin'"
            )
        )
        raise_revision(tx.connection, entropy(5))

    world.database.write(relocate)
    world.service.directory_changed(None, world.now)
    world.advance()

    assert due(world, "Chicago") == "Wed 2027-03-31 17:00"
