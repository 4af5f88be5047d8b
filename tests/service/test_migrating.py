"""Running cases go to another version: rows, letters, waits, history, and the plan that says so."""

import json
import sqlite3
from collections import Counter
from datetime import timedelta

import pytest
from sqlmodel import col, select
from support.invariants import check_everything
from support.world import World, loaded

from engine.audit.findings import Fault
from engine.audit.verify import verify
from engine.core.mapping import BY_NAME
from engine.loader import against
from engine.queries import Reader, case, history
from engine.service import Refused, Versions
from engine.service.migrating import Became
from engine.store.tables import AssignmentRow, CaseRow, DefinitionRow, OutboxRow, TaskRow, WaitRow
from engine.versions import Outcome, Plan, plan_from_json, plan_to_json

ONE = """
process: mid-year
version: 1
subject: person
people: {manager: subject.manager, desk: {role: it-desk}}
data:
  note: {type: text, required: false}
forms:
  note: {fields: [note]}
states:
  write:
    task: {to: subject, form: note, due: 10 days, buttons: [submit, skip, hold]}
    remind: [3 days before due, at due]
    on: {submit: director_signoff, skip: talk, hold: rest}
  director_signoff: {task: {to: manager, due: 5 days}, remind: at due, then: closed}
  talk: {task: {to: desk, due: 8 days}, remind: at due, then: closed}
  rest: {wait: {for: talks.opened}}
  closed: {end: done}
"""
TWO = (
    ONE.replace("version: 1", "version: 2")
    .replace("director_signoff", "hrbp_signoff")
    .replace("due: 8 days", "due: 3 days")
    .replace("  rest:", "  pause:")
    .replace("hold: rest", "hold: pause")
)
RULE = """
migrate:
  from 1: {states: {director_signoff: hrbp_signoff, rest: pause}, timers: recompute}
"""
BUTTONS = ("submit", "skip", "hold", None)


def begin(world: World, source: str = ONE) -> dict[str | None, str]:
    """A case in each of the states, by the button that led there."""
    world.publish(source)
    cases = {}
    for button in BUTTONS:
        name = world.start("mid-year")
        if button is not None:
            world.answer(world.task("write", name), "ann", button)
        cases[button] = name
    return cases


def plan_of(world: World, source: str) -> Plan:
    found = loaded(source, "mid-year.yaml")
    assert found.definition is not None, found.diagnostics
    versions = Versions(service=world.service)
    running = versions.running("mid-year", found.definition.version)
    rules = dict.fromkeys(running, BY_NAME)
    olds = versions.definitions("mid-year", list(running))
    for written in found.migrations:
        if written.version in olds:
            rules[written.version], problems = against(written, olds[written.version])
            assert problems == ()
    return versions.plan(found.definition, rules, world.now)


def migrate(world: World, plan: Plan):
    """By way of its file, as an operator does it."""
    read = plan_from_json(json.loads(json.dumps(plan_to_json(plan))), "plan.json")
    assert read == plan
    return {
        each.case: each
        for each in Versions(service=world.service).migrate(read, read.cases, "p_cy", world.now)
    }


def outcomes(plan: Plan) -> dict[str, str]:
    return {each.case: each.plan.outcome.value for each in plan.cases}


def test_what_was_planned_is_what_becomes_of_every_case(world: World):
    cases = begin(world)
    world.later(days=1)
    plan = plan_of(world, TWO + RULE)
    assert {button: outcomes(plan)[name] for button, name in cases.items()} == {
        "submit": "renamed",
        "skip": "closer",
        "hold": "renamed",
        None: "same",
    }
    before = {row.name: row.snapshot for row in world.rows(CaseRow)}
    assert sum(each.plan.reminders for each in plan.cases) == 1

    world.publish(TWO + RULE)
    done = migrate(world, plan)

    assert {each.became for each in done.values()} == {Became.MOVED}
    assert Counter(each.outcome for each in done.values()) == Counter(
        each.plan.outcome for each in plan.cases
    )
    numbers = {row.version: row.id for row in world.rows(DefinitionRow)}
    assert {row.definition_id for row in world.rows(CaseRow)} == {numbers[2]}
    assert {row.name: row.snapshot for row in world.rows(CaseRow)}[cases[None]] == before[
        cases[None]
    ]
    states = {row.key: row.state for row in world.rows(TaskRow) if row.status == "open"}
    assert states == {
        "director_signoff#1": "hrbp_signoff",
        "talk#1": "talk",
        "write#1": "write",
    }
    check_everything(world.database)
    assert verify(world.database).finding is None


def test_a_task_that_goes_on_keeps_its_row_its_owner_and_its_letters(world: World):
    begin(world)
    held = sorted((row.task_id, row.person, row.ended_at) for row in world.rows(AssignmentRow))
    letters = len(world.rows(OutboxRow))
    plan = plan_of(world, TWO + RULE)
    world.publish(TWO + RULE)
    migrate(world, plan)

    assert held == sorted(
        (row.task_id, row.person, row.ended_at) for row in world.rows(AssignmentRow)
    )
    assert len(world.rows(OutboxRow)) == letters
    world.answer("director_signoff", "bob")  # by the key that its page and its link know
    assert {row.outcome for row in world.rows(CaseRow)} == {None, "done"}
    check_everything(world.database)


