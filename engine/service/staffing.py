"""What cases hear of the directory: who changed, who left, and what a new day brings with it."""

from collections.abc import Callable, Collection
from datetime import date, datetime
from typing import Any, TypeVar

import orjson
from sqlalchemy import (
    BigInteger,
    Connection,
    Integer,
    Select,
    String,
    Text,
    exists,
    false,
    insert,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlmodel import Session, col

from engine.core.event_codec import encode_event
from engine.core.events import DirectoryChanged
from engine.directory import Imported, ImportPlan, apply_people
from engine.directory.days import days_of_change
from engine.directory.differences import difference, with_reports
from engine.directory.events import SAID_OF_SEATS, Heard, events_between, news
from engine.directory.roster import Roster
from engine.links import revoke_for_people, send_anew
from engine.service.cases import CASE, INBOX, TASK
from engine.service.holders import ASSIGNMENT
from engine.service.signals import RANK_OPERATION, SIGNAL, forget_departure, raise_signal
from engine.service.tools import Tools
from engine.store import Transaction, to_micros
from engine.store.tables import MetaRow

T = TypeVar("T")

DIRECTORY = "directory"  # source: one look at a time waits for a case; it sees all that changed
_DAY = "directory.day"  # MetaRow: the last day whose beginning was told
_CHUNK = 400


def import_people(
    tools: Tools,
    tx: Transaction,
    plan: ImportPlan,
    by: str | None,
    now: datetime,
    *,
    despite_problems: bool = False,
) -> Imported:
    """Writes an import and tells the cases what it changes today. Raises ImportRefused.

    What was entered ahead for today is told first, so that nobody hears it a second time. An
    import for a later day is told by `day_begun` when that has come.
    """

    def write() -> Imported:
        return apply_people(tx, plan, by, now, tools.entropy, despite_problems=despite_problems)

    return change_directory(tools, tx, write, plan.as_of, by, now)


def change_directory(
    tools: Tools,
    tx: Transaction,
    write: Callable[[], T],
    since: date,
    by: str | None,
    now: datetime,
    *,
    said_by: str | None = None,
) -> T:
    """Does what `write` does to the directory, and tells the cases what that changes today.

    `said_by` names the case that has said so itself.
    """
    day_begun(tools, tx, now)
    today = tools.directory.day(now)
    before = tools.directory.roster(tx.connection, today)
    written = write()
    after = tools.directory.roster(tx.connection, today)
    _tell_difference(tools, tx, before, after, since, by, now, said_by=said_by)
    return written


def day_begun(tools: Tools, tx: Transaction, now: datetime) -> int:
    """Tells the cases what holds from today on; how many look again at their owners.

    Imports and absences are entered ahead of their day, and then nobody writes anything when it
    comes. Each day is told by itself, also when nothing ran for a while. Call it as often as you
    like: what was told is not told again, and the first call ever only notes the day.
    """
    today = tools.directory.day(now)
    connection = tx.connection
    last = _last_day(connection)
    if last is None:
        first = postgresql_insert if tx.on_postgresql else sqlite_insert
        noted = first(MetaRow).values(name=_DAY, value=today.isoformat())
        connection.execute(noted.on_conflict_do_nothing())
        return 0
    if last >= today or not _moved_on(connection, last, today):
        return 0
    told = 0
    before = tools.directory.roster(connection, last)
    for day in days_of_change(connection, last, today):
        after = tools.directory.roster(connection, day)
        told += _tell_difference(tools, tx, before, after, day, None, now)
        before = after
    return told


def day_is_new(session: Session, today: date) -> bool:
    """Whether `day_begun` has something to tell, or at least a day to note."""
    last = _last_day(session.connection())
    return last is not None and last < today


def _last_day(connection: Connection) -> date | None:
    seen = connection.scalar(select(col(MetaRow.value)).where(col(MetaRow.name) == _DAY))
    return None if seen is None else date.fromisoformat(seen)


def _moved_on(connection: Connection, last: date, today: date) -> bool:
    """Whether it was us: of several processes one tells the day."""
    moved = connection.execute(
        update(MetaRow)
        .where(col(MetaRow.name) == _DAY, col(MetaRow.value) == last.isoformat())
        .values(value=today.isoformat())
    )
    return moved.rowcount == 1


def directory_changed(
    tools: Tools, tx: Transaction, people: Collection[str] | None, now: datetime
) -> int:
    """An inbox row for every open case that concerns the people; how many cases those are.

    None: everybody, which is also right after roles, queues or calendars changed. A case concerns
    its subject, everybody above its subject, and who holds its open tasks; one with a task that
    nobody has concerns everybody.
    """
    waiting = select(
        CASE.c.id,
        literal(to_micros(now), BigInteger),
        literal(RANK_OPERATION, Integer),
        literal(orjson.dumps(encode_event(DirectoryChanged(at=now))).decode(), Text),
        literal(DIRECTORY, String),
        false(),
    ).where(
        CASE.c.closed_at.is_(None),
        ~exists().where(INBOX.c.case_id == CASE.c.id, INBOX.c.source == DIRECTORY),
    )
    if people is None:
        return _put(tx, waiting)
    if not people:
        return 0
    roster = tools.directory.roster(tx.connection, tools.directory.day(now))
    concerned = sorted(with_reports(people, roster))
    held = exists().where(ASSIGNMENT.c.task_id == TASK.c.id, ASSIGNMENT.c.ended_at.is_(None))
    forlorn = select(TASK.c.case_id).where(TASK.c.status == "open", ~held)
    count = _put(tx, waiting.where(CASE.c.id.in_(forlorn)))
    for start in range(0, len(concerned), _CHUNK):
        chunk = concerned[start : start + _CHUNK]
        holding = (
            select(TASK.c.case_id)
            .join(ASSIGNMENT, ASSIGNMENT.c.task_id == TASK.c.id)
            .where(ASSIGNMENT.c.person.in_(chunk), ASSIGNMENT.c.ended_at.is_(None))
        )
        of_chunk = waiting.where(or_(CASE.c.subject.in_(chunk), CASE.c.id.in_(holding)))
        count += _put(tx, of_chunk)
    return count


def _tell_difference(
    tools: Tools,
    tx: Transaction,
    before: Roster,
    after: Roster,
    since: date,
    by: str | None,
    now: datetime,
    *,
    said_by: str | None = None,
) -> int:
    """What cases hear of; how many look again at their owners.

    A case takes that somebody left first, and one that ends by that need not look for other
    owners; what else happened it takes when its tasks are with whom they are now. Links die with
    the departure or the old address of whom they were sent to: whoever holds them may not be these
    people. What they still have is sent to where they are reached now.
    """
    connection = tx.connection
    told = difference(before, after)
    for person in told.came:
        forget_departure(tx, person)

    def will_say(case: str) -> bool:
        return case == said_by or _is_open(connection, case)

    for event in news(events_between(before, after, since), lambda: _heard(connection), will_say):
        raise_signal(tools, tx, event.name, event.body, event.to, by, now)
        tools.failpoints.reach("directory.raised")
    revoke_for_people(tx, told.unreachable, now)
    for person in told.elsewhere:
        send_anew(tx, person, now)
    return directory_changed(tools, tx, told.looked_at, now)


def _heard(connection: Connection) -> list[Heard]:
    said = (
        select(SIGNAL.c.name, SIGNAL.c.body, CASE.c.name)
        .join(CASE, CASE.c.name == SIGNAL.c.raised_by, isouter=True)
        .where(SIGNAL.c.name.in_(SAID_OF_SEATS))
        .order_by(SIGNAL.c.id)
    )
    return [
        Heard(name=name, body=orjson.loads(body), of_case=case is not None)
        for name, body, case in connection.execute(said)
    ]


def _is_open(connection: Connection, case: str) -> bool:
    closed = select(CASE.c.closed_at).where(CASE.c.name == case)
    return connection.scalar(closed) is None


def _put(tx: Transaction, rows: Select[Any]) -> int:
    columns = ["case_id", "at", "rank", "event", "source", "blocked"]
    put = insert(INBOX).from_select(columns, rows).returning(INBOX.c.id)
    return len(tx.connection.execute(put).all())
