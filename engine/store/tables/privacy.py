"""What is kept apart from who it comes from, what was handed in, and what must not be erased."""

from sqlalchemy import BigInteger, Column, Index, LargeBinary, Text, text
from sqlmodel import Field, SQLModel


class SealedAnswerRow(SQLModel, table=True):
    """An anonymous answer of a round that goes on: no author, no time, a random key.

    The box opens with a key that is not in the database; boxes of one form have one size.
    """

    __tablename__ = "sealed_answer"
    __table_args__ = (Index("sealed_answer_pool", "case_id", "pool"),)

    id: str = Field(primary_key=True)  # random
    case_id: int = Field(foreign_key="case.id")
    pool: str  # which round: `evaluate.peers#1`
    box: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class HoldRow(SQLModel, table=True):
    """A legal hold: nothing of the case is erased while it stands."""

    __tablename__ = "hold"
    __table_args__ = (
        Index(
            "hold_standing",
            "case_id",
            unique=True,
            sqlite_where=text("lifted_at is null"),
            postgresql_where=text("lifted_at is null"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="case.id")
    reason: str = Field(sa_column=Column(Text, nullable=False))
    placed_at: int = Field(sa_column=Column(BigInteger, nullable=False))
    placed_by: str | None = None  # person id; None: the machine's owner on the command line
    lifted_at: int | None = Field(default=None, sa_column=Column(BigInteger, nullable=True))
    lifted_by: str | None = None


class FileRow(SQLModel, table=True):
    """A file that somebody handed in; an answer names it by its number and hash."""

    __tablename__ = "file"
    __table_args__ = (Index("file_case", "case_id"), Index("file_task", "task_id"))

    id: str = Field(primary_key=True)  # random
    task_id: int = Field(foreign_key="task.id")
    case_id: int = Field(foreign_key="case.id")
    field: str
    name: str  # as its owner called it, made harmless
    size: int
    sha256: str  # hex
    content: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    bound: bool = False  # an answer names it; else it belongs to a draft
    uploaded_at: int = Field(sa_column=Column(BigInteger, nullable=False))
