"""One line of a history as a sentence. A kind that is not known here is told by its name."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from engine.core.visibility import NOT_SHOWN
from engine.queries.subject_sentences import subject_changed
from engine.queries.telling import PERSON, Telling, listed

# Lines that say how something came about; a timeline for people leaves them out.
_DETAILS: Final = frozenset(
    {
        "state.entered",
        "state.exited",
        "transition.preempted",
        "subcase.stopped",
        "event.unexpected",
        "directory.changed",
    }
)

_RULES: Final = {
    "remind": "It was time for a reminder of",
    "late": "Nobody had answered in time:",
    "after": "Its time was up:",
    "until": "The day had come for",
    "every": "It was time again for",
}


def sentence(told: Telling) -> str:
    tell = _SENTENCES.get(told.kind)
    return tell(told) if tell is not None else f"{told.kind.replace('.', ' ').capitalize()}."


def is_detail(told: Telling) -> bool:
    """Whether a timeline for people leaves the line out."""
    return told.kind in _DETAILS or (told.kind == "transition.taken" and not _leads(told))


def _leads(told: Telling) -> bool:
    """Whether a transition led somewhere that people know as another place."""
    source = told.place(told.about)
    return any(told.place(place) != source for place in told.public.get("targets") or ())


def _started(told: Telling) -> str:
    subject = told.public.get("subject")
    about = f" for {told.name(subject)}" if subject else ""
    rule = told.public.get("rule")
    if rule:
        about = f"{about}, by the rule “{rule}”"
    if told.actor is None:
        return f"The case was opened{about}."
    return f"{told.who} opened the case{about}."


def _answered(told: Telling) -> str:
    fields = listed([told.field(name) for name in told.public.get("fields") or ()])
    filled = f", and filled in {fields}" if fields else ""
    return f"{told.who} answered {told.task()}{_button(told)}{filled}."


def _button(told: Telling) -> str:
    """Which button was pressed, where there was a choice."""
    outcome = str(told.public.get("outcome"))
    return "" if outcome == "submit" else f": {outcome.replace('_', ' ')}"


def _advice(told: Telling) -> str:
    name = str(told.public.get("analytic")).replace("_", " ")
    rows, found = told.public.get("rows"), told.public.get("findings")
    return f"The analytic “{name}” looked at {rows} entries for {told.task()} and found {found}."


def _fired(told: Telling) -> str:
    rule = (told.about or "").rpartition("/")[2].partition(".")[0]
    return f"{_RULES.get(rule, 'A timer came due:')} {told.task()}."


def _reassigned(told: Telling) -> str:
    reason = told.event("reason")
    told_why = f": {reason}" if reason else ""
    return f"{told.who} gave {told.task()} to {told.name(told.public.get('to'))}{told_why}."


def _cancelled(told: Telling) -> str:
    reason = told.event("reason")
    tail = f": {reason}" if reason else ""
    if told.actor is None:
        return f"The case was cancelled{tail}."
    return f"{told.who} cancelled the case{tail}."


def _migrated(told: Telling) -> str:
    """Who decided, and what of it people meet with; the old names are those of then."""
    was, now = told.public.get("from"), told.atlas.version
    moved = f"The case went from version {was} of its process to version {now}"
    if told.actor is not None:
        moved = f"{told.who} moved the case from version {was} of its process to version {now}"
    parts = [
        f"{told.place(old)} is called {told.place(new)} now"
        for old, new in told.public.get("renamed") or ()
        if told.place(old) != told.place(new)
    ]
    parts += [
        f"{told.place(new)} began instead of {told.place(old)}"
        for old, new in told.public.get("anew") or ()
    ]
    parts += [f"{told.place(place)} was left out" for place in told.public.get("left") or ()]
    return f"{moved}{': ' if parts else ''}{listed(parts)}."


def _taken(told: Telling) -> str:
    targets = [told.place(place) for place in told.public.get("targets") or ()]
    if not targets:
        return f"A rule of {told.place(told.about)} was carried out{_because(told)}."
    to = listed(list(dict.fromkeys(targets)))
    return f"The case went on from {told.place(told.about)} to {to}{_because(told)}."


def _because(told: Telling) -> str:
    because = told.private.get("because")
    if not isinstance(because, Mapping) or not because:
        return ""
    read = [
        f"{told.field(name)} was {_value(told, name, value)}" for name, value in because.items()
    ]
    return f", because {listed(read)}"


def _set(told: Telling) -> str:
    fields = list(told.public.get("fields") or ([told.about] if told.about else []))
    new, old = told.private.get("new") or {}, told.private.get("old") or {}
    parts = []
    for field in fields:
        label = told.field(field)
        if field not in new:
            parts.append(f"{label} was filled in" if field not in old else f"{label} was changed")
        elif field in old:
            before, after = _value(told, field, old[field]), _value(told, field, new[field])
            parts.append(f"{label} went from {before} to {after}")
        else:
            parts.append(f"{label} became {_value(told, field, new[field])}")
    text = listed(parts)
    return f"{text[:1].upper()}{text[1:]}." if text else "Fields were set."


def _value(told: Telling, field: str, value: Any) -> str:
    if told.atlas.is_withheld(field):
        return NOT_SHOWN
    if value is None:
        return "empty"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        return told.name(value) if PERSON.fullmatch(value) else f"“{_short(value)}”"
    if isinstance(value, list):
        if len(value) > 5:
            return f"a list of {len(value)}"
        return listed([_value(told, field, one) for one in value]) or "an empty list"
    return "a table" if isinstance(value, Mapping) else str(value)


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:59].rstrip()}…"


def _opened(told: Telling) -> str:
    queue = told.public.get("queue")
    owners = told.people("owners")
    who = f" for {owners}" if owners else f" in the queue {queue}" if queue else ""
    due = told.public.get("due")
    until = f", due on {told.day(due)}" if due is not None else ""
    return f"{told.task()} was opened{who}{until}."


def _closed(told: Telling) -> str:
    by = told.public.get("by")
    if by is None:
        return f"{told.task()} was withdrawn."
    return f"{told.task()} was closed by {told.name(by)}{_button(told)}."


def _handed(told: Telling) -> str:
    before, after = told.people("before"), told.people("owners")
    came = f" from {before}" if before else ""
    queue = told.public.get("queue")
    to = after or (f"the queue {queue}" if queue else "nobody")
    reason = told.private.get("reason")
    return f"{told.task()} went{came} to {to}{f': {reason}' if reason else ''}."


def _due_moved(told: Telling) -> str:
    due = told.public.get("due")
    if due is None:
        return f"{told.task()} has no due date now."
    return f"{told.task()} is now due on {told.day(due)}."


def _mail(outcome: str) -> Callable[[Telling], str]:
    def tell(told: Telling) -> str:
        what = str(told.public.get("kind", "letter")).replace("_", " ")
        to = told.public.get("to")
        note = told.private.get("note")
        receiver = f" to {told.name(to)}" if to else ""
        return f"The mail ({what}){receiver} {outcome}{f': {note}' if note else ''}."

    return tell


def _call(outcome: str) -> Callable[[Telling], str]:
    def tell(told: Telling) -> str:
        note = told.private.get("note")
        return f"A call to another system {outcome}{f': {note}' if note else ''}."

    return tell


def _incident(told: Telling) -> str:
    message = told.names.within(str(told.private.get("message") or ""), told.at)
    return f"Help is needed at {told.place(told.about)}: {message or told.public.get('code')}"


def _listed(what: Any) -> str:
    return listed([str(each) for each in what or ("answers",)])


def _why(told: Telling) -> str:
    return str(told.private.get("reason") or "for a reason that is not kept")


_SENTENCES: Final[Mapping[str, Callable[[Telling], str]]] = {
    "case.started": _started,
    "task.answered": _answered,
    "timer.fired": _fired,
    "signal.arrived": lambda told: f"The signal {told.about} arrived.",
    "subcase.closed": lambda told: (
        f"The case that {told.task()} had started ended: {told.public.get('outcome')}."
    ),
    "task.claimed": lambda told: f"{told.who} took {told.task()}.",
    "task.reassigned": _reassigned,
    "directory.changed": lambda _: "People or their places changed, and the case looked again.",
    "subject.changed": subject_changed,
    "case.cancelled": _cancelled,
    "case.migrated": _migrated,
    "transition.taken": _taken,
    "state.entered": lambda told: f"{told.places()} began.",
    "state.exited": lambda told: f"{told.places()} ended.",
    "field.set": _set,
    "state.skipped": lambda told: f"{told.place(told.about)} was skipped{_because(told)}.",
    "state.undone": lambda told: f"{told.place(told.about)} was undone.",
    "clock.stopped": lambda told: (
        f"The case is paused: no deadline counts until {told.public.get('until')}."
    ),
    "clock.went_on": lambda told: (
        f"The case had been paused since {told.day(told.public.get('since'))}, and goes on."
    ),
    "advice.given": _advice,
    "transition.preempted": lambda told: (
        f"{told.place(told.about)} would have gone on too, but another way came first."
    ),
    "task.opened": _opened,
    "task.closed": _closed,
    "task.handed_over": _handed,
    "task.note": lambda told: f"{told.who} left a hand-over note for {told.task()}.",
    "due.moved": _due_moved,
    "record.written": lambda told: (
        f"The record {told.public.get('kind')} of {told.name(told.about)} was written."
    ),
    "signal.emitted": lambda told: f"The signal {told.about} was raised.",
    "subcase.started": lambda told: f"A case of {told.public.get('process')} was started.",
    "subcase.stopped": lambda told: f"The case that {told.task()} had started was called off.",
    "incident.opened": _incident,
    "incident.closed": lambda told: (
        f"{told.who} put it right at {told.place(told.about)}."
        if told.actor
        else f"Help is needed no more at {told.place(told.about)}."
    ),
    "case.closed": lambda told: (
        f"The case was closed: {str(told.public.get('outcome')).replace('_', ' ')}."
    ),
    "event.unexpected": lambda told: (
        f"Something came that was not expected here ({told.public.get('event')}); "
        "it changed nothing."
    ),
    "mail.sent": _mail("left"),
    "mail.failed": _mail("could not be delivered"),
    "mail.cancelled": _mail("was not needed any more"),
    "call.sent": _call("was made"),
    "call.failed": _call("failed"),
    "call.cancelled": _call("was not needed any more"),
    "erased": lambda told: (
        f"{told.who} erased {_listed(told.public.get('what'))} "
        f"and the personal part of {len(told.public.get('seqs') or ())} lines."
    ),
    "hold.placed": lambda told: f"{told.who} placed a legal hold: {_why(told)}.",
    "hold.lifted": lambda told: f"{told.who} lifted the legal hold: {_why(told)}.",
}
