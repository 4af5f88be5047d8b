"""The vocabulary of the room: what a letter is, who gets it and who sends it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

# `References: <thread-…@domain>` must fit in one line of 78: Python folds a longer one into
# encoded words, which no mail program recognises as a thread.
LONGEST_DOMAIN = 40


class LetterError(ValueError):
    """A letter or its sender is not complete; the caller has to mend it, trying again is no use."""


class Occasion(StrEnum):
    """Why a letter is written."""

    TASK = "task"  # somebody is asked for the first time
    REMINDER = "reminder"  # the task is still open
    ESCALATION = "escalation"  # somebody else is late, and this person should know
    NO_LONGER_NEEDED = "no_longer_needed"  # the task went away; nothing to do
    DIGEST = "digest"  # everything that is open for one person on one day
    HANDED_OVER = "handed_over"  # the task was somebody else's until now
    HANDED_ON = "handed_on"  # the task is somebody else's now; they may be left a note
    NEW_LINK = "new_link"  # the old link had expired and a new one was asked for
    NOTE = "note"  # news from a process, nothing to answer
    RECEIPT = "receipt"  # the answer has arrived


@dataclass(frozen=True, kw_only=True, slots=True)
class Recipient:
    """A person who gets a letter, or who reads the replies to it."""

    name: str  # as the person is addressed; may hold commas and quotes
    email: str  # one address, without a name
    language: str = "en"  # BCP 47, "en-GB"; decides how dates are written
    zone: str = "UTC"  # IANA name, "Europe/Berlin"; decides which clock due dates follow


@dataclass(frozen=True, kw_only=True, slots=True)
class Item:
    """One task as a letter shows it: the only one, or a line of a digest."""

    title: str  # "Your goals for 2027"
    process: str  # "Performance year"
    verb: str  # what the button says: "Write your self-review"
    url: str = ""  # begins with the sender's base_url; empty where there is nothing to open
    about: str | None = None  # whom or what the case is about, "Ben Li"
    due: datetime | None = None  # aware
    overdue: bool = False  # the due date has passed


@dataclass(frozen=True, kw_only=True, slots=True)
class Letter:
    """Everything one letter says, already decided; this room only puts it into form."""

    key: str  # stable for ever, unique in its domain: becomes the Message-ID
    occasion: Occasion  # why it is written
    to: Recipient  # exactly one
    thread: str  # stable for one case and person: letters with the same one stand together
    subject: str  # nothing personal: it shows on locked screens
    lead: str  # the first sentence: why this mail comes
    reply_to: Recipient | None = None  # the person who reads the replies
    items: tuple[Item, ...] = ()  # the task; several in a digest
    text: tuple[str, ...] = ()  # paragraphs of the author, plain text
    readers: str | None = None  # "Your answer is read by: you, your manager."
    minutes: int | None = None  # how long it takes
    why: str | None = None  # "You are asked because you are Ben's manager."
    had_by: str | None = None  # handed over: the name of the person who had the task before
    expires: datetime | None = None  # aware; when the link stops working
    headers: Mapping[str, str] = field(default_factory=dict)  # further ones, one line each

    def __post_init__(self) -> None:
        match self.occasion:
            case (
                Occasion.TASK
                | Occasion.REMINDER
                | Occasion.HANDED_OVER
                | Occasion.HANDED_ON
                | Occasion.NEW_LINK
            ):
                fits, expected = len(self.items) == 1, "exactly one item"
            case Occasion.DIGEST:
                fits, expected = len(self.items) >= 1, "at least one item"
            case _:
                fits, expected = len(self.items) <= 1, "at most one item"
        if not fits:
            raise LetterError(
                f"Letter {self.key} ({self.occasion}) needs {expected}, it has {len(self.items)}."
            )
        if (self.occasion is Occasion.HANDED_OVER) != (self.had_by is not None):
            raise LetterError(
                f"Letter {self.key} ({self.occasion}): `had_by` names who had the task before; "
                "a handed over task needs it, nothing else takes it."
            )
        if self.minutes is not None and self.minutes < 1:
            raise LetterError(f"Letter {self.key}: a task takes at least one minute, or None.")
        instants = [self.expires, *(item.due for item in self.items)]
        if any(instant is not None and instant.utcoffset() is None for instant in instants):
            raise LetterError(f"Letter {self.key}: a due or expiry date has no time zone.")


@dataclass(frozen=True, kw_only=True, slots=True)
class Sender:
    """On whose behalf letters go out: the same for every letter of an installation."""

    name: str  # the display name of From, "Example Ltd People Team"
    address: str  # the address of From
    domain: str  # the right side of every Message-ID, "hr.example.com"
    base_url: str  # where links lead, "https://hr.example.com"; without a slash at the end
    organisation: str  # who the letter comes from, "Example Ltd"
    colour: str = "#1f5f8b"  # the button; its text becomes black or white, whichever reads better

    def __post_init__(self) -> None:
        if not re.fullmatch(r"#[0-9a-fA-F]{6}", self.colour):
            raise LetterError(f"The brand colour is {self.colour!r}; write it as #rrggbb.")
        if not re.fullmatch(
            r"https?://[A-Za-z0-9.\-:\[\]]+(/[A-Za-z0-9._~/-]*[^/])?", self.base_url
        ):
            raise LetterError(
                f"The base address is {self.base_url!r}; write it as https://hr.example.com, "
                "without a slash at the end."
            )
        if len(self.domain) > LONGEST_DOMAIN or not re.fullmatch(
            r"[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*", self.domain
        ):
            raise LetterError(
                f"The domain for message ids is {self.domain!r}; write a host name of at most "
                f"{LONGEST_DOMAIN} characters, such as hr.example.com."
            )
