"""People from outside: in the directory with the answer that names them, and reached by mail."""

import threading
from datetime import date, timedelta

import pytest
from sqlalchemy import text
from support.imports import ADDRESSES, import_people, owners, without
from support.world import PEOPLE, World, found

from engine.audit import verify
from engine.directory import plan_people, read_sheet
from engine.queries import Reader, people, read_names
from engine.service import Accepted, Brief, CohortLine, StartRefused, Submission
from engine.service.submitting import submit
from engine.store import Database, Transaction
from engine.store.tables import CaseRow, EventRow, GuestRow, OutboxRow, PersonRow

PANEL = """\
process: panel
version: 1
subject: person
people: {manager: subject.manager}
data:
  first: {type: guest, from: start, required: false}
  candidates:
    type: table
    required: false
    columns: {who: guest, why: {type: text, required: false}}
states:
  collect: {task: {to: manager, fields: [candidates], due: 2 workdays}}
  ask:
    each: one in data.candidates.map(row, row.who)
    task: {to: one, title: "A question for you, {{ one.name }}", fields: {yes: yes_no}, due: 5 workdays}
  closed: {end: done}
on:
  person.left: {end: withdrawn}
tests:
  - name: two
    people: {subject: ann, manager: bob}
    play:
      - bob collect: {candidates: [{who: cara}]}
      - cara ask: {yes: true}
    expect: {ended: done}
"""
CARA = {"name": "Cara Doe", "email": "Cara.Doe@example.net"}
DAN = {"name": "Daniel", "email": "DAN@example.org"}  # works here


def asked(world: World, *guests: dict) -> str:
    world.publish(PANEL)
    case = world.start("panel")
    done = world.answer("collect", "bob", candidates=[{"who": each} for each in guests])
    assert isinstance(done, Accepted), done
    return case


def briefs(world: World) -> list[Brief]:
    world.later(hours=1)
    numbers = [row.id for row in world.rows(OutboxRow) if row.status == "pending"]
    told = [world.service.brief(number, world.now) for number in numbers if number is not None]
    return [each for each in told if isinstance(each, Brief)]


def test_a_guest_is_in_the_directory_with_the_answer_and_gets_the_task(world: World):
    case = asked(world, CARA)

    (guest,) = world.rows(GuestRow)
    assert (guest.name, guest.email) == ("Cara Doe", "Cara.Doe@example.net")
    assert owners(world) == {"ask.item.task": [guest.id]}
    (letter,) = [each for each in briefs(world) if each.to.id == guest.id]
    assert (letter.to.name, letter.to.email) == ("Cara Doe", "Cara.Doe@example.net")
    assert letter.task is not None
    assert letter.task.title == "A question for you, Cara Doe"
    assert letter.link is not None
    with world.database.read() as session:
        assert read_names(session, [guest.id]).of(guest.id) == "Cara Doe"
    done = world.service.submit(
        Submission(
            task=next(iter(world.open_tasks().values())), button="submit", answers={"yes": True}, by=guest.id,
            assurance="link", request="r",
        ),
        world.now,
    )  # fmt: skip
    assert isinstance(done, Accepted)
    assert world.case(case).outcome == "done"


def test_an_address_is_one_person_however_it_is_spelled_and_whoever_it_is(world: World):
    asked(world, CARA, {"name": "C. Doe", "email": "cara.doe@EXAMPLE.net"}, DAN)

    (guest,) = world.rows(GuestRow)
    assert guest.name == "Cara Doe"
    assert owners(world) == {"ask.item.task": [guest.id, "p_dan"]}


def test_the_public_history_knows_no_guest_by_name_or_address(world: World):
    case = asked(world, CARA)

    public = " ".join(row.public for row in world.rows(EventRow))
    assert world.rows(GuestRow)[0].id in public
    for personal in ("Cara", "Doe", "example.net"):
        assert personal not in public
    assert case == "PAN-0001"
    assert verify(world.database).ok


def test_a_guest_is_no_employee_and_in_no_cohort(world: World):
    asked(world, CARA)
    (guest,) = world.rows(GuestRow)
    reader = Reader(directory=world.service.tools.directory)

    with world.database.read() as session:
        facts = world.service.tools.directory.facts(session, world.now)
        here = people(session, reader, "", world.now)
        everybody = people(session, reader, "cara", world.now, everybody=True)

    assert {name: value for name, value in facts.person(guest.id).items() if value} == {
        "id": guest.id, "name": "Cara Doe", "email": "Cara.Doe@example.net", "language": "en",
        "guest": True,
    }  # fmt: skip
    assert [one.name for one in here] == sorted(name.title() for name in PEOPLE)
    assert [(one.name, one.guest, one.number) for one in everybody] == [("Cara Doe", True, None)]


