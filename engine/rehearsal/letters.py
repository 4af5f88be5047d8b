"""Mail as it would be sent: what is still true when an instant is over leaves, nothing else."""

from engine.core.facts import Facts
from engine.core.owners import goes_on_after_leaving, still_reachable, works_here
from engine.core.snapshot import OpenTask
from engine.rehearsal.behaviour import dice
from engine.rehearsal.cases import Letter, Play
from engine.service import Brief, TaskBrief
from engine.service.briefs import has_now, person_of, readers_of, reason_of
from engine.service.leavers import ASKING
from engine.service.notes import takes_notes


def send_letters(play: Play) -> None:
    """Everything that was written at this instant. A task's first mail comes before its next."""
    outbox, play.outbox = play.outbox, []
    for letter in outbox:
        if not _still_true(play, letter):
            continue
        if letter.task is not None and letter.kind in ASKING:
            letter.case.told.setdefault(letter.task.key, set()).add(letter.person)
        if letter.kind == "reminder":
            play.tally.reminders[play.now, letter.person] += 1
        else:
            play.tally.letters[letter.kind, play.day] += 1
            play.person_day(letter.person).letters += 1
        _keep(play, letter)


def _still_true(play: Play, letter: Letter) -> bool:
    if not works_here(play.facts, letter.person) and not _goes_on(play, letter):
        return False
    if letter.task is None:
        return letter.kind not in ASKING
    if letter.kind in ASKING:
        return letter.person in letter.case.holders.get(letter.task.key, ())
    if letter.kind == "escalation":
        return letter.task.key in letter.case.holders
    return True


def _goes_on(play: Play, letter: Letter) -> bool:
    """Whether it is one of the few that somebody still gets after their last day."""
    if not still_reachable(play.facts, letter.person):
        return False
    if letter.kind == "note":
        return True
    task = letter.task
    if task is None or letter.kind not in ASKING:
        return False
    return goes_on_after_leaving(letter.case.process.rules(task).to, task.by_rule)


def _keep(play: Play, letter: Letter) -> None:
    if not play.tally.sample.most:
        return
    # Reminders of one person and instant leave together, so they are kept together.
    together = letter.kind == "reminder"
    about = (play.now.isoformat(), letter.person, letter.kind)
    task = "" if letter.task is None else letter.task.key
    rolled = dice(*about) if together else dice(*about, letter.case.name, task)
    lot = rolled.random()
    if play.tally.sample.wants(letter.kind, lot):
        title = letter.payload.get("title", "")
        key = f"{letter.case.number:09d} {letter.case.name} {task} {title}"
        play.tally.sample.keep(letter.kind, lot, (key, play.now, _brief(play, letter)))


def _brief(play: Play, letter: Letter) -> Brief:
    facts, case, payload = play.facts, letter.case, letter.payload
    to = person_of(facts, letter.person)
    assert to is not None
    linked = letter.task is not None and (letter.kind in ASKING or _asks_for_note(letter))
    about = None if case.subject is None else facts.person(case.subject)
    return Brief(
        outbox=0,  # a rehearsal has no outbox; whoever renders the letters numbers them
        kind=letter.kind,
        attempt=0,
        to=to,
        case=case.name,
        process=case.process.definition.title,
        about=None if about is None else str(about["name"]),
        task=None if letter.task is None else _task(play, letter, letter.task, facts),
        link="tk_rehearsed" if linked else None,
        link_expires=None,
        title=payload.get("title"),
        text=payload.get("text"),
        had_by=_names(facts, payload.get("before", ())),
        has_now=has_now(facts, payload),
        number=int(payload.get("number", 0)),
        reason=payload.get("outcome"),
    )


def _asks_for_note(letter: Letter) -> bool:
    """Whether the letter tells somebody that an open task is another's now."""
    case, task = letter.case, letter.task
    if letter.kind != "no_longer_needed" or "before" not in letter.payload or task is None:
        return False
    holders = case.holders.get(task.key)
    if holders is None or letter.person in holders:
        return False
    return takes_notes(case.process.rules(task))


def _task(play: Play, letter: Letter, task: OpenTask, facts: Facts) -> TaskBrief:
    case = letter.case
    opened = task.key in case.holders  # else a letter says that it is not needed any more
    rules = case.process.rules(task) if opened else case.process.state(task.place).task
    rule = task.by_rule if opened else None
    return TaskBrief(
        public_id="rehearsed",
        title=letter.title,
        text=letter.text,
        buttons=() if rules is None else rules.buttons,
        due=task.due,
        overdue=task.due is not None and task.due < play.now,
        minutes=None if rules is None else rules.minutes,
        readers=readers_of(
            case.process.definition, case.snapshot, rules, letter.person, facts, play.now
        ),
        why=reason_of(case.subject, task.queue, rule, letter.person, facts),
        owners=tuple(
            str(known["name"])
            for holder in case.holders.get(task.key, ())
            if (known := facts.person(holder)) is not None
        ),
        queue=task.queue,
    )


def _names(facts: Facts, people: tuple[str, ...]) -> str | None:
    known = (facts.person(person) for person in people)
    return " and ".join(str(one["name"]) for one in known if one is not None) or None