def test_a_wait_under_another_name_hears_its_signal(world: World):
    cases = begin(world)
    plan = plan_of(world, TWO + RULE)
    world.publish(TWO + RULE)
    migrate(world, plan)

    assert {(row.place, row.signal) for row in world.rows(WaitRow)} == {("pause", "talks.opened")}
    world.service.signal("talks.opened", {}, None, None, world.now)
    world.advance()
    assert world.case(cases["hold"]).outcome == "done"


def test_a_case_without_a_place_is_named_and_nothing_moves(world: World):
    cases = begin(world)
    plan = plan_of(world, TWO)
    world.publish(TWO)

    assert {each.case: each.plan.place for each in plan.having(Outcome.STRANDED)} == {
        cases["submit"]: "director_signoff",
        cases["hold"]: "rest",
    }
    with pytest.raises(Refused, match=rf"{cases['submit']} and 1 more .* has nothing for it"):
        migrate(world, plan)
    assert len({row.definition_id for row in world.rows(CaseRow)}) == 1


def test_cases_may_stay_and_run_on_to_their_end(world: World):
    cases = begin(world)
    source = TWO + "migrate:\n  from 1: {states: {director_signoff: stay}, else: stay}\n"
    plan = plan_of(world, source)
    world.publish(source)
    done = migrate(world, plan)

    stayed = {each.case for each in done.values() if each.became is Became.STAYED}
    assert stayed == {cases["submit"], cases["hold"]}
    world.answer("director_signoff", "bob")
    assert world.case(cases["submit"]).outcome == "done"
    assert verify(world.database).finding is None


def test_a_plan_wants_the_text_it_was_made_with(world: World):
    begin(world)
    plan = plan_of(world, TWO + RULE)

    with pytest.raises(Refused, match="not published yet"):
        migrate(world, plan)
    world.publish(TWO + RULE + "# mended\n")
    with pytest.raises(Refused, match="another text"):
        migrate(world, plan)


def test_a_case_that_moved_on_since_the_plan_is_planned_again_and_told(world: World):
    cases = begin(world)
    plan = plan_of(world, TWO + RULE)
    world.publish(TWO + RULE)
    world.answer(world.task("write", cases[None]), "ann", "skip")
    world.answer("director_signoff", "bob")

    done = migrate(world, plan)

    again = done[cases[None]]
    assert (again.became, again.outcome) == (Became.MOVED_ANEW, Outcome.CLOSER)
    assert again.note == "it moved on since the plan: same became closer"
    assert done[cases["submit"]].became is Became.CLOSED
    assert verify(world.database).finding is None


def test_a_case_that_would_send_more_than_was_planned_is_left_and_told(world: World):
    cases = begin(world)
    source = TWO + RULE.replace("rest: pause", "rest: pause, talk: write")
    plan = plan_of(world, source)
    world.publish(source)
    world.answer(world.task("write", cases[None]), "ann", "skip")

    done = migrate(world, plan)

    assert done[cases[None]].became is Became.LEFT
    assert "would send 2 mails; plan again" in done[cases[None]].note
    assert done[cases["skip"]].became is Became.MOVED
    again = migrate(world, plan_of(world, source))
    assert {name: each.became for name, each in again.items()} == {cases[None]: Became.MOVED}


def test_the_same_plan_again_finds_everything_done(world: World):
    begin(world)
    plan = plan_of(world, TWO + RULE)
    world.publish(TWO + RULE)
    migrate(world, plan)
    seqs = {row.name: row.seq for row in world.rows(CaseRow)}

    again = migrate(world, plan)

    assert {each.became for each in again.values()} == {Became.BEFORE}
    assert {row.name: row.seq for row in world.rows(CaseRow)} == seqs


def test_the_history_and_the_page_tell_it_in_words(world: World):
    cases = begin(world)
    plan = plan_of(world, TWO + RULE)
    world.publish(TWO + RULE)
    migrate(world, plan)
    reader = Reader(directory=world.service.tools.directory)

    with world.database.read() as session:
        lines = history(session, reader, cases["submit"])
        page = case(session, reader, cases["submit"], world.now)

    (told,) = [line for line in lines if line.kind == "case.migrated"]
    assert told.words == (
        "p_cy moved the case from version 1 of its process to version 2: “Director signoff” is "
        "called “Hrbp signoff” now."
    )
    assert (told.version, told.detail) == (2, False)
    assert [place.title for place in page.places] == ["Hrbp signoff"]
    assert {line.version for line in lines} == {1, 2}


