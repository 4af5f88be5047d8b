"""The judge: the real service, told the same story, writes the same letters word by word."""

from collections import defaultdict
from dataclasses import asdict
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import col, select
from support.imports import as_csv
from support.rehearsals import FIRST, setup_of
from support.world import entropy, loaded, proved

from engine.core.events import CaseStarted, SignalArrived, TaskAnswered, TaskClaimed
from engine.directory import Directory, Place, Roster, plan_people, read_sheet
from engine.directory.events import EVENTS
from engine.rehearsal import Setup, rehearse, taking
from engine.service import Brief, Definitions, Service, Submission, Tools
from engine.store import Database
from engine.store.tables import CaseRow, PersonRow, TaskRow

PCER = (Path(__file__).parents[2] / "definitions" / "pcer-year.yaml").read_text("utf-8")
BERLIN, AUSTIN = "Berlin,DE,Europe/Berlin", "Austin,US,America/Chicago"
PEOPLE = f"""\
number,name,email,manager,department,location,country,zone,roles,queues
1,Cy,cy@firm.test,,Board,{BERLIN},head-of-hr,
2,Bob,bob@firm.test,1,Sales,{AUSTIN},,desk
3,Ann,ann@firm.test,2,Sales,{BERLIN},hr-partner@Law,
4,Dan,dan@firm.test,2,Sales,{AUSTIN},,desk
5,Eve,eve@firm.test,1,Law,{BERLIN},hr-partner@Sales; head-of-hr,
6,Fay,fay@firm.test,5,Law,{BERLIN},,desk
7,Gus,gus@firm.test,5,Law,{AUSTIN},,
"""
CHANGES = f"""\
number,from,leaves,manager,department,location,country,zone,roles,queues
2,2027-03-15,yes,,,,,,,
3,2027-03-15,,5,Sales,{BERLIN},hr-partner@Law,
4,2027-03-15,,5,Sales,{AUSTIN},,
7,2027-06-16,yes,,,,,,,
6,2027-06-21,,1,Law,{BERLIN},hr-partner@Sales,desk
"""
SOON = CHANGES.replace("2027-03-15", "2027-01-07").replace("2027-06-", "2027-01-")
DATA = {"cycle": "2027", "evaluate_from": "2027-06-01", "months_in_role": 12}
DESK = """\
process: desk
version: 1
title: Check in
subject: person
states:
  both:
    parallel:
      one:
        task: {to: {queue: desk}, title: "Check {{ subject.name }}'s laptop", due: 5 workdays, buttons: [good, bad]}
        remind: [1 workday before due, at due, every 2 workdays after due]
        late: {after: 3 workdays, tell: subject.manager}
      two:
        task: {to: {who: subject.manager, if_nobody: {role: head-of-hr}}, title: Talk, due: 5 workdays, fields: {note: {type: longtext}}}
        remind: [1 workday before due, at due]
        late: {after: 9 workdays, go: done}
      three:
        task: {to: {role: head-of-hr, pick: all}, title: Either of you, due: 3 workdays}
        remind: [at due]
  tell: {do: [{tell: subject, title: It is over, text: "Both are done, {{ subject.name }}."}]}
  closed: {end: done}
"""
HEARD = """\
process: heard
version: 1
title: Heard
subject: person
states:
  here: {wait: {until: 'date("2028-06-01")'}}
  closed: {end: done}
on:
  person.moved:
    do: [{tell: subject, title: "Moved: {{ event.from_department }}, now {{ event.to_department }}"}]
  manager.changed: {do: [{tell: subject, title: "Your manager has changed"}]}
  person.left: {end: left}
"""
MOVED = CHANGES.replace("4,2027-03-15,,5,Sales", "4,2027-03-15,,5,Law")
KINDS = {
    PCER: {"task", "reminder", "no_longer_needed", "escalation"},
    DESK: {"task", "reminder", "no_longer_needed", "note"},
    HEARD: {"note"},
}
Said = tuple[datetime, str, str, str]  # when, what kind, to whom, of which case


