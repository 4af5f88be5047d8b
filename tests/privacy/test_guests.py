"""Name and address of a guest go when nothing needs them any more, and not a day before."""

from datetime import timedelta

import pytest
from attackers import copy_of
from support.imports import ADDRESSES, import_people, without
from support.world import World

from engine.audit.verify import verify
from engine.queries import Reader, history
from engine.store.tables import GuestRow, OutboxRow

ASK = """\
process: ask
version: 1
subject: person
people: {manager: subject.manager}
retention: {answers: 2 months}
data:
  who: {type: guest}
states:
  name: {task: {to: manager, fields: [who], due: 5 workdays}}
  ask:  {task: {to: data.who, title: "Dear {{ data.who.name }}", fields: {yes: yes_no}, due: 5 workdays}}
  closed: {end: done}
"""
CARA = {"name": "Cara Doe", "email": "cara.doe@example.net"}
SECRETS = ("Cara", "Doe", "example.net")


def asked(world: World) -> str:
    world.publish(ASK)
    case = world.start("ask")
    world.answer("name", "bob", who=CARA)
    return case


def closed(world: World) -> str:
    case = asked(world)
    (guest,) = world.rows(GuestRow)
    world.answer("ask", guest.id.removeprefix("p_"), yes=True)
    for row in world.rows(OutboxRow):
        if row.status == "pending":
            world.service.sent(row.id, world.now)
    return case


def night(world: World) -> tuple[str, ...]:
    for erasure in world.service.erasures(world.now):
        world.service.erase(erasure, None, world.now)
    return world.service.forget_guests(world.service.guests_due(world.now), world.now)


def left(world: World) -> list[str]:
    text = copy_of(world.database).text()
    return [word for word in SECRETS if word.encode() in text]


def test_a_guest_is_erased_when_the_retention_of_the_last_case_is_over(world: World):
    case = closed(world)
    (guest,) = world.rows(GuestRow)

    world.later(days=50)
    assert night(world) == ()
    world.later(days=15)
    assert world.service.guests_due(world.now) == (guest.id,)
    assert night(world) == (guest.id,)
    assert night(world) == ()

    world.database.forget_old_pages()
    assert left(world) == []
    assert verify(world.database).ok
    with world.database.read() as session:
        reader = Reader(directory=world.service.tools.directory)
        told = " ".join(line.words for line in history(session, reader, case))
    assert "a guest whose name was erased" in told
    assert "unknown" not in told


def test_an_open_case_keeps_a_guest_however_long_it_takes(world: World):
    asked(world)
    world.later(days=700)

    assert night(world) == ()
    assert left(world) == list(SECRETS)


def test_another_case_that_names_the_guest_keeps_them(world: World):
    closed(world)
    world.later(days=60)
    world.start("ask", subject="p_dan")
    world.answer("name", "bob", who={**CARA, "name": "Anybody"})
    world.later(days=60)

    assert night(world) == ()
    assert "Cara" in left(world)


def test_a_legal_hold_keeps_a_guest_too(world: World):
    case = closed(world)
    world.service.place_hold(case, None, "a lawsuit", world.now)
    world.later(days=100)
    assert night(world) == ()
    world.service.lift_hold(case, None, "settled", world.now)

    assert len(night(world)) == 1


def test_a_process_without_retention_keeps_its_guests(world: World):
    world.publish(ASK.replace("retention: {answers: 2 months}\n", ""))
    world.start("ask")
    world.answer("name", "bob", who=CARA)
    world.service.cancel("ASK-0001", None, "a mistake", world.now)
    world.later(days=5000)

    assert night(world) == ()


def test_who_is_named_again_after_being_erased_is_somebody_new(world: World):
    closed(world)
    (first,) = world.rows(GuestRow)
    world.later(days=100)
    night(world)
    world.start("ask", subject="p_dan")
    world.answer("name", "bob", who=CARA)

    names = {row.id: row.name for row in world.rows(GuestRow)}
    assert names.pop(first.id) is None
    assert list(names.values()) == ["Cara Doe"]


def test_who_was_hired_is_no_guest_any_more_and_keeps_the_name(
    world: World, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setitem(ADDRESSES, "cara", CARA["email"])
    closed(world)
    (guest,) = world.rows(GuestRow)
    import_people(world, without(cara=("bob", "Sales")))
    world.later(days=100)

    assert night(world) == (guest.id,)
    assert world.rows(GuestRow) == []
    with world.database.read() as session:
        facts = world.service.tools.directory.facts(session, world.now)
        assert facts.person(guest.id)["name"] == "Cara"


def test_who_is_named_while_the_night_goes_on_stays(world: World):
    closed(world)
    world.later(days=100)
    due = world.service.guests_due(world.now)
    world.start("ask", subject="p_dan")
    world.answer("name", "bob", who=CARA)

    assert len(due) == 1
    assert world.service.forget_guests(due, world.now + timedelta(hours=1)) == ()
