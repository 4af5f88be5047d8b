"""Task links: minted for a mail, exchanged for sessions, dead with the hold on the task."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Protocol

from sqlalchemy import BigInteger, Connection, delete, func, insert, literal, or_, select, update
from sqlmodel import col

from engine.core.instants import to_micros
from engine.links.notes import NOTE
from engine.links.tokens import LINK, SESSION, new_token, token_hash
from engine.store.tables import AssignmentRow, LinkRow, OutboxRow, SessionRow, TaskRow

LINK_LIFETIME: Final = timedelta(days=60)
SESSION_LIFETIME: Final = timedelta(hours=12)

_PURPOSE = "task"
_NEW_LINKS_AN_HOUR = 3
_KEPT_AFTER_EXPIRY = timedelta(days=30)  # a dead link can still ask for a new one


class Writing(Protocol):
    """What is needed of a store's Transaction."""

    @property
    def connection(self) -> Connection: ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Opened:
    """A link was exchanged."""

    token: str  # of the session, `ts_…`: for the cookie, stored nowhere
    task: str  # TaskRow.public_id
    expires_at: int  # µs; the session's end


@dataclass(frozen=True, kw_only=True, slots=True)
class DeadLink:
    """Unknown, expired, revoked, or its task is no longer this person's. Nobody is told which."""


def mint(
    tx: Writing,
    assignment_id: int,
    purpose: str,
    now: datetime,
    entropy: Callable[[int], bytes],
    *,
    lifetime: timedelta = LINK_LIFETIME,
) -> str:
    """A new link for this hold on a task, as the raw token that belongs into the mail only.

    Links that were mailed before stay as good as they are.
    """
    token = new_token(LINK, entropy)
    tx.connection.execute(
        insert(LinkRow).values(
            token_hash=token_hash(token),
            assignment_id=assignment_id,
            purpose=purpose,
            created_at=to_micros(now),
            expires_at=to_micros(now + lifetime),
        )
    )
    return token


def exchange(
    tx: Writing, token: str, now: datetime, entropy: Callable[[int], bytes]
) -> Opened | DeadLink:
    """Makes a session of a link; the link stays good for the next browser."""
    at = to_micros(now)
    row = tx.connection.execute(
        select(col(LinkRow.assignment_id), col(TaskRow.public_id))
        .join(AssignmentRow, col(AssignmentRow.id) == col(LinkRow.assignment_id))
        .join(TaskRow, col(TaskRow.id) == col(AssignmentRow.task_id))
        .where(
            col(LinkRow.token_hash) == token_hash(token),
            col(LinkRow.purpose) == _PURPOSE,
            col(LinkRow.revoked_at).is_(None),
            col(LinkRow.expires_at) > at,
            col(AssignmentRow.ended_at).is_(None),
            col(TaskRow.status) == "open",
        )
    ).one_or_none()
    if row is None:
        return DeadLink()
    assignment, task = row
    session = new_token(SESSION, entropy)
    expires = to_micros(now + SESSION_LIFETIME)
    tx.connection.execute(
        insert(SessionRow).values(
            token_hash=token_hash(session),
            assignment_id=assignment,
            assurance="link",
            created_at=at,
            expires_at=expires,
        )
    )
    return Opened(token=session, task=task, expires_at=expires)


