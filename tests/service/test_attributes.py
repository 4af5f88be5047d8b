"""Of people a history keeps what their process can read, and nothing else."""

import orjson
from support.invariants import check_everything
from support.world import World, loaded

from engine.service.attributes import attributes_read
from engine.store.tables import CaseRow, EventPrivateRow, EventRow

SIDES = """
process: sides
version: 1
subject: person
states:
  ask:
    task: {to: subject.manager, due: 5 workdays}
    on:
      submit:
        - {if: "subject.department == 'Sales'", go: both}
        - {otherwise: closed}
  both:
    parallel:
      left:  {task: {to: subject}}
      right: {task: {to: subject.manager}}
  closed: {end: done}
"""
WELCOME = SIDES.replace("due: 5 workdays", 'title: "Welcome {{ subject }}"')


def read_by(source: str) -> frozenset[str]:
    definition = loaded(source, "sides").definition
    assert definition is not None
    return attributes_read(definition)


def test_every_word_of_every_expression_may_be_an_attribute():
    assert {"active", "manager", "department"} <= read_by(SIDES)
    assert read_by(SIDES).isdisjoint({"name", "email", "grade", "title"})


def test_a_text_with_a_placeholder_shows_people_by_name():
    assert "name" in read_by(WELCOME)


def test_a_history_keeps_no_names_that_its_process_does_not_read(world: World):
    world.publish(SIDES)
    world.start("sides")
    people = [
        person
        for row in world.rows(EventPrivateRow)
        for person in orjson.loads(row.payload).get("facts", {}).get("people", {}).values()
    ]

    assert people != []
    # The location is read too: it says whose working days count.
    assert {name for person in people for name in person} == {"manager", "department", "location"}


def test_what_a_transition_enters_stands_in_its_own_line(world: World):
    world.publish(SIDES)
    world.start("sides")
    world.answer("ask", "bob")

    told = [
        (row.kind, orjson.loads(row.public))
        for row in world.rows(EventRow)
        if row.kind in {"case.started", "transition.taken", "state.entered", "state.exited"}
    ]
    assert [(kind, public.get("exited"), public["entered"]) for kind, public in told] == [
        ("case.started", None, ["ask"]),
        ("transition.taken", ["ask"], ["both", "both.left", "both.right"]),
    ]


SEATS = """
process: seats
version: 1
subject: person
states:
  look:
    decide:
      - {if: '"it-desk" in subject.roles', go: hand_on}
      - {otherwise: closed}
  hand_on: {task: {to: subject}}
  closed: {end: done}
"""


def test_a_process_reads_the_positions_of_a_person_and_replays_with_them(world: World):
    world.publish(SEATS)
    world.start("seats", "p_eve")  # of whom the world says that she holds `it-desk`
    world.start("seats", "p_ann")
    kept = [
        person
        for row in world.rows(EventPrivateRow)
        for person in orjson.loads(row.payload).get("facts", {}).get("people", {}).values()
    ]

    assert [(row.subject, row.outcome) for row in world.rows(CaseRow)] == [
        ("p_eve", None),
        ("p_ann", "done"),
    ]
    assert [person["roles"] for person in kept if "roles" in person] == [["it-desk"]]
    check_everything(world.database)
