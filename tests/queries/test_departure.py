"""What somebody would leave behind: foretold, and then the same when they have left."""

from datetime import date, timedelta

import pytest
from sqlmodel import col, select
from support.world import World, world_of

from engine.directory import Absence
from engine.directory.directory import raise_revision
from engine.directory.moving import without
from engine.queries import Becomes, LastDay, Reader, departure, leavers, mentions, person
from engine.store.tables import AssignmentRow, HolderRow, PersonVersionRow, TaskRow

# Each process shows one fate of the task that bob has.
FATES = """
process: {name}
version: 1
subject: person
people: {{boss: {{who: subject.manager, if_nobody: {nobody}}}}}
states:
  ask: {{task: {{to: boss, title: "Ask {name}", due: 5 workdays, {more}}}}}
  closed: {{end: done}}
"""


def fates(name: str, nobody: str, more: str = "") -> str:
    return FATES.format(name=name, nobody=nobody, more=more)


ENDING = """
process: own
version: 1
subject: person
states:
  ask: {task: {to: subject, title: Own goals, due: 5 workdays}}
  closed: {end: done}
on:
  person.left: {end: gone}
"""
TORN = """
process: torn
version: 1
subject: person
data: {limit: {type: integer, from: start, required: false}}
states:
  ask: {task: {to: subject, title: Torn, due: 5 workdays}}
  closed: {end: done}
on:
  person.left: {if: "data.limit > 1", end: gone}
"""
BOOK = """
process: seat
version: 1
subject: position
data:
  who:  {type: people, from: start}
states: {closed: {end: done}}
records:
  succession: {of: subject, value: 'data.who.map(w, {"person": w.id})'}
"""
NOTICE = """
process: notice
version: 1
subject: person
data: {last_day: {type: date, from: start}}
states:
  given: {do: [{emit: notice.given, with: {person: subject.id, last_day: data.last_day}}]}
  moved: {task: {to: subject.manager, fields: {day: {type: date}}, due: 9 workdays}}
  said:  {do: [{emit: last_day.changed, with: {person: subject.id, last_day: moved.day}}]}
  stays: {task: {to: subject.manager, due: 9 workdays}}
  back:  {do: [{emit: notice.withdrawn, with: {person: subject.id}}]}
  wait:  {task: {to: subject.manager, due: 9 workdays}}
  closed: {end: done}
"""
SECRET = """
process: secret
version: 1
subject: person
data:
  buddy:  {type: person, from: start}
  rows:   {type: table, from: start, label: Who helps, columns: {who: {type: person}}, required: false}
  hidden: {type: person, from: start, sensitive: true, required: false}
states:
  ask: {task: {to: subject, due: 5 workdays}}
  closed: {end: done}
"""


@pytest.fixture
def world(sqlite_database) -> World:
    return world_of(sqlite_database)


@pytest.fixture
def reader(world) -> Reader:
    return Reader(directory=world.service.tools.directory)


@pytest.fixture
def busy(world) -> World:
    """Bob has a task of every fate."""
    for source in (
        fates("passed-on", "subject.manager.manager"),
        fates("queued", "{queue: it}"),
        fates("lost", "{role: nobody-has-it}"),
        ENDING,
    ):
        world.publish(source)
    for process in ("passed-on", "queued", "lost"):
        world.start(process, "p_ann")
    world.start("own", "p_bob")
    return world


def looked(world, reader, who="p_bob"):
    with world.database.read() as session:
        page = person(session, reader, who, world.now)
        assert page is not None
        last = None if page.last_day is None else page.last_day.day
        return departure(session, reader, who, last, world.now)


def leave(world: World, who: str, on: date) -> None:
    """As an import for that day writes it."""

    def write(tx) -> None:
        was = (
            tx.session().exec(select(PersonVersionRow).where(PersonVersionRow.person == who)).one()
        )
        kept = was.model_dump(exclude={"id", "valid_from", "active"})
        tx.session().add(PersonVersionRow(**kept, valid_from=on, active=False))
        raise_revision(tx.connection, world.service.tools.entropy)

    world.database.write(write)


