"""Definitions, cases and what hangs on a case.

Instants are integers, microseconds since 1970 UTC: they sort, hash and compare alike on SQLite and
PostgreSQL. JSON is canonical text.
"""

from sqlalchemy import BigInteger, Column, Index, LargeBinary, Text, UniqueConstraint, text
from sqlmodel import Field, SQLModel


def _instant(*, null: bool = False) -> Column[int]:
    return Column(BigInteger, nullable=null)


def _long(*, null: bool = False) -> Column[str]:
    return Column(Text, nullable=null)


class DefinitionRow(SQLModel, table=True):
    """A published version of a process; never changed, never deleted."""

    __tablename__ = "definition"
    __table_args__ = (UniqueConstraint("process", "version"),)

    id: int | None = Field(default=None, primary_key=True)
    process: str
    version: int
    title: str
    sha256: str = Field(unique=True)
    source: str = Field(sa_column=_long())  # the file's text, byte for byte
    published_at: int = Field(sa_column=_instant())
    published_by: str | None = None  # person id; None: the machine's owner on the command line
    # What `check` found about the text, a JSON list; None: published before that was kept
    findings: str | None = Field(default=None, sa_column=_long(null=True))


class CaseRow(SQLModel, table=True):
    """One run of a process. `revision` guards every write; `head` is the end of its hash chain."""

    __tablename__ = "case"
    __table_args__ = (
        Index(
            "case_open_key",
            "process",
            "key",
            unique=True,
            sqlite_where=text("closed_at is null and key is not null"),
            postgresql_where=text("closed_at is null and key is not null"),
        ),
        Index(
            "case_open_subject",
            "subject",
            sqlite_where=text("closed_at is null"),
            postgresql_where=text("closed_at is null"),
        ),
        Index("case_process", "process", "id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)  # `ONB-0042`: what people call it
    process: str
    definition_id: int = Field(foreign_key="definition.id")
    subject: str | None = None
    key: str | None = None
    outcome: str | None = None
    revision: int = 0
    seq: int = 0  # of its newest event
    head: bytes = Field(sa_column=Column(LargeBinary, nullable=False))  # hash of its newest event
    snapshot: str = Field(sa_column=_long())
    opened_at: int = Field(sa_column=_instant())
    updated_at: int = Field(sa_column=_instant())
    closed_at: int | None = Field(default=None, sa_column=_instant(null=True))
    # Since when its clock stands still; None: it runs, or the case is closed
    paused_since: int | None = Field(default=None, sa_column=_instant(null=True))


class SubcaseRow(SQLModel, table=True):
    """Which case started which, under which key."""

    __tablename__ = "subcase"
    __table_args__ = (UniqueConstraint("parent_id", "key"),)

    id: int | None = Field(default=None, primary_key=True)
    parent_id: int = Field(foreign_key="case.id", index=True)
    key: str  # Subcase.key of the parent's snapshot
    case_id: int | None = Field(default=None, foreign_key="case.id", index=True)


class TaskRow(SQLModel, table=True):
    """A task. The decision is single-use: one update from `open` wins."""

    __tablename__ = "task"
    __table_args__ = (
        UniqueConstraint("case_id", "key"),  # also finds the tasks of a case
        Index(
            "task_due",
            "due_at",
            sqlite_where=text("status = 'open'"),
            postgresql_where=text("status = 'open'"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    public_id: str = Field(unique=True)  # random; in addresses
    case_id: int = Field(foreign_key="case.id")
    key: str  # OpenTask.key: it counts visits, so no task of a case has it again
    state: str  # the state's id in the definition
    title: str
    text: str | None = Field(default=None, sa_column=_long(null=True))
    status: str = "open"  # open | answered | withdrawn
    queue: str | None = None
    opened_at: int = Field(sa_column=_instant())
    due_at: int | None = Field(default=None, sa_column=_instant(null=True))
    closed_at: int | None = Field(default=None, sa_column=_instant(null=True))
    outcome: str | None = None  # the button, or `withdrawn`
    closed_by: str | None = None  # person id
    reminders: int = 0  # how many were asked for


class AssignmentRow(SQLModel, table=True):
    """A person's hold on a task; links and sessions are bound to it and die with it."""

    __tablename__ = "assignment"
    __table_args__ = (
        Index(
            "assignment_open",
            "person",
            sqlite_where=text("ended_at is null"),
            postgresql_where=text("ended_at is null"),
        ),
        Index("assignment_task", "task_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    task_id: int = Field(foreign_key="task.id")
    person: str
    candidate: bool = False  # sees it in a queue, has not claimed it
    started_at: int = Field(sa_column=_instant())
    ended_at: int | None = Field(default=None, sa_column=_instant(null=True))


class DraftRow(SQLModel, table=True):
    """What somebody has written so far; handed over with the task."""

    __tablename__ = "draft"

    task_id: int = Field(primary_key=True, foreign_key="task.id")
    revision: int = 1  # two tabs never overwrite each other
    answers: str = Field(sa_column=_long())  # JSON of raw form values
    saved_by: str
    saved_at: int = Field(sa_column=_instant())


class TimerRow(SQLModel, table=True):
    """An instant at which a case wants to be looked at."""

    __tablename__ = "timer"
    __table_args__ = (UniqueConstraint("case_id", "key"), Index("timer_due", "due_at"))

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="case.id")
    key: str  # Timer.key
    due_at: int = Field(sa_column=_instant())


class WaitRow(SQLModel, table=True):
    """Which open case waits for which signal now."""

    __tablename__ = "wait"
    __table_args__ = (
        UniqueConstraint("case_id", "place", "signal"),
        Index("wait_signal", "signal"),
    )

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="case.id")
    place: str  # empty: the process's own `on`, wherever the case stands
    signal: str


class TakenRow(SQLModel, table=True):
    """What a case has taken from outside, so that nothing that is kept is taken twice."""

    __tablename__ = "taken"

    case_id: int = Field(primary_key=True, foreign_key="case.id")
    source: str = Field(primary_key=True)  # InboxRow.source


class SignalRow(SQLModel, table=True):
    """A signal as it was raised; kept, since a case may come to wait for it later."""

    __tablename__ = "signal"
    __table_args__ = (Index("signal_name", "name", "at"),)

    id: int | None = Field(default=None, primary_key=True)
    name: str
    correlation: str | None = None  # case key, case name or subject it is for; None: all
    body: str = Field(sa_column=_long())
    at: int = Field(sa_column=_instant())
    raised_by: str | None = None  # person id or case name


class InboxRow(SQLModel, table=True):
    """An external event that a case has not taken yet, or took into an incident."""

    __tablename__ = "inbox"
    __table_args__ = (
        Index(
            "inbox_waiting",
            "case_id",
            "at",
            "rank",
            "id",
            sqlite_where=text("blocked = 0"),
            postgresql_where=text("not blocked"),
        ),
        UniqueConstraint("case_id", "source"),
    )

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="case.id")
    at: int = Field(sa_column=_instant())  # effective time
    rank: int  # class: 0 cancel and leave, 1 answer, 2 signal, 3 sub-case, 4 timer
    event: str = Field(sa_column=_long())  # JSON of the event
    source: str | None = None  # `signal:17`, `subcase:4`: the same one is never taken twice
    blocked: bool = False  # an incident holds it


class IncidentRow(SQLModel, table=True):
    """Something that only a person can put right."""

    __tablename__ = "incident"
    __table_args__ = (
        Index(
            "incident_open",
            "case_id",
            sqlite_where=text("closed_at is null"),
            postgresql_where=text("closed_at is null"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="case.id")
    code: str
    place: str
    message: str = Field(sa_column=_long())
    blocking: bool
    inbox_id: int | None = None  # the event that waits for repair
    outbox_id: int | None = None  # the letter or call that did not leave
    opened_at: int = Field(sa_column=_instant())
    closed_at: int | None = Field(default=None, sa_column=_instant(null=True))
    closed_by: str | None = None


class RecordRow(SQLModel, table=True):
    """Shared, effective-dated facts that closed cases leave behind; append-only."""

    __tablename__ = "record"
    __table_args__ = (Index("record_about", "about", "kind", "valid_from"),)

    id: int | None = Field(default=None, primary_key=True)
    kind: str
    about: str  # person, position or record id
    value: str = Field(sa_column=_long())  # JSON
    attributes: str = Field(sa_column=_long())  # JSON
    valid_from: int = Field(sa_column=_instant())
    valid_until: int | None = Field(default=None, sa_column=_instant(null=True))
    case_id: int = Field(foreign_key="case.id")


class CohortRow(SQLModel, table=True):
    """A bulk start; also the one case or many that a rule of `starts:` asked for at one instant."""

    __tablename__ = "cohort"

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)
    process: str
    started_at: int = Field(sa_column=_instant())
    started_by: str | None = None  # person id
    rule: str | None = None  # StartRule.id; None: somebody's own file


class StartRuleRow(SQLModel, table=True):
    """A rule of the newest version's `starts:` that nobody has to look for."""

    __tablename__ = "start_rule"
    __table_args__ = (
        UniqueConstraint("process", "rule"),
        Index("start_rule_signal", "signal"),
        Index("start_rule_next", "next_at"),
    )

    id: int | None = Field(default=None, primary_key=True)
    process: str
    rule: str  # StartRule.id
    definition_id: int = Field(foreign_key="definition.id")
    signal: str | None = None  # the event that starts a case
    next_at: int | None = Field(default=None, sa_column=_instant(null=True))  # of a schedule


class CohortMemberRow(SQLModel, table=True):
    """One start of a bulk start."""

    __tablename__ = "cohort_member"
    __table_args__ = (
        UniqueConstraint("cohort_id", "line"),
        Index(
            "cohort_member_waiting",
            "cohort_id",
            sqlite_where=text("status = 'waiting'"),
            postgresql_where=text("status = 'waiting'"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    cohort_id: int = Field(foreign_key="cohort.id")
    line: int  # of the file it came from
    subject: str | None = None
    data: str = Field(sa_column=_long())  # JSON
    asked_by: str | None = None  # person id; None: an operator or a rule
    not_before: int | None = Field(default=None, sa_column=_instant(null=True))  # None: at once
    status: str = "waiting"  # waiting | started | refused | removed
    note: str | None = None  # why refused or removed
    case_id: int | None = Field(default=None, foreign_key="case.id", index=True)
