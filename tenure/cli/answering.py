"""`tenure answer`: trying a process out where all mail stays on this machine."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, assert_never

import orjson
from cyclopts import Parameter
from sqlmodel import Session, select

from engine.core.chart import Task
from engine.core.codec import decode_snapshot
from engine.core.form import Form
from engine.directory import Roster
from engine.forms import check
from engine.queries import Reader, TaskLine
from engine.queries import task as find_task
from engine.service import (
    Accepted,
    AlreadyRecorded,
    Answered,
    Held,
    NeedsAssurance,
    NotYours,
    Submission,
)
from engine.store.tables import CaseRow
from tenure.cli.asked import Home, Set
from tenure.cli.home import opened
from tenure.cli.lookup import find_person
from tenure.cli.stopped import Stopped
from tenure.cli.terminal import say
from tenure.cli.values import pairs_of, values_of
from tenure.runtime import Runtime

# On every answer given so, in the history: it did not come through a link in a mail.
REQUEST = "development"


@dataclass(frozen=True, kw_only=True, slots=True)
class _Open:
    """An open task, and what an answer to it may say."""

    line: TaskLine
    rules: Task
    data: Mapping[str, Any]  # of the case
    roster: Roster


def answer(
    task: Annotated[str, Parameter(help="Its id, from `tenure tasks`.")],
    /,
    *,
    by: Annotated[str, Parameter(help="Who answers: number, mail address or name.")],
    press: Annotated[str | None, Parameter(help="The button; the first one if absent.")] = None,
    set_: Set = (),
    home: Home = None,
) -> int:
    with opened(home) as runtime:
        if not runtime.development:
            raise Stopped(
                "Nobody answers for somebody else where mail is sent to people: an answer is "
                "proof of who gave it. Give the task to another person instead, or try the "
                "process out in a folder without a mail server."
            )
        now = runtime.clock.now()
        with runtime.database.read() as session:
            found = _read(runtime, session, task, now)
        person = find_person(found.roster, by)
        _check_hold(found, person, by)
        button = press or found.rules.buttons[0]
        answers = _answers(found, pairs_of(set_), now)
        if person in {one.id for one in found.line.candidates}:
            runtime.service.claim(task, person, now)
        answered = runtime.service.submit(
            Submission(task=task, button=button, answers=answers, by=person, request=REQUEST), now
        )
    say(_outcome(answered, found, by))
    return 0


def _read(runtime: Runtime, session: Session, task: str, now: datetime) -> _Open:
    line = find_task(session, task, now)
    if line is None:
        raise Stopped(f"There is no task {task}. `tenure tasks` lists the open ones.")
    if line.status != "open":
        raise Stopped(f"The task “{line.title}” is closed already: {line.outcome or line.status}.")
    row = session.exec(select(CaseRow).where(CaseRow.name == line.case)).one()
    opened_task = decode_snapshot(orjson.loads(row.snapshot)).tasks.get(line.key)
    reader = Reader(directory=runtime.service.tools.directory)
    atlas = reader.atlases(session, [row.definition_id])[row.definition_id]
    state = atlas.state(line.state)
    if opened_task is None or state is None:
        raise Stopped(f"{line.case} went on in this very moment; look at `tenure tasks` again.")
    rules = state.task if opened_task.side is None else state.side_tasks[opened_task.side]
    assert rules is not None
    return _Open(
        line=line,
        rules=rules,
        data=decode_snapshot(orjson.loads(row.snapshot)).data,
        roster=reader.directory.facts(session, now).roster,
    )


def _check_hold(found: _Open, person: str, by: str) -> None:
    """Before the answers: whose task it is matters more than what is missing."""
    people = found.line.owners or found.line.candidates
    if person not in {one.id for one in people}:
        owners = ", ".join(one.name for one in people)
        raise Stopped(f"The task is not {by}'s to answer; it is with {owners or 'nobody'}.")


def _answers(found: _Open, given: Mapping[str, str], now: datetime) -> dict[str, Any]:
    """What is set, and what the page would begin with; checked as the page checks it."""
    form: Form | None = found.rules.form
    if form is None:
        values_of(given, (), found.roster, now)
        return {}
    begin = {name: found.data[name] for name in form.shared if name in found.data}
    answers = {**begin, **values_of(given, form.fields, found.roster, now)}
    faults = check(
        form,
        answers,
        known={"data": dict(found.data)},
        exists=lambda person: person in found.roster.people,
    )
    if faults:
        said = " ".join(f"{fault.at}: {fault.sentence}" for fault in faults)
        raise Stopped(f"The page would not take this. {said}")
    return answers


def _outcome(answered: Answered, found: _Open, by: str) -> str:
    match answered:
        case Accepted():
            return (
                f"{answered.case}: “{found.line.title}” is answered ({answered.outcome}); "
                f"reference {answered.reference}."
            )
        case Held():
            return (
                f"{found.line.case}: the answer is kept, but an incident holds the case. "
                "`tenure incidents` tells which."
            )
        case AlreadyRecorded():
            raise Stopped(f"Somebody was faster: {answered.outcome} is recorded already.")
        case NeedsAssurance():
            raise Stopped(
                f"This task wants to be surer of who answers ({answered.needed}) than a command "
                "line can be. Answer it on its page."
            )
        case NotYours():
            raise Stopped(f"The task is not {by}'s to answer: its rules bar them, or it moved on.")
        case _:
            assert_never(answered)
