"""Questions: the fields of a case file and the pages that ask for them."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from engine.core.expression import Expr, Template
from engine.core.time import Span


class FieldType(StrEnum):
    """The types of answers; the comment is the JSON value that a stored answer has."""

    TEXT = "text"  # str, one line
    LONGTEXT = "longtext"  # str
    INTEGER = "integer"  # int
    NUMBER = "number"  # int | float
    MONEY = "money"  # {"amount": "1234.50", "currency": "EUR"}
    PERCENT = "percent"  # int or float, 0.12 for 12 %
    DATE = "date"  # "2027-06-01"
    DATETIME = "datetime"  # "2027-06-01T09:00:00+00:00"
    YES_NO = "yes_no"  # bool
    CHOICE = "choice"  # str, one of the options
    CHOICES = "choices"  # list[str], some of the options
    SCALE = "scale"  # int, min..max
    PERSON = "person"  # str, a person id of the directory
    PEOPLE = "people"  # list[str]
    GUEST = "guest"  # str, the person id of whoever has the address that was typed
    FILE = "file"  # {"id", "name", "size", "sha256"}
    TABLE = "table"  # list[{column: value}]
    ATTEST = "attest"  # {"name": as typed, "at": instant}
    COMPUTED = "computed"  # whatever its expression gives; never asked


@dataclass(frozen=True, kw_only=True, slots=True)
class Field:
    """One question or one entry of the case file."""

    name: str  # as written, an identifier
    type: FieldType
    label: str  # what people read; from the name when the author gave none
    help: str | None  # a sentence below the label
    required: bool  # must be answered (default yes)
    required_if: Expr | None  # or only when this holds
    min: float | None  # smallest number or scale mark, least characters, fewest items
    max: float | None  # the other end
    options: tuple[str, ...]  # CHOICE, CHOICES: stored value and shown text alike
    anchors: Mapping[int, str]  # SCALE: what a mark means
    columns: tuple["Field", ...]  # TABLE
    prefill: Expr | None  # offered, never decided
    compute: Expr | None  # COMPUTED
    seen_by: tuple[str, ...] | None  # names of `people:` and `subject`; None: everyone on the case
    until: str | None  # hidden from all others before this state (id) was entered
    sensitive: bool  # never in mail, logs or plain exports
    from_start: bool  # given when the case starts
    redact_after: Span | None  # removed this long after the case closed


@dataclass(frozen=True, kw_only=True, slots=True)
class Form:
    """One page of questions."""

    name: str  # as written under `forms:`, or the state's id for a form written in place
    title: Template | None  # heading of the page
    intro: Template | None  # a paragraph below it
    fields: tuple[Field, ...]  # in the order asked
    shared: frozenset[str]  # those of the fields whose answers go to `data`; others stay the task's