def test_each_task_goes_where_it_was_foretold(busy, reader):
    busy.advance()  # notes the day
    told = looked(busy, reader)
    leave(busy, "p_bob", date(2027, 3, 2))
    busy.later(days=1).advance()

    assert [(one.task.case, one.becomes) for one in told.tasks] == [
        ("PAS-0001", Becomes.GOES),
        ("QUE-0001", Becomes.QUEUE),
        ("LOS-0001", Becomes.NOBODY),
        ("OWN-0001", Becomes.WITHDRAWN),
    ]
    assert [one.name for one in told.tasks[0].to] == ["Cy"]
    assert told.tasks[1].queue == "it"
    assert [(one.line.name, one.outcome) for one in told.cases] == [("OWN-0001", "gone")]
    with busy.database.read() as session:
        came = session.exec(
            select(TaskRow.title, TaskRow.status, TaskRow.queue, AssignmentRow.person)
            .join(
                AssignmentRow,
                (col(AssignmentRow.task_id) == TaskRow.id) & col(AssignmentRow.ended_at).is_(None),
                isouter=True,
            )
            .order_by(TaskRow.id, AssignmentRow.id)
        ).all()
    assert came == [
        ("Ask passed-on", "open", None, "p_cy"),
        ("Ask queued", "open", "it", "p_eve"),
        ("Ask queued", "open", "it", "p_fay"),
        ("Ask lost", "open", None, None),
        ("Own goals", "withdrawn", None, None),
    ]
    assert busy.case("OWN-0001").outcome == "gone"


def test_looking_writes_nothing(busy, reader):
    before = busy.rows(TaskRow), busy.rows(AssignmentRow), busy.incidents()
    looked(busy, reader)
    assert (busy.rows(TaskRow), busy.rows(AssignmentRow), busy.incidents()) == before


def test_a_case_that_cannot_decide_is_told_as_such(world, reader):
    world.publish_unproved(TORN)
    world.start("torn", "p_bob")
    told = looked(world, reader)

    assert [(one.task.title, one.becomes) for one in told.tasks] == [("Torn", Becomes.UNKNOWN)]
    assert [(one.line.name, one.outcome, one.undecided) for one in told.cases] == [
        ("TOR-0001", None, True)
    ]
    assert told.forlorn == 3  # and both who report to him


def test_what_changes_until_the_last_day_counts(busy, reader):
    def move(tx) -> None:
        session = tx.session()
        session.add(HolderRow(role="nobody-has-it", person="p_fay", valid_from=date(2027, 3, 10)))
        raise_revision(tx.connection, busy.service.tools.entropy)

    busy.database.write(move)
    assert looked(busy, reader).tasks[2].becomes is Becomes.NOBODY
    leave(busy, "p_bob", date(2027, 3, 31))
    told = looked(busy, reader)

    assert (told.planned, told.day) == (True, date(2027, 3, 31))
    assert [one.name for one in told.tasks[2].to] == ["Fay"]


def test_seats_queues_and_reports_that_nobody_else_has(world, reader):
    world.publish(BOOK)
    told = looked(world, reader, "p_eve")
    assert [(one.position, one.others, one.successors) for one in told.seats] == [
        ("it-desk", (), ())
    ]
    assert [(one.queue, [x.name for x in one.others]) for one in told.queues] == [("it", ["Fay"])]
    assert [one.name for one in told.reports] == ["Fay"]
    assert told.forlorn == 2

    world.start("seat", "it-desk", who=["p_dan", "p_eve"])
    named = looked(world, reader, "p_eve").seats[0]
    assert [one.name for one in named.successors] == ["Dan"]  # nobody follows themselves
    assert named.case == "SEA-0001"


def test_tasks_that_wait_in_a_queue_of_theirs_are_counted(world, reader):
    world.publish(fates("queued", "{queue: it}", "not: subject"))
    world.start("queued", "p_cy")  # who has no manager
    world.start("queued", "p_cy")
    world.service.claim(world.open_tasks("QUE-0002")["ask#1"], "p_fay", world.now)
    told = looked(world, reader, "p_fay")
    assert [(one.queue, one.waiting) for one in told.queues] == [("it", 1)]
    assert [one.task.case for one in told.tasks] == ["QUE-0002"]


