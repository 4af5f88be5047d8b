"""The way of one answer, and everything that can be in its way."""

import threading
from dataclasses import replace

import orjson
import pytest
from sqlmodel import select
from support.processes import LAPTOP, LATE, STUCK
from support.world import World, entropy, found

from engine.core.chart import Assurance
from engine.links import DeadLink, exchange, mint, seats
from engine.loader import load_text
from engine.service import (
    Accepted,
    AlreadyRecorded,
    Definitions,
    Held,
    NeedsAssurance,
    NotYours,
    Refused,
    Submission,
)
from engine.store.tables import AssignmentRow, CaseRow, EventRow, LinkRow, SessionRow


@pytest.fixture
def asked(world: World) -> World:
    world.publish(LAPTOP)
    world.start("laptop-return")
    return world.later(hours=1)


def test_an_answer_moves_the_case_and_asks_the_next_person(asked: World):
    answered = asked.answer("ask", "ann", sent_on="2027-03-02")

    assert answered == Accepted(
        case="LAP-0001", outcome="submit", at=asked.now, reference=answered.reference
    )
    assert list(asked.open_tasks()) == ["check#1"]
    assert asked.letters() == [("task", "p_ann"), ("task", "p_eve")]
    assert asked.history("LAP-0001")[2:] == ["task.answered", "transition.taken", "task.opened"]


def test_the_reference_names_the_line_and_the_beginning_of_its_hash(asked: World):
    answered = asked.answer("ask", "ann", sent_on="2027-03-02")

    (line,) = [row for row in asked.rows(EventRow) if row.kind == "task.answered"]
    assert answered.reference == f"LAP-0001.{line.seq}.{line.hash.hex()[:16]}"
    assert (line.actor, line.assurance, line.request) == ("p_ann", "link", "r0")


def test_the_last_answer_closes_the_case(asked: World):
    asked.answer("ask", "ann", sent_on="2027-03-02")
    asked.answer("check", "eve", condition="good")

    case = asked.case("LAP-0001")
    assert (case.outcome, case.closed_at is not None) == ("done", True)
    assert asked.open_tasks() == {}
    assert asked.history("LAP-0001")[-1] == "case.closed"


def test_the_second_answer_is_told_what_was_recorded(asked: World):
    task = asked.task("ask")
    asked.answer(task, "ann", sent_on="2027-03-02")
    first = asked.now
    asked.later(hours=2)

    again = asked.answer(task, "ann", sent_on="2027-04-01")

    assert again == AlreadyRecorded(outcome="submit", by="p_ann", at=first)
    assert asked.history("LAP-0001").count("task.answered") == 1