class Story:
    """Everything that happened in the rehearsal, with the instants."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.instants: set[datetime] = set()
        self.outside: dict[datetime, list[tuple[str, Any]]] = defaultdict(list)
        decide = taking.step

        def told(definition, snapshot, event, now, facts):
            self.instants.add(now)
            if isinstance(event, TaskAnswered | TaskClaimed | SignalArrived):
                self.outside[now].append((snapshot.case.id, event))
            assert not isinstance(event, CaseStarted)
            return decide(definition, snapshot, event, now, facts)

        monkeypatch.setattr(taking, "step", told)


class Office:
    """The real service over a database, with the people under the ids that it draws."""

    def __init__(self, database: Database) -> None:
        self.database = database
        tools = Tools(
            directory=Directory(home=Place(country="", zone="UTC")),
            entropy=entropy(),
            definitions=Definitions(load=loaded, verify=proved),
            grace=timedelta(0),
        )
        self.service = Service(database=database, tools=tools)
        self.said: dict[Said, list[dict[str, Any]]] = defaultdict(list)

    def people(self, roster: Roster, now: datetime) -> None:
        """Everybody as the rehearsal has them from that day on."""
        sheet = read_sheet(as_csv(roster))
        with self.database.read() as session:
            plan = plan_people(sheet, session.connection(), roster.day, full=True)
        assert plan.problems == ()
        self.service.import_people(plan, None, now)
        with self.database.read() as session:
            rows = session.exec(select(PersonRow.number, PersonRow.id)).all()
        self.ids = dict(rows)
        self.numbers = {person: number for number, person in rows}

    def happens(self, case: str, event: Any, now: datetime) -> None:
        match event:
            case TaskClaimed(task=key, by=by):
                self.service.claim(self.task(case, key), self.ids[by], now)
            case TaskAnswered(task=key, button=button, answers=answers, by=by):
                submission = Submission(
                    task=self.task(case, key),
                    button=button,
                    answers=self.translated(answers),
                    by=self.ids[by],
                    assurance="link",
                    request="r",
                )
                self.service.submit(submission, now)
            case SignalArrived(name=name) if name in EVENTS:
                pass  # the directory says so itself
            case SignalArrived(name=name, body=body):
                self.service.signal(name, self.translated(body), case, None, now)

    def task(self, case: str, key: str) -> str:
        for number, person in self.ids.items():  # items of an `each` are keyed by people
            key = key.replace(f"[{number}]", f"[{person}]")
        with self.database.read() as session:
            query = (
                select(TaskRow.public_id)
                .join(CaseRow, col(CaseRow.id) == col(TaskRow.case_id))
                .where(CaseRow.name == case, TaskRow.key == key)
            )
            return session.exec(query).one()

    def translated(self, value: Any) -> Any:
        """With the service's ids for people; no other text here is a number alone."""
        if isinstance(value, dict):
            return {self.ids.get(k, k): self.translated(v) for k, v in value.items()}
        if isinstance(value, list):
            return [self.translated(each) for each in value]
        return self.ids.get(value, value) if isinstance(value, str) else value

    def deliver(self, now: datetime) -> None:
        while rows := self.service.claim_outbox(500, timedelta(minutes=5), "w", now):
            for row in rows:
                brief = self.service.brief(row.id, now)
                if isinstance(brief, Brief):
                    for each in (brief, *brief.others):
                        self.said[said(now, each, self.numbers)].append(told_of(each))
                    self.service.sent(row.id, now)

    def advance(self, now: datetime) -> None:
        while self.service.advance(500, now).events:
            pass


def said(at: datetime, brief: Brief, numbers: dict[str, str]) -> Said:
    return at, brief.kind, numbers.get(brief.to.id, brief.to.id), brief.case


def told_of(brief: Brief) -> dict[str, Any]:
    """What the letter says, without ids and links."""
    told = asdict(brief)
    for name in ("outbox", "attempt", "link", "link_expires", "others"):
        del told[name]
    del told["to"]["id"]
    if told["task"] is not None:
        del told["task"]["public_id"]
    return told


def letters_of(setup: Setup) -> dict[Said, list[dict[str, Any]]]:
    found: dict[Said, list[dict[str, Any]]] = defaultdict(list)
    for lots in rehearse(setup).sample.kept.values():
        for entries in lots.values():
            for _, at, brief in entries:
                found[said(at, brief, {})].append(told_of(brief))
    return found


def served(setup: Setup, source: str, story: Story, database: Database) -> Office:
    """The same people, cases, answers and changes at the same instants."""
    office = Office(database)
    office.people(setup.timeline.rosters[0], FIRST)
    office.service.publish(source, "process.yaml", None, FIRST)
    for start in setup.cohort:
        subject = None if start.subject is None else office.ids[start.subject]
        office.service.start(start.process, subject, start.data, None, start.at)
    office.advance(FIRST)
    office.deliver(FIRST)
    days = {
        datetime.combine(roster.day, time(0), UTC): roster for roster in setup.timeline.rosters[1:]
    }
    for now in sorted(story.instants | days.keys()):
        if now in days:
            office.people(days[now], now)
        for case, event in story.outside[now]:
            office.happens(case, event, now)
        office.advance(now)
        office.deliver(now)
    return office


@pytest.mark.parametrize(
    ("source", "data", "changes"),
    [(PCER, DATA, CHANGES), (DESK, {}, SOON), (HEARD, {}, MOVED)],
    ids=["pcer-year", "desk", "heard"],
)
@pytest.mark.parametrize("seed", [1, 2])
def test_the_service_sends_the_same_letters(
    sqlite_database, monkeypatch, source, data, changes, seed
):
    setup = setup_of(
        source,
        people=PEOPLE,
        changes=changes,
        subjects=("2", "3", "4", "6", "7"),
        data=data,
        behaviour=("late=40", "never=10"),
        seed=seed,
        letters=100_000,
        days=430,
    )
    story = Story(monkeypatch)
    rehearsed = letters_of(setup)

    office = served(setup, source, story, sqlite_database)

    kinds = {kind for _, kind, _, _ in rehearsed}
    assert kinds >= KINDS[source]
    assert sorted(set(office.said) ^ set(rehearsed)) == []
    for key, letters in rehearsed.items():
        assert sorted(office.said[key], key=str) == sorted(letters, key=str), key