def test_a_case_may_be_about_a_guest(world: World):
    asked(world, CARA)
    (guest,) = world.rows(GuestRow)

    about = world.start("panel", subject=guest.id)

    assert world.case(about).subject == guest.id
    assert [row.code for row in world.incidents()] == ["no-owner"]  # nobody is their manager


def test_a_start_names_guests_too_and_a_wrong_address_starts_nothing(world: World):
    world.publish(PANEL)
    world.start("panel", first=CARA)
    number = world.service.start_cohort(
        "two", "panel",
        [
            CohortLine(line=1, subject="p_dan", data={"first": {**CARA, "name": "Cara"}}),
            CohortLine(line=2, subject="p_fay", data={"first": {"name": "Eli", "email": "eli@x.example"}}),
        ],
        None, world.now,
    )  # fmt: skip
    launched = world.service.launch(number, 10, world.now)

    with pytest.raises(StartRefused, match="First: “cara” is no e-mail address"):
        world.start("panel", subject="p_eve", first={"name": "Cara", "email": "cara"})

    assert (launched.done, launched.refused) == (2, 0)
    assert sorted(str(row.name) for row in world.rows(GuestRow)) == ["Cara Doe", "Eli"]


def test_an_answer_that_is_not_kept_leaves_no_guest_behind(sqlite_world: World):
    world = sqlite_world
    world.publish(PANEL)
    world.start("panel")
    task = world.task("collect")

    answer = Submission(
        task=task, button="submit", answers={"candidates": [{"who": CARA}]}, by="p_bob",
        assurance="link", request="r",
    )  # fmt: skip

    def cut_off(tx: Transaction) -> None:
        tools = world.service.tools
        facts = tools.directory.facts(tx.connection, world.now)
        assert isinstance(submit(tools, tx, answer, facts, world.now), Accepted)
        raise RuntimeError("the power went")

    with pytest.raises(RuntimeError):
        world.database.write(cut_off)

    assert world.rows(GuestRow) == []
    world.answer("collect", "bob", candidates=[{"who": CARA}])
    assert len(world.rows(GuestRow)) == 1


def test_answers_of_one_moment_that_name_the_same_guest_find_one_another(world: World):
    world.publish(PANEL)
    for person in ("p_ann", "p_dan"):
        world.start("panel", subject=person)
    tasks = list(world.open_tasks().values()) + [
        world.task("collect", case) for case in (row.name for row in world.rows(CaseRow))
    ]
    submissions = [
        Submission(
            task=task, button="submit", answers={"candidates": [{"who": CARA}]}, by="p_bob",
            assurance="link", request=f"r{n}",
        )
        for n, task in enumerate(dict.fromkeys(tasks))
    ]  # fmt: skip
    assert all(
        isinstance(each, Accepted) for each in world.service.submit_many(submissions, world.now)
    )
    (guest,) = world.rows(GuestRow)
    assert owners(world) == {"ask.item.task": [guest.id, guest.id]}


BOTH = """\
process: both
version: 1
subject: person
people: {manager: subject.manager}
data: {who: {type: guest}}
states:
  first:
    parallel:
      name: {task: {to: manager, fields: [who]}}
      sign: {task: {to: subject}}
  ask: {task: {to: data.who, fields: {yes: yes_no}}}
  closed: {end: done}
"""


def test_the_answer_after_the_one_that_names_a_guest_finds_them(world: World):
    world.publish(BOTH)
    world.start("both")
    submissions = [
        Submission(task=world.task(task), button="submit", answers=answers, by=by,
                   assurance="link", request=task)
        for task, answers, by in (("first.name", {"who": CARA}, "p_bob"), ("first.sign", {}, "p_ann"))
    ]  # fmt: skip
    world.service.submit_many(submissions, world.now)

    (guest,) = world.rows(GuestRow)
    assert owners(world) == {"ask": [guest.id]}
    assert world.incidents() == []