def test_a_person_is_told_with_who_reports_to_them_and_for_whom_they_act(world, reader):
    away = Absence(
        person="p_ann", since=date(2027, 3, 1), back=date(2027, 3, 9), stand_in="p_dan", leave=False
    )
    world.service.note_absence(away, None, world.now)
    with world.database.read() as session:
        ann, dan, bob, nobody = (
            person(session, reader, words, world.now) for words in ("n-ann", "p_dan", "p_bob", "x")
        )
    assert nobody is None
    assert (ann.line.away, ann.line.stand_in, ann.absences[0].back) == (
        True,
        "Dan",
        date(2027, 3, 9),
    )
    assert ann.manager is not None
    assert ann.manager.name == "Bob"
    assert [one.name for one in dan.acts_for] == ["Ann"]
    assert [one.name for one in bob.reports] == ["Ann", "Dan"]
    assert bob.last_day is None


def test_the_last_day_is_told_before_it_and_after_it_and_not_of_who_is_back(world, reader):
    leave(world, "p_bob", date(2027, 3, 31))

    def last(days: int) -> date | None:
        with world.database.read() as session:
            page = person(session, reader, "p_bob", world.now + timedelta(days=days))
        assert page is not None
        return None if page.last_day is None else page.last_day.day

    assert last(0) == last(60) == date(2027, 3, 30)

    def back(tx) -> None:
        tx.session().add(
            PersonVersionRow(
                person="p_bob", valid_from=date(2028, 1, 1), name="Bob", email="bob@example.org"
            )
        )
        raise_revision(tx.connection, world.service.tools.entropy)

    world.database.write(back)
    assert last(0) == last(60) == date(2027, 3, 30)
    assert last(400) is None


def test_who_is_about_to_leave_is_known_from_cases_until_the_directory_knows(world, reader):
    world.publish(NOTICE)
    case = world.start("notice", "p_ann", last_day="2027-04-30")
    world.start("notice", "p_dan", last_day="2027-03-31")
    leave(world, "p_fay", date(2027, 4, 1))

    def told():
        with world.database.read() as session:
            found = leavers(session, reader, world.now)
            page = person(session, reader, "p_ann", world.now)
        lines = [(one.name, one.last_day.day.isoformat(), one.last_day.told_by) for one in found]
        return lines, None if page is None else page.last_day

    assert told()[0] == [
        ("Dan", "2027-03-31", "NOT-0002"),
        ("Fay", "2027-03-31", None),
        ("Ann", "2027-04-30", "NOT-0001"),
    ]
    world.answer(world.task("moved", case), "bob", day="2027-03-15")
    assert told()[1] == LastDay(day=date(2027, 3, 15), told_by=case)
    world.answer(world.task("stays", case), "bob")
    assert told()[1] is None
    world.later(days=40)  # dan's last day is over, and he is still here
    assert looked(world, reader, "p_dan").day == date(2027, 4, 11)
    world.service.cancel("NOT-0002", None, "a mistake", world.now)
    assert told()[0] == []  # and fay has left


def test_where_somebody_is_named_is_told_as_far_as_operators_may_know(world, reader):
    world.publish(SECRET)
    world.start("secret", "p_ann", buddy="p_bob")
    world.start("secret", "p_dan", buddy="p_cy", rows=[{"who": "p_bob"}])
    world.start("secret", "p_dan", buddy="p_cy", hidden="p_bob")
    world.start("secret", "p_bob", buddy="p_bob")
    with world.database.read() as session:
        page = mentions(session, reader, "p_bob", world.now)
        short = mentions(session, reader, "p_bob", world.now, limit=1)
    assert [(one.line.name, one.fields) for one in page.items] == [
        ("SEC-0002", ("Who helps",)),
        ("SEC-0001", ("Buddy",)),
    ]
    assert [one.line.name for one in short.items] == ["SEC-0002"]
    assert short.after is not None


def test_a_roster_without_somebody_shares_all_else(world, reader):
    with world.database.read() as session:
        roster = reader.directory.facts(session, world.now).roster
    left = without(roster, "p_eve")
    assert left.roles == {}
    assert left.queues == {"it": ("p_fay",)}
    assert left.people["p_eve"]["active"] is False
    assert left.people["p_eve"]["roles"] == []
    assert left.people["p_ann"] is roster.people["p_ann"]
    assert roster.people["p_eve"]["active"] is True
