"""The directory: people and their places, with the dates from which they hold."""

from datetime import date

from sqlalchemy import BigInteger, Column, Index
from sqlmodel import Field, SQLModel


class PersonRow(SQLModel, table=True):
    """A person for ever; the id is random and stands for them in the public history."""

    __tablename__ = "person"

    id: str = Field(primary_key=True)  # `p_…`
    number: str = Field(unique=True)  # as the HR system calls them; the key of an import


class PersonVersionRow(SQLModel, table=True):
    """What is true of a person from a day on, until the next version."""

    __tablename__ = "person_version"
    __table_args__ = (Index("person_version_at", "person", "valid_from", unique=True),)

    id: int | None = Field(default=None, primary_key=True)
    person: str = Field(foreign_key="person.id")
    valid_from: date
    active: bool = True  # False: has left
    name: str
    email: str
    private_email: str | None = None  # for tasks after the last day, and for nothing else
    title: str | None = None
    department: str | None = None
    location: str | None = None
    grade: str | None = None
    employment: str | None = None  # employee | contractor | …
    start_date: date | None = None
    manager: str | None = Field(default=None, foreign_key="person.id", index=True)
    language: str = "en"


class GuestRow(SQLModel, table=True):
    """Somebody from outside, known by an address; their id may become an employee's.

    Once name and address are erased the row stays, so that histories name nobody unknown.
    """

    __tablename__ = "guest"

    id: str = Field(primary_key=True)  # `p_…`, as a PersonRow's
    name: str | None = None
    email: str | None = None  # as mail is sent to it
    address: str | None = Field(default=None, unique=True)  # the same, for comparing
    since: int = Field(sa_column=Column(BigInteger, nullable=False))  # µs; when they were named


class LocationRow(SQLModel, table=True):
    """Whose holidays and which clock count at a place."""

    __tablename__ = "location"

    name: str = Field(primary_key=True)
    country: str  # ISO 3166, with a subdivision if wanted: `DE`, `DE-BE`
    zone: str  # IANA


class HolderRow(SQLModel, table=True):
    """Who holds a role, of a unit or of the whole organisation, and since when."""

    __tablename__ = "holder"
    __table_args__ = (Index("holder_role", "role", "unit"),)

    id: int | None = Field(default=None, primary_key=True)
    role: str
    unit: str | None = None
    person: str = Field(foreign_key="person.id")
    valid_from: date
    valid_until: date | None = None  # the first day on which it no longer holds


class MemberRow(SQLModel, table=True):
    """Who works from a queue."""

    __tablename__ = "member"
    __table_args__ = (Index("member_queue", "queue"),)

    id: int | None = Field(default=None, primary_key=True)
    queue: str
    person: str = Field(foreign_key="person.id")
    valid_from: date
    valid_until: date | None = None


class AbsenceRow(SQLModel, table=True):
    """Somebody is away, and who acts for them meanwhile."""

    __tablename__ = "absence"

    id: int | None = Field(default=None, primary_key=True)
    person: str = Field(foreign_key="person.id", index=True)
    stand_in: str | None = Field(default=None, foreign_key="person.id")  # None: nobody
    leave: bool = False  # long enough that processes about the person pause
    valid_from: date
    valid_until: date | None = None  # the first day back; None: nobody knows it yet
    told_by: str | None = None  # name of the case that said so
