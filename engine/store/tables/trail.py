"""The history that auditors read, and the few rows the engine keeps about itself."""

from sqlalchemy import BigInteger, Column, LargeBinary, Text, UniqueConstraint
from sqlmodel import Field, SQLModel


class EventRow(SQLModel, table=True):
    """One line of a case's history. Append-only: triggers refuse UPDATE and DELETE."""

    __tablename__ = "event"
    __table_args__ = (UniqueConstraint("case_id", "seq"),)

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="case.id")
    seq: int  # 1, 2, … within the case
    at: int = Field(sa_column=Column(BigInteger, nullable=False))  # µs since 1970 UTC
    kind: str  # `task.answered`, `state.entered`, …
    actor: str | None = None  # random person id; None: a rule
    assurance: str | None = None  # how sure we were of the actor
    object: str | None = None  # place, task key or field it is about
    definition_id: int  # whose version and hash are among the hashed fields
    request: str | None = None  # of the HTTP request or flow that brought it
    public: str = Field(sa_column=Column(Text, nullable=False))  # canonical JSON, nothing personal
    commitment: bytes | None = Field(default=None, sa_column=Column(LargeBinary, nullable=True))
    prev: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    hash: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class EventPrivateRow(SQLModel, table=True):
    """The personal part of an event: names, answers, free text, look-ups. Deletable."""

    __tablename__ = "event_private"

    event_id: int = Field(primary_key=True, foreign_key="event.id")
    salt: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    payload: str = Field(sa_column=Column(Text, nullable=False))  # JSON


class LeaseRow(SQLModel, table=True):
    """Single holders: who does a thing that only one may do at a time."""

    __tablename__ = "lease"

    name: str = Field(primary_key=True)
    holder: str
    until: int = Field(sa_column=Column(BigInteger, nullable=False))


class MetaRow(SQLModel, table=True):
    """Small facts about this database: its id, counters of case names."""

    __tablename__ = "meta"

    name: str = Field(primary_key=True)
    value: str
