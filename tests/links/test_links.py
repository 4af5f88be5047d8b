"""Links and sessions: as good as the hold on the task is, and never any longer."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import select

from engine.links import (
    LINK_LIFETIME,
    SESSION_LIFETIME,
    DeadLink,
    Opened,
    Seat,
    exchange,
    forget_expired,
    look_up,
    mint,
    request_new,
    revoke_for_assignment,
    revoke_for_people,
    token_hash,
)
from engine.store import Database, to_micros
from engine.store.tables import (
    AssignmentRow,
    CaseRow,
    DefinitionRow,
    LinkRow,
    OutboxRow,
    SessionRow,
    TaskRow,
)

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
AT = to_micros(NOW)
Entropy = Callable[[int], bytes]


@pytest.fixture
def task(database: Database) -> int:
    """A task that ann holds (assignment 1) and bob held before her (assignment 2)."""

    def job(tx):
        session = tx.session()
        session.add(
            DefinitionRow(
                id=1, process="p", version=1, title="P", sha256="0", source="", published_at=AT
            )
        )
        session.flush()
        session.add(
            CaseRow(
                id=1, name="P-1", process="p", definition_id=1, head=b"", snapshot="{}",
                opened_at=AT, updated_at=AT,
            )
        )  # fmt: skip
        session.flush()
        session.add(
            TaskRow(
                id=1, public_id="abc", case_id=1, key="ask#1", state="ask", title="T", opened_at=AT
            )
        )
        session.flush()
        session.add(AssignmentRow(id=1, task_id=1, person="p_ann", started_at=AT))
        session.add(AssignmentRow(id=2, task_id=1, person="p_bob", started_at=AT, ended_at=AT))

    database.write(job)
    return 1


def minted(database: Database, entropy: Entropy, assignment: int = 1, now: datetime = NOW) -> str:
    return database.write(lambda tx: mint(tx, assignment, "task", now, entropy))


def opened(database: Database, entropy: Entropy, token: str, now: datetime = NOW) -> Opened:
    result = database.write(lambda tx: exchange(tx, token, now, entropy))
    assert isinstance(result, Opened)
    return result


def seat(database: Database, token: str, now: datetime = NOW) -> Seat | None:
    with database.read() as session:
        return look_up(session, token, now)


def update_task(database: Database, **values: object) -> None:
    def job(tx):
        row = tx.session().get(TaskRow, 1)
        for name, value in values.items():
            setattr(row, name, value)

    database.write(job)


def letters(database: Database) -> list[tuple[str, str | None, int | None, str]]:
    with database.read() as session:
        rows = session.exec(select(OutboxRow).order_by(OutboxRow.id)).all()
    return [(row.kind, row.person, row.task_id, row.status) for row in rows]


def test_a_link_is_exchanged_for_a_session_that_seats_its_person(
    database: Database, entropy: Entropy, task: int
) -> None:
    link = minted(database, entropy)
    session = opened(database, entropy, link)
    found = seat(database, session.token)

    assert link.startswith("tk_")
    assert len(link) == 46
    assert session.task == "abc"
    assert found is not None
    assert (found.person, found.assurance) == ("p_ann", "link")
    assert (found.task.public_id, found.case.name, found.assignment.id) == ("abc", "P-1", 1)


def test_the_tokens_themselves_are_nowhere_in_the_database(
    database: Database, entropy: Entropy, task: int
) -> None:
    link = minted(database, entropy)
    session = opened(database, entropy, link)
    with database.read() as reading:
        stored = [row.token_hash for row in reading.exec(select(LinkRow))]
        stored += [row.token_hash for row in reading.exec(select(SessionRow))]
    assert stored == [token_hash(link), token_hash(session.token)]
    assert all(len(one) == 32 for one in stored)


def test_one_link_opens_many_browsers_and_a_reminder_brings_a_second_link(
    database: Database, entropy: Entropy, task: int
) -> None:
    first, second = minted(database, entropy), minted(database, entropy)
    sessions = {opened(database, entropy, link).token for link in (first, first, second)}
    assert len(sessions) == 3
    assert all(seat(database, session) for session in sessions)


def test_a_link_is_good_for_sixty_days_and_a_session_for_twelve_hours(
    database: Database, entropy: Entropy, task: int
) -> None:
    link = minted(database, entropy)
    moment = timedelta(microseconds=1)
    last = NOW + LINK_LIFETIME - moment
    session = opened(database, entropy, link, last)

    assert database.write(lambda tx: exchange(tx, link, last + moment, entropy)) == DeadLink()
    assert session.expires_at == to_micros(last + SESSION_LIFETIME)
    assert seat(database, session.token, last + SESSION_LIFETIME - moment) is not None
    assert seat(database, session.token, last + SESSION_LIFETIME) is None


@pytest.mark.parametrize("token", ["", "tk_", "tk_" + "A" * 43, "ts_x", "\ud800", "' or 1=1 --"])
def test_a_token_that_nobody_minted_is_dead(
    database: Database, entropy: Entropy, task: int, token: str
) -> None:
    minted(database, entropy)
    assert database.write(lambda tx: exchange(tx, token, NOW, entropy)) == DeadLink()
    assert seat(database, token) is None


def test_a_link_is_no_session_and_a_session_no_link(
    database: Database, entropy: Entropy, task: int
) -> None:
    link = minted(database, entropy)
    session = opened(database, entropy, link)
    assert seat(database, link) is None
    assert database.write(lambda tx: exchange(tx, session.token, NOW, entropy)) == DeadLink()


def test_revoking_kills_the_links_and_the_sessions_of_one_hold_only(
    database: Database, entropy: Entropy, task: int
) -> None:
    other = database.write(
        lambda tx: tx.session().add(AssignmentRow(id=3, task_id=1, person="p_cy", started_at=AT))
    )
    assert other is None
    link, others = minted(database, entropy), minted(database, entropy, assignment=3)
    session, theirs = (opened(database, entropy, one).token for one in (link, others))
    database.write(lambda tx: revoke_for_assignment(tx, 1, NOW))

    assert seat(database, session) is None
    assert database.write(lambda tx: exchange(tx, link, NOW, entropy)) == DeadLink()
    assert seat(database, theirs) is not None


def test_somebody_who_left_or_whose_address_was_wrong_loses_every_way_in(
    database: Database, entropy: Entropy, task: int
) -> None:
    link = minted(database, entropy)
    session = opened(database, entropy, link).token
    database.write(lambda tx: revoke_for_people(tx, ["p_nobody"], NOW))
    assert seat(database, session) is not None
    database.write(lambda tx: revoke_for_people(tx, ["p_nobody", "p_ann"], NOW))
    assert seat(database, session) is None
    assert database.write(lambda tx: exchange(tx, link, NOW, entropy)) == DeadLink()


def test_a_hold_that_ended_is_dead_even_where_nobody_revoked(
    database: Database, entropy: Entropy, task: int
) -> None:
    link = minted(database, entropy, assignment=2)
    assert database.write(lambda tx: exchange(tx, link, NOW, entropy)) == DeadLink()


@pytest.mark.parametrize(("status", "stays"), [("answered", True), ("withdrawn", False)])
def test_after_the_answer_a_session_still_shows_it_and_links_are_dead(
    database: Database, entropy: Entropy, task: int, status: str, stays: bool
) -> None:
    link = minted(database, entropy)
    session = opened(database, entropy, link).token
    update_task(database, status=status, closed_at=AT)
    assert (seat(database, session) is not None) == stays
    assert database.write(lambda tx: exchange(tx, link, NOW, entropy)) == DeadLink()


def test_a_new_link_goes_to_whoever_holds_the_task_now(
    database: Database, entropy: Entropy, task: int
) -> None:
    """Bob's old link, forwarded or found, mails ann: she has the task."""
    bobs = minted(database, entropy, assignment=2)
    database.write(lambda tx: request_new(tx, token_hash(bobs), NOW))
    assert letters(database) == [("new_link", "p_ann", 1, "pending")]