def test_twenty_parallel_answers_are_one_decision(asked: World):
    task = asked.task("ask")
    barrier = threading.Barrier(20)
    answers = []

    def press() -> None:
        barrier.wait()
        answers.append(asked.answer(task, "ann", sent_on="2027-03-02"))

    threads = [threading.Thread(target=press) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert (
        sorted(type(each).__name__ for each in answers) == ["Accepted"] + ["AlreadyRecorded"] * 19
    )
    assert asked.history("LAP-0001").count("task.answered") == 1
    assert asked.letters() == [("task", "p_ann"), ("task", "p_eve")]


@pytest.mark.parametrize("who", ["bob", "nobody"])
def test_who_does_not_hold_the_task_changes_nothing(asked: World, who: str):
    assert asked.answer("ask", who, sent_on="2027-03-02") == NotYours()
    assert list(asked.open_tasks()) == ["ask#1"]


def test_a_task_that_does_not_exist_is_nobodys(asked: World):
    assert asked.answer("0" * 30, "ann") == NotYours()


def test_a_stranger_is_not_even_told_that_a_closed_task_was_answered(asked: World):
    task = asked.task("ask")
    asked.answer(task, "ann", sent_on="2027-03-02")

    assert asked.answer(task, "bob", sent_on="2027-03-02") == NotYours()


def test_a_button_that_the_task_has_not_is_refused(asked: World):
    with pytest.raises(Refused, match="no button 'approve'; it has submit"):
        asked.answer("ask", "ann", button="approve")


def test_a_task_that_wants_a_code_does_not_take_a_link(world: World):
    def sterner(source: str, name: str):
        loaded = load_text(source, name)
        states = tuple(
            replace(state, task=state.task and replace(state.task, assurance=Assurance.CODE))
            for state in loaded.definition.states
        )
        return replace(loaded, definition=replace(loaded.definition, states=states))

    world.service = found(world.database, definitions=Definitions(load=sterner))
    world.publish(LAPTOP)
    world.start("laptop-return")

    assert world.answer("ask", "ann", sent_on="2027-03-02") == NeedsAssurance(needed="code")
    assert isinstance(world.answer("ask", "ann", assurance="code", sent_on="2027-03-02"), Accepted)


def test_an_answer_kills_the_links_and_keeps_the_page_that_says_so(asked: World):
    (assignment,) = asked.rows(AssignmentRow)
    random = entropy(1)
    token = asked.database.write(lambda tx: mint(tx, assignment.id, "task", asked.now, random))
    opened = asked.database.write(lambda tx: exchange(tx, token, asked.now, random))

    asked.answer("ask", "ann", sent_on="2027-03-02")

    assert asked.database.write(lambda tx: exchange(tx, token, asked.now, random)) == DeadLink()
    with asked.database.read() as session:
        seat = seats.look_up(session, opened.token, asked.now)
    assert (seat.person, seat.task.status) == ("p_ann", "answered")


def test_a_withdrawn_task_kills_links_and_sessions(asked: World):
    (assignment,) = asked.rows(AssignmentRow)
    random = entropy(1)
    token = asked.database.write(lambda tx: mint(tx, assignment.id, "task", asked.now, random))
    asked.database.write(lambda tx: exchange(tx, token, asked.now, random))

    asked.service.cancel("LAP-0001", "p_eve", "a mistake", asked.now)

    assert all(row.revoked_at is not None for row in asked.rows(LinkRow))
    assert all(row.revoked_at is not None for row in asked.rows(SessionRow))


def test_many_answers_in_one_transaction_stand_or_fall_alone(asked: World):
    asked.start("laptop-return", subject="p_dan")
    tasks = {name: asked.task("ask", name) for name in ("LAP-0001", "LAP-0002")}

    def submission(case: str, by: str, button: str = "submit") -> Submission:
        answers = {"sent_on": "2027-03-02"}
        return Submission(task=tasks[case], button=button, answers=answers, by=by)

    before = asked.database.commits
    answers = asked.service.submit_many(
        [
            submission("LAP-0001", "p_ann", button="nonsense"),
            submission("LAP-0002", "p_dan"),
            submission("LAP-0001", "p_ann"),
            submission("LAP-0001", "p_ann"),
        ],
        asked.now,
    )

    assert [type(each) for each in answers] == [Refused, Accepted, Accepted, AlreadyRecorded]
    assert asked.database.commits == before + 1


# --- an answer and the clock ---


@pytest.fixture
def timed(world: World) -> World:
    """Due after two hours, escalated after three, given up after seven."""
    world.publish(LATE)
    world.start("feedback")
    return world


def test_a_timer_that_was_due_earlier_fires_before_the_answer(timed: World):
    timed.later(hours=3, minutes=30)  # nobody looked at the timers meanwhile

    answered = timed.answer("ask", "ann", words="good")

    assert isinstance(answered, Accepted)
    kinds = timed.history("FEE-0001")
    assert kinds.index("timer.fired") < kinds.index("task.answered")
    assert ("escalation", "p_bob") in timed.letters()
    assert timed.case("FEE-0001").outcome == "given"


def test_an_answer_after_the_end_finds_the_task_withdrawn(timed: World):
    task = timed.task("ask")
    timed.later(hours=8)

    answered = timed.answer(task, "ann", words="good")

    assert answered == AlreadyRecorded(outcome="withdrawn", by=None, at=timed.now)
    assert timed.case("FEE-0001").outcome == "missed"


def test_an_answer_at_the_very_deadline_beats_the_timer(timed: World):
    task = timed.task("ask")
    timed.later(hours=7)

    assert isinstance(timed.answer(task, "ann", words="good"), Accepted)
    assert timed.case("FEE-0001").outcome == "given"


def test_an_answer_received_before_the_deadline_beats_the_timer_whoever_runs_first(timed: World):
    timed.later(hours=6, minutes=59)
    timed.answer("ask", "ann", words="good")
    timed.later(hours=1)

    assert timed.advance() == 0
    assert timed.case("FEE-0001").outcome == "given"


def test_a_missed_timer_fires_once_with_its_due_instant(timed: World):
    timed.later(days=30)

    timed.advance()
    timed.advance()

    assert timed.history("FEE-0001").count("timer.fired") == 3  # reminder, escalation, the end
    assert timed.letters() == [
        ("task", "p_ann"),
        ("reminder", "p_ann"),
        ("escalation", "p_bob"),
    ]


# --- an answer that cannot be decided ---


@pytest.fixture
def stuck(world: World) -> World:
    world.publish(STUCK)
    world.start("stuck")
    return world.later(hours=1)


def test_an_answer_that_cannot_be_decided_is_kept_and_an_incident_says_why(stuck: World):
    answered = stuck.answer("both.ask", "ann", amount=3)

    (incident,) = stuck.incidents()
    assert answered == Held(incident=incident.id)
    assert incident.blocking
    assert "limit" in incident.message
    assert list(stuck.open_tasks()) == ["both.ask.task#1", "both.other.task#1"]
    assert stuck.history("STU-0001")[-1] == "incident.opened"


def test_a_second_answer_to_a_held_task_is_held_too_and_not_kept_twice(stuck: World):
    first = stuck.answer("both.ask", "ann", amount=3)

    assert stuck.answer("both.ask", "ann", amount=4) == first
    assert len(stuck.incidents()) == 1


def test_what_comes_after_a_held_event_waits_behind_it(stuck: World):
    held = stuck.answer("both.ask", "ann", amount=3)

    assert stuck.answer("both.other", "bob") == held
    assert len(stuck.open_tasks()) == 2
    assert stuck.advance() == 0
    assert stuck.service.due(stuck.now).events == 0


def test_a_held_case_can_be_cancelled(stuck: World):
    stuck.answer("both.ask", "ann", amount=3)

    stuck.service.cancel("STU-0001", "p_eve", "cannot be repaired", stuck.now)

    assert stuck.case("STU-0001").closed_at is not None
    assert stuck.incidents() == []
    assert stuck.open_tasks() == {}


def test_a_retry_without_a_repair_is_the_next_incident(stuck: World):
    held = stuck.answer("both.ask", "ann", amount=3)

    again = stuck.service.retry(held.incident, "p_eve", stuck.now)

    assert [incident.id for incident in stuck.incidents()] == [again]
    assert again != held.incident
    assert stuck.service.due(stuck.now).events == 0  # it waits again
    assert stuck.history("STU-0001")[-2:] == ["incident.closed", "incident.opened"]


def test_after_the_repair_the_kept_answers_count_in_their_order(stuck: World):
    held = stuck.answer("both.ask", "ann", amount=3)
    stuck.later(minutes=5).answer("both.other", "bob")
    repair(stuck, limit=2)

    assert stuck.later(minutes=5).service.retry(held.incident, "p_eve", stuck.now) is None

    assert stuck.case("STU-0001").outcome == "done"
    assert stuck.incidents() == []
    kinds = stuck.history("STU-0001")
    assert kinds.count("task.answered") == 2
    with pytest.raises(Refused, match="closed already"):
        stuck.service.retry(held.incident, "p_eve", stuck.now)


def repair(world: World, **data: object) -> None:
    """What a migration or an override does to the case file."""

    def job(tx) -> None:
        row = tx.session().exec(select(CaseRow)).one()
        snapshot = orjson.loads(row.snapshot)
        snapshot["data"] |= data
        row.snapshot = orjson.dumps(snapshot).decode()

    world.database.write(job)