def test_two_processes_that_name_the_same_guest_write_one(world: World, database_url: str):
    """On PostgreSQL two writers stand side by side; the second waits for the first."""
    world.publish(PANEL)
    cases = [world.start("panel", subject=person) for person in ("p_ann", "p_dan", "p_bob")]
    tasks = [world.task("collect", case) for case in cases]
    others = [Database.open(database_url, migrate=False) for _ in range(2)]
    done: list[object] = []

    def answer(number: int) -> None:
        service = found(others[number], seed=20 + number)
        by = "p_bob"
        done.append(
            service.submit(
                Submission(
                    task=tasks[number], button="submit", answers={"candidates": [{"who": CARA}]},
                    by=by, assurance="link", request=f"r{number}",
                ),
                world.now,
            )
        )  # fmt: skip

    threads = [threading.Thread(target=answer, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for other in others:
        other.close()

    assert [type(each) for each in done] == [Accepted, Accepted]
    assert len(world.rows(GuestRow)) == 1


def test_a_guest_reads_in_the_mail_as_what_they_were_named(world: World):
    each = "each: one in data.candidates.map(row, row.who)\n    task: {to: one"
    world.publish(
        PANEL.replace(each, "task: {to: data.first").replace("one.name", "data.first.name")
    )
    world.start("panel", first=CARA)
    world.answer("collect", "bob")

    (letter,) = [one for one in briefs(world) if one.to.name == "Cara Doe"]
    assert letter.task is not None
    assert letter.task.why == "You are asked because you were named as “first”."


# --- a guest who comes to work here ---


@pytest.fixture
def hired(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(ADDRESSES, "cara", "cara.doe@example.net")
    return without(cara=("bob", "Sales"))


def test_a_guest_who_is_hired_keeps_the_id_and_the_open_task(world: World, hired):
    asked(world, CARA)
    (guest,) = world.rows(GuestRow)

    imported = import_people(world, hired)

    assert imported.persons == (guest.id,)
    (person,) = [row for row in world.rows(PersonRow) if row.number == "n-cara"]
    assert person.id == guest.id
    assert owners(world) == {"ask.item.task": [guest.id]}
    world.advance()
    assert owners(world) == {"ask.item.task": [guest.id]}
    with world.database.read() as session:
        cara = world.service.tools.directory.facts(session, world.now).person(guest.id)
    assert (cara["active"], cara["department"], cara.get("guest")) == (True, "Sales", None)


def test_until_the_first_day_a_guest_who_is_hired_stays_a_guest(world: World, hired):
    asked(world, CARA)
    (guest,) = world.rows(GuestRow)
    import_people(world, hired, world.now.date() + timedelta(days=30))

    def cara() -> tuple[bool, bool]:
        with world.database.read() as session:
            known = world.service.tools.directory.facts(session, world.now).person(guest.id)
        return known["active"], bool(known.get("guest"))

    assert cara() == (False, True)
    asked_again = world.start("panel", subject="p_dan", first={"name": "C", "email": CARA["email"]})
    assert world.case(asked_again) is not None
    assert len(world.rows(GuestRow)) == 1
    world.later(days=31)
    assert cara() == (True, False)


def test_the_preview_of_an_import_says_who_is_known_as_a_guest(world: World, hired):
    asked(world, CARA)
    lines = "number,name,email,private_email\n7,Cara Doe,cdoe@example.org,cara.doe@example.NET\n"

    with world.database.read() as session:
        plan = plan_people(read_sheet(lines.encode()), session.connection(), date(2027, 3, 1))

    assert plan.changes[0].person == world.rows(GuestRow)[0].id
    assert [note.partition(" by ")[0] for note in plan.notes] == [
        "Cara Doe (7) is known as a guest"
    ]


def test_who_left_and_is_named_by_the_address_at_work_is_known_and_not_written_to(world: World):
    import_people(world, without("dan"))
    asked(world, DAN)

    assert world.rows(GuestRow) == []
    assert owners(world) == {"ask.item.task": []}


def test_who_left_and_is_named_by_a_private_address_is_a_guest_with_the_same_id(world: World):
    home = "number,name,email,private_email,location\nn-dan,Dan,dan@example.org,Dan@home.example,Berlin\n"
    with world.database.read() as session:
        plan = plan_people(read_sheet(home.encode()), session.connection(), world.now.date())
    world.service.import_people(plan, None, world.now)
    import_people(world.later(days=1), without("dan"))
    asked(world, {"name": "Daniel D.", "email": "dan@HOME.example"})

    assert owners(world) == {"ask.item.task": ["p_dan"]}
    (letter,) = [one for one in briefs(world) if one.to.id == "p_dan"]
    assert (letter.to.name, letter.to.email) == ("Dan", "dan@home.example")


def test_the_migration_leaves_those_who_work_here_as_they_were(world: World):
    with world.database.read() as session:
        count = session.connection().scalar(
            text("SELECT count(*) FROM person_version WHERE private_email IS NOT NULL")
        )
    assert count == 0
