"""The sentences of a letter that are ours: what stands where, in plain English, for both parts."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import assert_never

from notifications.characters import lines, one_line
from notifications.colour import text_on
from notifications.dates import Moment, moment
from notifications.letter import Item, Letter, LetterError, Occasion, Sender

# Printable ASCII without what could end an attribute or a line.
_URL = re.compile(r"[^\x00-\x20\x7f-\uffff\U00010000-\U0010ffff\"'<>\\^`{|}]+")


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """An item, ready to be printed."""

    title: str  # what the task is called
    context: str  # "Performance year, about Ben Li"
    verb: str  # what the button or link says
    url: str  # empty: nothing to open
    due: Moment | None  # on the person's clock
    overdue: bool  # the due date has passed
    first: bool  # the one that gets the button


@dataclass(frozen=True, kw_only=True, slots=True)
class Group:
    """Items under one heading; only a digest has headings."""

    heading: str  # "Overdue"
    entries: tuple[Entry, ...]  # soonest first


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    """What the templates print; every text is clean and in its final order."""

    subject: str  # also the title of the HTML document
    preheader: str  # what an inbox shows beside the subject: nothing personal either
    kicker: str  # a few words above the heading, or empty
    heading: str  # the largest line
    greeting: str  # "Hello Ann Smith,"
    lead: str  # why this mail comes
    before: str  # who had the task until now, or empty
    paragraphs: tuple[tuple[str, ...], ...]  # of the author, each a tuple of lines
    entry: Entry | None  # the task, unless it is a digest
    groups: tuple[Group, ...]  # of a digest
    facts: tuple[str, ...]  # how long, who reads it, why me
    warning: str  # that links are personal; empty without a link
    until: Moment | None  # when the links stop working
    question: str  # who reads a reply, or empty
    organisation: str  # who sends it
    base_url: str  # where true links lead
    language: str  # of our sentences
    colour: str  # of the button
    on_colour: str  # of the text on it


def page(letter: Letter, sender: Sender) -> Page:
    """Raises LetterError where a link leads anywhere but to the sender's own address."""
    subject = one_line(letter.subject)
    if not subject:
        raise LetterError(f"Letter {letter.key} has no subject.")
    entries = tuple(
        _entry(item, letter, sender, first=place == 0)
        for place, item in enumerate(sorted(letter.items, key=_urgency))
    )
    digest = letter.occasion is Occasion.DIGEST
    alone = entries[0] if entries and not digest else None
    linked = any(entry.url for entry in entries)
    name = one_line(letter.to.name)
    return Page(
        subject=subject,
        preheader=_preheader(letter, entries),
        kicker=_kicker(letter.occasion),
        heading=_heading(letter.occasion, entries, subject),
        greeting=f"Hello {name}," if name else "Hello,",
        lead=one_line(letter.lead),
        before=_before(letter),
        paragraphs=tuple(tuple(lines(text)) for text in letter.text if one_line(text)),
        entry=alone,
        groups=_groups(entries) if digest else (),
        facts=_facts(letter),
        warning=_warning(letter.occasion) if linked else "",
        until=_moment(letter.expires, letter) if linked else None,
        question=_question(letter),
        organisation=one_line(sender.organisation),
        base_url=sender.base_url,
        language=letter.to.language if letter.to.language in ("en-GB", "en-US") else "en",
        colour=sender.colour,
        on_colour=text_on(sender.colour),
    )


def _urgency(item: Item) -> tuple[bool, bool, float, str]:
    due = item.due.timestamp() if item.due else 0.0
    return (not item.overdue, item.due is None, due, item.title)


def _moment(instant: datetime | None, letter: Letter) -> Moment | None:
    if instant is None:
        return None
    return moment(instant, language=letter.to.language, zone=letter.to.zone)


_DONE = (Occasion.RECEIPT, Occasion.HANDED_ON)


def _entry(item: Item, letter: Letter, sender: Sender, *, first: bool) -> Entry:
    gone = letter.occasion is Occasion.NO_LONGER_NEEDED
    url = "" if gone else item.url
    if url and not (url.startswith(f"{sender.base_url}/") and _URL.fullmatch(url)):
        raise LetterError(
            f"Letter {letter.key} links to somewhere that is not below {sender.base_url}/; "
            "links are built from the configured base address."
        )
    about = one_line(item.about or "")
    return Entry(
        title=one_line(item.title),
        context=one_line(item.process) + (f", about {about}" if about else ""),
        verb=one_line(item.verb),
        url=url,
        # A date beside something that is over or done reads as if it still counted.
        due=None if gone or letter.occasion in _DONE else _moment(item.due, letter),
        overdue=item.overdue,
        first=first and bool(url),
    )


