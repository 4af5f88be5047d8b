"""What leaves the house, and the ways back in."""

from sqlalchemy import BigInteger, Column, Index, LargeBinary, Text, text
from sqlmodel import Field, SQLModel


class OutboxRow(SQLModel, table=True):
    """An effect that leaves after its commit, at least once; the id keys it for ever."""

    __tablename__ = "outbox"
    __table_args__ = (
        Index(
            "outbox_pending",
            "not_before",
            sqlite_where=text("status = 'pending'"),
            postgresql_where=text("status = 'pending'"),
        ),
        Index("outbox_case", "case_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    case_id: int | None = Field(default=None, foreign_key="case.id")
    # task | reminder | escalation | handed_over | no_longer_needed | note | new_link | digest
    # | incident | call
    kind: str
    person: str | None = None  # who receives; None: a call
    task_id: int | None = Field(default=None, foreign_key="task.id")
    payload: str = Field(sa_column=Column(Text, nullable=False))  # JSON; what the kind needs
    status: str = "pending"  # pending | sent | failed | cancelled
    attempt: int = 0
    not_before: int = Field(sa_column=Column(BigInteger, nullable=False))
    leased_until: int | None = Field(default=None, sa_column=Column(BigInteger, nullable=True))
    leased_by: str | None = None
    created_at: int = Field(sa_column=Column(BigInteger, nullable=False))
    done_at: int | None = Field(default=None, sa_column=Column(BigInteger, nullable=True))
    note: str | None = None  # why failed, deferred or cancelled


class LinkRow(SQLModel, table=True):
    """A task link; the token itself is only ever in the mail."""

    __tablename__ = "link"
    __table_args__ = (
        # Few: those who have the task no more. They must be found when such a person leaves.
        Index(
            "link_note",
            "assignment_id",
            sqlite_where=text("purpose = 'note'"),
            postgresql_where=text("purpose = 'note'"),
        ),
    )

    token_hash: bytes = Field(sa_column=Column(LargeBinary, primary_key=True))
    assignment_id: int = Field(foreign_key="assignment.id", index=True)
    purpose: str = "task"  # task | note
    created_at: int = Field(sa_column=Column(BigInteger, nullable=False))
    expires_at: int = Field(sa_column=Column(BigInteger, nullable=False))
    revoked_at: int | None = Field(default=None, sa_column=Column(BigInteger, nullable=True))


class SessionRow(SQLModel, table=True):
    """A browser that exchanged a link; as good as the assignment is, no longer."""

    __tablename__ = "session"

    token_hash: bytes = Field(sa_column=Column(LargeBinary, primary_key=True))
    assignment_id: int = Field(foreign_key="assignment.id", index=True)
    assurance: str = "link"
    created_at: int = Field(sa_column=Column(BigInteger, nullable=False))
    expires_at: int = Field(sa_column=Column(BigInteger, nullable=False))
    revoked_at: int | None = Field(default=None, sa_column=Column(BigInteger, nullable=True))