def request_new(tx: Writing, hashed: bytes, now: datetime) -> None:
    """Mails a new link to whoever holds the link's task now, at most three an hour for a task.

    `hashed` is the `token_hash` of whatever the browser sent. Returns nothing, so that the page
    cannot say more about one token than about another.
    """
    at = to_micros(now)
    row = tx.connection.execute(
        select(col(TaskRow.id), col(TaskRow.case_id), col(AssignmentRow.person))
        .join(AssignmentRow, col(AssignmentRow.task_id) == col(TaskRow.id))
        .join(LinkRow, col(LinkRow.assignment_id) == col(AssignmentRow.id))
        .where(
            col(LinkRow.token_hash) == hashed,
            col(LinkRow.purpose) == _PURPOSE,
            col(TaskRow.status) == "open",
        )
    ).one_or_none()
    if row is None:
        return
    task, case, asked_by = row
    hour_ago = to_micros(now - timedelta(hours=1))
    asked = tx.connection.execute(
        select(func.count(func.distinct(col(OutboxRow.created_at)))).where(
            col(OutboxRow.case_id) == case,  # by which an index finds them
            col(OutboxRow.task_id) == task,
            col(OutboxRow.kind) == "new_link",
            col(OutboxRow.created_at) > hour_ago,
        )
    ).scalar_one()
    if asked >= _NEW_LINKS_AN_HOUR:
        return
    holders = tx.connection.scalars(
        select(col(AssignmentRow.person))
        .where(
            col(AssignmentRow.task_id) == task,
            col(AssignmentRow.ended_at).is_(None),
        )
        .order_by(col(AssignmentRow.id))
    ).all()
    # Whoever shares a task need not hear of each other's lost links.
    receivers = [asked_by] if asked_by in holders else list(dict.fromkeys(holders))
    if receivers:
        tx.connection.execute(
            insert(OutboxRow),
            [
                {
                    "case_id": case,
                    "kind": "new_link",
                    "person": person,
                    "task_id": task,
                    "payload": "{}",
                    "status": "pending",
                    "attempt": 0,
                    "not_before": at,
                    "created_at": at,
                }
                for person in receivers
            ],
        )


def send_anew(tx: Writing, person: str, now: datetime) -> None:
    """A letter with a link for every task that somebody holds; those to their old address died.

    Whether a task is still theirs is looked at when its letter leaves.
    """
    at = to_micros(now)
    held = (
        select(
            col(TaskRow.case_id),
            literal("new_link"),
            col(AssignmentRow.person),
            col(TaskRow.id),
            literal("{}"),
            literal("pending"),
            literal(0),
            literal(at, BigInteger),
            literal(at, BigInteger),
        )
        .join(TaskRow, col(TaskRow.id) == col(AssignmentRow.task_id))
        .where(
            col(AssignmentRow.person) == person,
            col(AssignmentRow.ended_at).is_(None),
            col(TaskRow.status) == "open",
        )
        .order_by(col(TaskRow.id))
    )
    columns = ["case_id", "kind", "person", "task_id", "payload", "status", "attempt"]
    tx.connection.execute(
        insert(OutboxRow).from_select([*columns, "not_before", "created_at"], held)
    )


def revoke_for_assignment(tx: Writing, assignment_id: int, now: datetime) -> None:
    """Links and sessions of one hold on a task are dead from now on."""
    for row in (LinkRow, SessionRow):
        tx.connection.execute(
            update(row)
            .where(col(row.assignment_id) == assignment_id, col(row.revoked_at).is_(None))
            .values(revoked_at=to_micros(now))
        )


def revoke_for_people(tx: Writing, people: Collection[str], now: datetime) -> None:
    """The same for everything these people hold or had: they left, or their address was wrong."""
    notes = select(col(LinkRow.assignment_id)).where(col(LinkRow.purpose) == NOTE)
    for person in people:  # few at a time, and never more than a driver takes parameters
        holds = select(col(AssignmentRow.id)).where(
            col(AssignmentRow.person) == person, col(AssignmentRow.ended_at).is_(None)
        )
        for row in (LinkRow, SessionRow):
            tx.connection.execute(
                update(row)
                .where(col(row.assignment_id).in_(holds), col(row.revoked_at).is_(None))
                .values(revoked_at=to_micros(now))
            )
        had = select(col(AssignmentRow.id)).where(
            col(AssignmentRow.person) == person, col(AssignmentRow.id).in_(notes)
        )
        tx.connection.execute(
            update(LinkRow)
            .where(
                col(LinkRow.purpose) == NOTE,
                col(LinkRow.assignment_id).in_(had),
                col(LinkRow.revoked_at).is_(None),
            )
            .values(revoked_at=to_micros(now))
        )


def forget_expired(tx: Writing, now: datetime) -> int:
    """Deletes what has been dead for a month; how many rows that were."""
    before = to_micros(now - _KEPT_AFTER_EXPIRY)
    return sum(
        tx.connection.execute(
            delete(row).where(or_(col(row.expires_at) < before, col(row.revoked_at) < before))
        ).rowcount
        for row in (LinkRow, SessionRow)
    )
