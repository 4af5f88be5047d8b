"""From what the engine knows about a letter to what the letter says. Decides nothing."""

from hashlib import sha256
from typing import assert_never

from babel.dates import format_date

from engine.service import Brief, TaskBrief
from notifications import Item, Letter, Occasion, Recipient
from notifications.dates import locale_of, zone_of

_OCCASIONS = {
    "task": Occasion.TASK,
    "reminder": Occasion.REMINDER,
    "escalation": Occasion.ESCALATION,
    "handed_over": Occasion.HANDED_OVER,
    "no_longer_needed": Occasion.NO_LONGER_NEEDED,
    "new_link": Occasion.NEW_LINK,
    "note": Occasion.NOTE,
}


def letter_of(brief: Brief, base_url: str, reply_to: Recipient | None) -> Letter:
    """The letter of a brief; `reply_to` reads the answers to it."""
    if brief.others:
        return _digest(brief, base_url, reply_to)
    occasion = _OCCASIONS[brief.kind]
    if occasion is Occasion.NO_LONGER_NEEDED and brief.link:
        occasion = Occasion.HANDED_ON
    task = brief.task
    asks = brief.link is not None and occasion is not Occasion.HANDED_ON
    # Subjects show on locked screens: the process and the date, never a name.
    return Letter(
        key=_key(brief.outbox, brief),
        occasion=occasion,
        to=_recipient(brief),
        thread=f"{brief.case}/{brief.to.id}",
        subject=_subject(occasion, brief),
        lead=_lead(occasion, brief),
        reply_to=reply_to,
        items=(_item(brief, task, base_url, occasion),) if task else (),
        text=_text(brief, occasion),
        readers=task.readers if task and asks else None,
        minutes=task.minutes if task and asks else None,
        why=task.why if task and asks else None,
        had_by=(brief.had_by or "somebody else") if occasion is Occasion.HANDED_OVER else None,
        expires=brief.link_expires,
    )


def _digest(brief: Brief, base_url: str, reply_to: Recipient | None) -> Letter:
    """Several reminders as one letter, each task with a link of its own."""
    briefs = (brief, *brief.others)
    items = tuple(_item(each, each.task, base_url, Occasion.DIGEST) for each in briefs if each.task)
    late = sum(item.overdue for item in items)
    return Letter(
        # The first row's number whichever of them led, so that a repetition is recognised.
        key=_key(min(each.outbox for each in briefs), brief),
        occasion=Occasion.DIGEST,
        to=_recipient(brief),
        thread=f"digest/{brief.to.id}",
        subject=f"Reminder: {len(items)} tasks wait for you{f', {late} overdue' if late else ''}",
        lead="A reminder: these still wait for you.",
        reply_to=reply_to,
        items=items,
        expires=min((each.link_expires for each in briefs if each.link_expires), default=None),
    )


def _key(outbox: int, brief: Brief) -> str:
    """Of a letter, for ever, and of no letter of another database.

    Numbers begin anew in each, and mail programs drop what comes under a Message-ID they have seen.
    What tells them apart is the receiver's id, which is random.
    """
    return f"{outbox}.{sha256(brief.to.id.encode()).hexdigest()[:16]}"


def _recipient(brief: Brief) -> Recipient:
    return Recipient(
        name=brief.to.name,
        email=brief.to.email,
        language=brief.to.language,
        zone=brief.to.zone,
    )


def _text(brief: Brief, occasion: Occasion) -> tuple[str, ...]:
    """The author's paragraphs; what the task asks for is nothing to who has it no more."""
    asked = brief.task.text if brief.task and occasion is not Occasion.HANDED_ON else None
    return tuple(text for text in (brief.text, asked) if text)


def _item(brief: Brief, task: TaskBrief, base_url: str, occasion: Occasion) -> Item:
    return Item(
        title=task.title,
        process=brief.process,
        verb="Write a hand-over note" if occasion is Occasion.HANDED_ON else _verb(task),
        url=f"{base_url}/t/{brief.link}" if brief.link else "",
        about=brief.about if brief.about != brief.to.name else None,
        due=task.due,
        overdue=task.overdue,
    )


def _verb(task: TaskBrief) -> str:
    if task.queue is not None:
        return "Look at it and take it"
    if len(task.buttons) > 1:
        return "Look at it and decide"
    return "Answer now" if task.readers else "Open the task"


def _due(brief: Brief) -> str | None:
    if brief.task is None or brief.task.due is None:
        return None
    local = brief.task.due.astimezone(zone_of(brief.to.zone))
    # In the language of the subject: nothing could say there that a part of it is in another.
    return str(format_date(local, "d MMMM", locale_of("en")))


def _subject(occasion: Occasion, brief: Brief) -> str:
    due = _due(brief)
    by = f", by {due}" if due else ""
    overdue = brief.task is not None and brief.task.overdue
    match occasion:
        case Occasion.TASK | Occasion.HANDED_OVER:
            return f"{brief.process}: something for you{by}"
        case Occasion.REMINDER:
            if overdue:
                return f"Overdue: {brief.process}, was due on {due}"
            return f"Reminder: {brief.process}{by}"
        case Occasion.ESCALATION:
            return f"{brief.process}: somebody is late"
        case Occasion.NO_LONGER_NEEDED:
            return f"{brief.process}: nothing to do any more"
        case Occasion.HANDED_ON:
            return f"{brief.process}: somebody else has it now"
        case Occasion.NEW_LINK:
            return f"{brief.process}: your new link"
        case Occasion.NOTE | Occasion.DIGEST | Occasion.RECEIPT:
            return f"{brief.process}: news for you"
        case never:
            assert_never(never)


def _lead(occasion: Occasion, brief: Brief) -> str:
    title = brief.task.title if brief.task else brief.process
    owners = " and ".join(brief.task.owners) if brief.task else ""
    match occasion:
        case Occasion.TASK:
            if brief.task and brief.task.queue is not None:
                return "Something waits in your queue. Take it if you are going to do it."
            return "There is something for you to do."
        case Occasion.REMINDER if brief.task and brief.task.overdue:
            return "The day for this has passed, and it still waits for you."
        case Occasion.REMINDER:
            return "A reminder: this still waits for you."
        case Occasion.ESCALATION:
            late = f"“{title}” waits for {owners or 'nobody in particular'} and is late."
            return f"{brief.title}: {late}" if brief.title and brief.title != title else late
        case Occasion.HANDED_OVER:
            return "This is yours now."
        case Occasion.NO_LONGER_NEEDED:
            if brief.has_now:
                return f"“{title}” is with {brief.has_now} now. Thank you; nothing is left to do."
            return f"“{title}” is not needed any more. Thank you; nothing is left to do."
        case Occasion.HANDED_ON:
            whose = f"with {brief.has_now} now" if brief.has_now else "not yours any more"
            return (
                f"“{title}” is {whose}. What you wrote so far is kept and went along. If the next "
                "one should know something, please leave a note; if not, nothing is left to do."
            )
        case Occasion.NEW_LINK:
            return "Here is the new link that was asked for."
        case Occasion.NOTE | Occasion.DIGEST | Occasion.RECEIPT:
            return brief.title or f"There is news about {title}."
        case never:
            assert_never(never)