def test_other_texts_alone_are_taken_over_by_running_cases(world: World):
    source = ONE.replace("talk: {task: {to: desk,", "talk: {task: {to: desk, title: Talk,")
    cases = begin(world, source)
    patch = source.replace("version: 1", "version: 2").replace("title: Talk", "title: Let us talk")
    world.later(hours=1).publish(patch)
    versions = Versions(service=world.service)

    rounds, after = [], 0
    while after is not None:
        patched = versions.patch("mid-year", after, 3, world.now)
        rounds.append(patched.moved)
        after = patched.after

    assert rounds == [3, 1]
    assert versions.running("mid-year", 2) == {}
    with world.database.read() as session:
        titles = session.exec(select(TaskRow.title).where(col(TaskRow.key) == "talk#1")).all()
    assert titles == ["Let us talk"]
    assert verify(world.database).finding is None
    assert world.case(cases["skip"]).outcome is None


@pytest.mark.parametrize(
    "more", ["migrate:\n  from 1: {else: stay}\n", "# and an hour\n"], ids=["a rule", "a deadline"]
)
def test_what_is_no_patch_moves_nothing_by_itself(world: World, more: str):
    begin(world)
    patch = ONE.replace("version: 1", "version: 2") + more
    if more.startswith("#"):
        patch = patch.replace("due: 5 days", "due: 6 days")
    world.publish(patch)

    assert Versions(service=world.service).patch("mid-year", 0, 10, world.now).moved == 0


def test_new_work_of_a_migration_is_asked_for_by_mail(world: World):
    cases = begin(world)
    source = TWO + RULE.replace("rest: pause", "rest: talk")
    plan = plan_of(world, source)
    (held,) = [each for each in plan.cases if each.case == cases["hold"]]
    letters = len(world.rows(OutboxRow))
    world.publish(source)
    migrate(world, plan)

    assert (held.plan.outcome, held.plan.mails) == (Outcome.ANEW, 1)
    new = sorted(world.rows(OutboxRow), key=lambda row: row.id)[letters:]
    assert [(row.kind, row.person) for row in new] == [("task", "p_eve")]


def test_the_verifier_names_an_altered_line_of_a_migration(sqlite_world: World):
    world = sqlite_world
    cases = begin(world)
    plan = plan_of(world, TWO + RULE)
    world.publish(TWO + RULE)
    migrate(world, plan)
    raw = sqlite3.connect(world.database._writing.url.database)
    for (name,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        raw.execute(f"DROP TRIGGER {name}")
    line = "case_id = (SELECT id FROM \"case\" WHERE name = ?) AND kind = 'case.migrated'"
    (seq,) = raw.execute(f"SELECT seq FROM event WHERE {line}", (cases["submit"],)).fetchone()
    raw.execute(
        f"UPDATE event SET public = replace(public, 'recompute', 'keep') WHERE {line}",
        (cases["submit"],),
    )
    raw.commit()
    raw.close()

    finding = verify(world.database).finding

    assert (finding.fault, finding.case, finding.seq) == (Fault.CHANGED, cases["submit"], seq)


def test_a_deadline_that_comes_closer_may_be_past_and_then_escalates_at_once(world: World):
    begin(world)
    world.later(days=5)
    plan = plan_of(world, TWO + RULE)
    (closer,) = plan.having(Outcome.CLOSER)

    assert (closer.plan.past, closer.plan.at_once) == (True, 1)
    (date,) = closer.plan.dates
    assert (date.was - date.becomes, date.becomes < world.now) == (timedelta(days=5), True)


def test_a_case_that_is_sent_to_an_end_closes_and_leaves_nothing_behind(world: World):
    cases = begin(world)
    source = TWO + RULE.replace("rest: pause", "rest: pause, talk: closed")
    plan = plan_of(world, source)
    world.publish(source)
    migrate(world, plan)

    assert [each.case for each in plan.having(Outcome.CLOSES)] == [cases["skip"]]
    assert world.case(cases["skip"]).outcome == "done"
    check_everything(world.database)
    assert verify(world.database).finding is None


def test_what_an_incident_holds_is_taken_under_the_version_that_mends_it(world: World):
    broken = """
process: fix
version: 1
subject: person
data: {mark: {type: integer, required: false}}
states:
  ask: {task: {to: subject}, then: look}
  look:
    decide: [{if: "data.mark > 3", go: closed}, {otherwise: closed}]
  closed: {end: done}
"""
    world.publish_unproved(broken)
    name = world.start("fix")
    held = world.answer("ask", "ann")
    mended = broken.replace("version: 1", "version: 2").replace(
        "data.mark > 3", "has(data.mark) && data.mark > 3"
    )
    found = loaded(mended, "fix.yaml").definition
    versions = Versions(service=world.service)
    plan = versions.plan(found, {1: BY_NAME}, world.now)
    world.publish(mended)

    versions.migrate(plan, plan.cases, None, world.now)
    world.service.retry(held.incident, "p_eve", world.now)

    assert world.case(name).outcome == "done"
    assert verify(world.database).finding is None
