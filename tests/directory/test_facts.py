"""What a macrostep looks up: cached by revision and day, recorded, and answered again."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import event

from engine.core.facts import Facts
from engine.directory.absences import AbsenceRefused, end_absence, put_absence
from engine.directory.applying import apply_people
from engine.directory.calendars import PlaceUnknown
from engine.directory.directory import Directory
from engine.directory.facts import NotRecorded, RecordingFacts, ReplayFacts
from engine.directory.plan import plan_people
from engine.directory.roster import Absence, Place
from engine.directory.sheet import read_sheet
from engine.store import Database

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
FILE = (
    "number,name,email,manager,department,location,country,zone,start_date,roles,queues\n"
    "1,Ann,ann@example.com,,HR,Berlin,DE-BE,Europe/Berlin,2020-02-29,,\n"
    "2,Bob,bob@example.com,1,Sales,Berlin,,,,hr-partner@Sales,it-desk\n"
    "3,Cy,cy@example.com,2,Sales,Berlin,,,,,\n"
)


@pytest.fixture
def ids(database: Database, entropy: Callable[[int], bytes], directory: Directory) -> list[str]:
    def job(tx):
        plan = plan_people(read_sheet(FILE.encode()), tx.connection, date(2026, 1, 1))
        return apply_people(tx, plan, None, NOW, entropy)

    database.write(job)
    with database.read() as session:
        by_number = directory.facts(session, NOW).roster.by_number
    return [by_number[number] for number in "123"]


def test_a_roster_is_read_once_a_day_and_again_only_after_a_change(
    database: Database, directory: Directory, ids: list[str], entropy: Callable[[int], bytes]
) -> None:
    with database.read() as session:
        connection = session.connection()
        statements: list[str] = []
        event.listen(
            connection, "before_cursor_execute", lambda *given: statements.append(given[2])
        )
        first = directory.facts(session, NOW).roster
        assert directory.facts(connection, NOW + timedelta(hours=5)).roster is first
        assert statements == []  # the look at the revision is the driver's, and nothing else is
        assert directory.facts(session, NOW + timedelta(days=1)).roster is not first
        assert len(statements) == 6
    database.write(
        lambda tx: put_absence(
            tx,
            Absence(person=ids[2], stand_in=ids[1], since=NOW.date(), back=date(2027, 1, 1)),
            entropy,
        )
    )
    with database.read() as session:
        assert directory.facts(session, NOW).roster is not first


def test_a_change_that_was_rolled_back_leaves_nothing_in_the_cache(
    database: Database, directory: Directory, ids: list[str], entropy: Callable[[int], bytes]
) -> None:
    def broken(tx):
        put_absence(
            tx,
            Absence(person=ids[2], stand_in=ids[0], since=NOW.date(), back=date(2027, 1, 1)),
            entropy,
        )
        assert directory.facts(tx.connection, NOW).stand_in(ids[2]) == ids[0]
        raise RuntimeError("undone")

    with pytest.raises(RuntimeError, match="undone"):
        database.write(broken)
    database.write(
        lambda tx: put_absence(
            tx,
            Absence(person=ids[2], stand_in=ids[1], since=NOW.date(), back=date(2027, 1, 1)),
            entropy,
        )
    )
    with database.read() as session:
        assert directory.facts(session, NOW).stand_in(ids[2]) == ids[1]


def test_a_stand_in_acts_from_the_first_day_away_to_the_last(
    database: Database, directory: Directory, ids: list[str], entropy: Callable[[int], bytes]
) -> None:
    away, back = date(2026, 12, 1), date(2026, 12, 10)
    database.write(
        lambda tx: put_absence(
            tx, Absence(person=ids[2], stand_in=ids[1], since=away, back=back), entropy
        )
    )

    def acting(day: date) -> str | None:
        with database.read() as session:
            now = datetime(day.year, day.month, day.day, tzinfo=UTC)
            return directory.facts(session, now).stand_in(ids[2])

    days = [date(2026, 11, 30), away, date(2026, 12, 9), back]
    assert [acting(day) for day in days] == [None, ids[1], ids[1], None]

    database.write(lambda tx: end_absence(tx, ids[2], date(2026, 12, 5), entropy))
    assert [acting(date(2026, 12, day)) for day in (4, 5)] == [ids[1], None]


def test_stand_ins_that_wait_for_each_other_are_refused_with_the_circle(
    database: Database, ids: list[str], entropy: Callable[[int], bytes]
) -> None:
    ann, bob, cy = ids
    day, late, back = date(2026, 12, 1), date(2026, 12, 9), date(2026, 12, 10)

    def away(person: str, stand_in: str, since: date, until: date = back) -> None:
        absence = Absence(person=person, stand_in=stand_in, since=since, back=until)
        database.write(lambda tx: put_absence(tx, absence, entropy))

    away(ann, bob, day)
    away(bob, cy, late)
    with pytest.raises(AbsenceRefused, match="nobody would be left to act: Cy → Ann → Bob → Cy"):
        away(cy, ann, late)
    away(cy, ann, day, late)  # on no day is nobody there
    with pytest.raises(AbsenceRefused, match="nobody would be left to act: Cy → Cy"):
        away(cy, cy, late)
    with pytest.raises(AbsenceRefused, match="the stand-in, p_x, does not work here on 2026-12-09"):
        away(cy, "p_x", late)
    with pytest.raises(AbsenceRefused, match="the first day back, 2026-12-10, is not after"):
        away(cy, bob, back)
    with pytest.raises(AbsenceRefused, match="Ann is away already from 2026-12-01 until the day"):
        away(ann, cy, late)


def look_up(facts: Facts, ids: list[str]) -> list[object]:
    calendar = facts.calendar("Berlin")
    return [
        facts.person(ids[0]),
        facts.person("p_nobody"),
        facts.holders("hr-partner", "Sales"),
        facts.holders("hr-partner", None),
        facts.members("it-desk"),
        facts.stand_in(ids[0]),
        facts.stand_in(ids[2]),
        calendar.add_workdays(date(2027, 3, 5), 3),
        calendar.workdays_between(date(2027, 1, 1), date(2026, 1, 1)),
        calendar.zone,
        facts.calendar(None).add_workdays(date(2027, 3, 5), -1),
    ]


def test_a_replay_looks_up_the_same_from_json_and_nothing_more(
    database: Database, directory: Directory, ids: list[str], entropy: Callable[[int], bytes]
) -> None:
    database.write(
        lambda tx: put_absence(
            tx,
            Absence(person=ids[2], stand_in=ids[1], since=NOW.date(), back=date(2027, 1, 1)),
            entropy,
        )
    )
    with database.read() as session:
        recording = RecordingFacts(facts=directory.facts(session, NOW))
    then = look_up(recording, ids)
    replay = ReplayFacts(json.loads(json.dumps(recording.recorded())))

    assert look_up(replay, ids) == then == look_up(recording, ids)
    assert RecordingFacts(facts=replay).recorded() == {}
    for ask in (
        lambda: replay.person(ids[1]),
        lambda: replay.holders("hr-partner", "HR"),
        lambda: replay.members("payroll"),
        lambda: replay.stand_in(ids[1]),
        lambda: replay.calendar("Austin"),
        lambda: replay.calendar("Berlin").add_workdays(date(2027, 3, 5), 4),
        lambda: replay.calendar("Berlin").workdays_between(date(2027, 1, 1), date(2027, 1, 2)),
    ):
        with pytest.raises(NotRecorded, match="it goes another way than it did then"):
            ask()


def test_a_directory_whose_home_is_nowhere_is_refused() -> None:
    with pytest.raises(PlaceUnknown, match="no country is written 'Germany'"):
        Directory(home=Place(country="Germany", zone="UTC"))


def test_somebody_unusual_is_recorded_and_replayed_as_they_are() -> None:
    """Defaults of the recording must not paint over what differs from them."""

    class Stub:
        def person(self, person: str) -> dict[str, object]:
            return {"id": person, "name": "Zoé", "language": None, "active": False, "shoe": 43}

    recording = RecordingFacts(facts=Stub())
    recording.person("p_x")
    recorded = recording.recorded()
    found = ReplayFacts(json.loads(json.dumps(recorded))).person("p_x")
    assert recorded == {
        "people": {"p_x": {"name": "Zoé", "language": None, "active": False, "shoe": 43}}
    }
    assert {name: value for name, value in found.items() if value is not None} == {
        "id": "p_x",
        "name": "Zoé",
        "active": False,
        "shoe": 43,
        "roles": [],  # as with nearly everybody
    }
