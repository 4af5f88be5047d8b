"""Every mail of a play, as the product would write it, by the same rules and templates."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from email.message import EmailMessage
from typing import Any

from engine.core.effects import ClosedTask, HandedOver, MovedDue, OpenedTask, Remind, Tell
from engine.core.events import TaskAnswered, TaskClaimed
from engine.core.snapshot import OpenTask
from engine.scenarios import Moment, Stage
from engine.service import Brief, Person, TaskBrief
from engine.service.briefs import readers_of, reason_of
from engine.service.tasks import TaskChanges
from flows.letters import letter_of
from notifications import Sender, compose

_ASKING = frozenset({"task", "reminder", "handed_over"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Sent:
    """One mail."""

    number: int  # in the order in which they leave
    at: datetime
    moment: int  # of the stage: what made it leave
    to: str  # person id
    name: str
    about: str | None  # title of the task it is about: subjects tell no names
    task: str | None  # key of the open task that its link leads to
    message: EmailMessage

    @property
    def subject(self) -> str:
        return str(self.message["Subject"])

    @property
    def html(self) -> str:
        return self._part("html")

    @property
    def text(self) -> str:
        return self._part("plain")

    def _part(self, kind: str) -> str:
        part = self.message.get_body((kind,))
        assert part is not None
        return str(part.get_content())


@dataclass(kw_only=True)
class _Known:
    """A task as letters speak of it."""

    task: OpenTask
    title: str
    text: str | None
    told: set[str] = field(default_factory=set)  # who has had a letter that asks for it


def mails(stage: Stage, sender: Sender) -> tuple[Sent, ...]:
    """In the order in which they leave; reminders that are due together leave as one."""
    writer = _Writer(stage=stage)
    briefs = [
        (number, brief)
        for number, moment in enumerate(stage.moments)
        for brief in writer.of(moment)
    ]
    sent = []
    for number, (at, brief) in enumerate(_together(stage, briefs), start=1):
        moment = stage.moments[at]
        brief = replace(brief, outbox=number, link=str(number) if brief.link else None)  # noqa: PLW2901
        letter = letter_of(brief, sender.base_url, None)
        sent.append(
            Sent(
                number=number,
                at=moment.at,
                moment=at,
                to=brief.to.id,
                name=brief.to.name,
                about=brief.task.title if brief.task else brief.title,
                task=brief.task.public_id if brief.task and brief.link else None,
                message=compose(letter, sender, now=moment.at),
            )
        )
    return tuple(sent)


def _together(stage: Stage, briefs: Iterable[tuple[int, Brief]]) -> list[tuple[int, Brief]]:
    kept: list[tuple[int, Brief]] = []
    leaders: dict[tuple[datetime, str], int] = {}
    for at, brief in briefs:
        key = (stage.moments[at].at, brief.to.id)
        if brief.kind == "reminder" and key in leaders:
            place = leaders[key]
            first, leader = kept[place]
            kept[place] = (first, replace(leader, others=(*leader.others, brief)))
            continue
        if brief.kind == "reminder":
            leaders[key] = len(kept)
        kept.append((at, brief))
    return kept


@dataclass(kw_only=True)
class _Writer:
    """Follows a play and says who is written to, as the engine's service does when it commits."""

    stage: Stage
    tasks: dict[str, _Known] = field(default_factory=dict)

    def of(self, moment: Moment) -> Iterator[Brief]:
        changes, told = TaskChanges(), []
        for effect in moment.done.effects:
            match effect:
                case Tell():
                    told.append(effect)
                case OpenedTask() | ClosedTask() | HandedOver() | MovedDue() | Remind():
                    changes.add(effect)
                case _:
                    pass  # asks nothing of a person
        yield from self._closed(changes, moment)
        yield from self._handed(changes, moment)
        yield from self._opened(changes, moment)
        for reminded in changes.reminded:
            known = self.tasks[reminded.task]
            for person in self._holders(known.task):
                yield self._brief("reminder", person, known, moment, number=reminded.number)
        for message in told:
            about = self.tasks.get(message.about_task or "")
            for person in message.to:
                yield self._brief(
                    "escalation" if about else "note",
                    person,
                    about,
                    moment,
                    title=message.title,
                    text=message.text,
                )

    def _closed(self, changes: TaskChanges, moment: Moment) -> Iterator[Brief]:
        for closed in changes.closed:
            known = self.tasks[closed.task]
            mine = isinstance(moment.event, TaskAnswered) and moment.event.task == closed.task
            if mine and len(known.task.owners) <= 1:
                continue
            for person in sorted(known.told & set(self._holders(known.task)) - {closed.by}):
                yield self._brief("no_longer_needed", person, known, moment)

    def _handed(self, changes: TaskChanges, moment: Moment) -> Iterator[Brief]:
        for handed in changes.handed:
            known = self.tasks[handed.task.key]
            before = self._holders(known.task)
            known.task = handed.task
            if handed.title is not None:
                known.title, known.text = handed.title, handed.text
            if isinstance(moment.event, TaskClaimed):
                continue
            now = self._holders(handed.task)
            kind = "handed_over" if handed.task.owners else "task"
            names = {"before": handed.before, "owners": handed.task.owners}
            for person in (person for person in now if person not in before):
                yield self._brief(kind, person, known, moment, **names)
            for person in handed.before:
                if person not in handed.task.owners:
                    yield self._brief("no_longer_needed", person, known, moment, **names)

    def _opened(self, changes: TaskChanges, moment: Moment) -> Iterator[Brief]:
        due = {moved.task: moved.due for moved in changes.moved}
        for key, task_due in due.items():
            if key in self.tasks:
                self.tasks[key].task = replace(self.tasks[key].task, due=task_due)
        for key, opened in changes.opened.items():
            task = replace(opened.task, due=due.get(key, opened.task.due))
            known = _Known(task=task, title=opened.title, text=opened.text)
            self.tasks[key] = known
            for person in self._holders(task):
                yield self._brief("task", person, known, moment)

    def _holders(self, task: OpenTask) -> tuple[str, ...]:
        return self.stage.owners(task)

    def _brief(
        self, kind: str, person: str, known: _Known | None, moment: Moment, **said: Any
    ) -> Brief:
        subject = moment.done.snapshot.case.subject
        asks = kind in _ASKING and known is not None
        if asks and known is not None:
            known.told.add(person)
        return Brief(
            outbox=0,
            kind=kind,
            attempt=1,
            to=_person(self.stage, person),
            case=moment.done.snapshot.case.id,
            process=self.stage.definition.title,
            about=_name(self.stage, subject),
            task=self._task_brief(_told(kind, known, said), person, moment) if known else None,
            link="to be numbered" if asks else None,
            link_expires=None,
            title=said.get("title"),
            text=said.get("text"),
            had_by=self._names(said.get("before", ())),
            has_now=self._names(said.get("owners", ())),
            number=said.get("number", 0),
            reason=None,
        )

    def _task_brief(self, known: _Known, person: str, moment: Moment) -> TaskBrief:
        task, cast, after = known.task, self.stage.cast, moment.done.snapshot
        state = self.stage.state(task)
        rules = state.task if task.side is None else state.side_tasks[task.side]
        return TaskBrief(
            public_id=task.key,
            title=known.title,
            text=known.text,
            buttons=() if rules is None else rules.buttons,
            due=task.due,
            overdue=task.due is not None and task.due < moment.at,
            minutes=None if rules is None else rules.minutes,
            readers=readers_of(self.stage.definition, after, rules, person, cast, moment.at),
            why=reason_of(after.case.subject, task.queue, task.by_rule, person, cast),
            owners=tuple(filter(None, (_name(self.stage, one) for one in self._holders(task)))),
            queue=task.queue,
        )

    def _names(self, people: Iterable[str]) -> str | None:
        return " and ".join(filter(None, (_name(self.stage, p) for p in people))) or None


def _told(kind: str, known: _Known, said: Mapping[str, Any]) -> _Known:
    """The task in words that the letter's receiver may read, as the service chooses them."""
    if kind != "escalation":
        return known
    return replace(known, title=said.get("title") or known.title, text=None)


def _name(stage: Stage, person: str | None) -> str | None:
    known = None if person is None else stage.cast.person(person)
    return None if known is None else str(known["name"])


def _person(stage: Stage, person: str) -> Person:
    known: Mapping[str, Any] = stage.cast.person(person) or {}
    return Person(
        id=person,
        name=str(known["name"]),
        email=str(known["email"]),
        language=known.get("language") or "en",
        zone=str(known.get("zone") or stage.cast.calendar(known.get("location")).zone),
    )