def test_a_new_link_of_a_shared_task_goes_to_the_one_who_asked(
    database: Database, entropy: Entropy, task: int
) -> None:
    database.write(
        lambda tx: tx.session().add(AssignmentRow(id=3, task_id=1, person="p_cy", started_at=AT))
    )
    cys = minted(database, entropy, assignment=3)
    database.write(lambda tx: request_new(tx, token_hash(cys), NOW + LINK_LIFETIME * 2))
    assert letters(database) == [("new_link", "p_cy", 1, "pending")]


def test_nothing_is_mailed_for_an_unknown_token_or_a_closed_task(
    database: Database, entropy: Entropy, task: int
) -> None:
    link = minted(database, entropy)
    database.write(lambda tx: request_new(tx, token_hash("tk_unknown"), NOW))
    update_task(database, status="answered")
    database.write(lambda tx: request_new(tx, token_hash(link), NOW))
    assert letters(database) == []


def test_at_most_three_new_links_an_hour_are_mailed_for_a_task(
    database: Database, entropy: Entropy, task: int
) -> None:
    link = minted(database, entropy)

    def ask(minutes: int) -> int:
        now = NOW + timedelta(minutes=minutes)
        database.write(lambda tx: request_new(tx, token_hash(link), now))
        return len(letters(database))

    assert [ask(minute) for minute in (0, 10, 20, 30, 59, 60, 61, 70)] == [1, 2, 3, 3, 3, 4, 4, 5]


def test_what_died_a_month_ago_is_forgotten(
    database: Database, entropy: Entropy, task: int
) -> None:
    link = minted(database, entropy)
    opened(database, entropy, link)
    database.write(lambda tx: revoke_for_assignment(tx, 1, NOW))
    month = timedelta(days=30)
    living = minted(database, entropy, now=NOW + month)
    assert database.write(lambda tx: forget_expired(tx, NOW + month)) == 0
    assert database.write(lambda tx: forget_expired(tx, NOW + month + timedelta(hours=1))) == 2
    with database.read() as session:
        assert [row.token_hash for row in session.exec(select(LinkRow))] == [token_hash(living)]


@given(st.text(max_size=60))
def test_any_text_has_a_hash(token: str) -> None:
    assert len(token_hash(token)) == 32