def _groups(entries: tuple[Entry, ...]) -> tuple[Group, ...]:
    overdue = tuple(entry for entry in entries if entry.overdue)
    still = tuple(entry for entry in entries if not entry.overdue)
    named = (("Overdue", overdue), ("Open", still))
    return tuple(Group(heading=heading, entries=found) for heading, found in named if found)


def _kicker(occasion: Occasion) -> str:
    match occasion:
        case Occasion.TASK | Occasion.DIGEST:
            return ""
        case Occasion.REMINDER:
            return "Reminder"
        case Occasion.ESCALATION:
            return "For your attention"
        case Occasion.NO_LONGER_NEEDED:
            return "No longer needed"
        case Occasion.HANDED_OVER:
            return "Handed over to you"
        case Occasion.HANDED_ON:
            return "Handed on"
        case Occasion.NEW_LINK:
            return "Your new link"
        case Occasion.NOTE:
            return "For your information"
        case Occasion.RECEIPT:
            return "Received"
        case _:
            assert_never(occasion)


def _heading(occasion: Occasion, entries: tuple[Entry, ...], subject: str) -> str:
    if occasion is not Occasion.DIGEST:
        return (entries[0].title if entries else "") or subject
    return "1 task waits for you" if len(entries) == 1 else f"{len(entries)} tasks wait for you"


def _preheader(letter: Letter, entries: tuple[Entry, ...]) -> str:
    match letter.occasion:
        case Occasion.DIGEST:
            late = sum(entry.overdue for entry in entries)
            counts = ((late, "overdue"), (len(entries) - late, "open"))
            return ", ".join(f"{count} {word}" for count, word in counts if count) + "."
        case Occasion.NO_LONGER_NEEDED:
            return "Nothing to do any more."
        case Occasion.HANDED_ON:
            return "Somebody else has it now."
        case Occasion.RECEIPT:
            return "Your answer has arrived."
        case Occasion.NOTE | Occasion.ESCALATION:
            return "" if entries and entries[0].url else "For your information."
        case Occasion.TASK | Occasion.REMINDER | Occasion.HANDED_OVER | Occasion.NEW_LINK:
            due, minutes = entries[0].due, letter.minutes
            parts = [
                f"{_due_word(overdue=entries[0].overdue)} {due.when} ({due.zone})." if due else "",
                f"Takes {_duration(minutes)}." if minutes else "",
            ]
            return " ".join(filter(None, parts))
        case _:
            assert_never(letter.occasion)


def _due_word(*, overdue: bool) -> str:
    return "Was due" if overdue else "Due"


def _duration(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    words = [f"{hours} hour{'s' * (hours > 1)}"] if hours else []
    words += [f"{rest} minute{'s' * (rest > 1)}"] if rest else []
    return "about " + " and ".join(words)


def _facts(letter: Letter) -> tuple[str, ...]:
    minutes = letter.minutes
    takes = f"It takes {_duration(minutes)}." if minutes else ""
    said = (takes, one_line(letter.readers or ""), one_line(letter.why or ""))
    return tuple(filter(None, said))


def _before(letter: Letter) -> str:
    name = one_line(letter.had_by or "")
    return f"{name} had this task before you. What is already written is kept." if name else ""


def _warning(occasion: Occasion) -> str:
    match occasion:
        case Occasion.DIGEST:
            links = "These links are yours alone: whoever opens one can answer in your name."
        case Occasion.HANDED_ON:
            links = "This link is yours alone: whoever opens it can write in your name."
        case Occasion.RECEIPT | Occasion.NOTE | Occasion.ESCALATION:
            links = "This link is yours alone: whoever opens it sees what you see."
        case _:
            links = "This link is yours alone: whoever opens it can answer in your name."
    return f"{links} Please do not forward this mail."


def _question(letter: Letter) -> str:
    reader = one_line(letter.reply_to.name) if letter.reply_to else ""
    return f"Questions? Reply to this mail; {reader} reads your reply." if reader else ""
