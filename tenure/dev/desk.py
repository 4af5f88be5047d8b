"""A task of the play as the page of the person who holds it, by the product's own pages."""

from datetime import UTC

from engine.core.effects import HandedOver, OpenedTask
from engine.core.instants import to_micros
from engine.core.places import state_id
from engine.core.snapshot import OpenTask
from engine.forms import Typed
from engine.links import Seat
from engine.scenarios import Stage
from engine.store.tables import AssignmentRow, CaseRow, TaskRow
from tenure.dev.cast import COLLEAGUES
from web.sheet import Kept, Sheet, sheet_of


def sheet_for(stage: Stage, key: str, person: str, draft: Typed | None) -> Sheet | None:
    """None if the task is not open, or not this person's. `draft` is what they have typed."""
    task = stage.standing.tasks.get(key)
    if task is None or person not in stage.owners(task):
        return None
    everybody = {one: stage.cast.person(one) or {} for one in (*stage.cast.people, *COLLEAGUES)}
    return sheet_of(
        stage.definition,
        stage.standing,
        _seat(stage, task, person),
        stage.cast,
        everybody,
        stage.now.astimezone(UTC),
        kept=lambda _: Kept(revision=0, values=draft, by=None, at=None),
        advice=lambda: None,  # a single case has no figures that an analytic could look at
        notes=tuple,
    )


def words_of(stage: Stage, key: str) -> tuple[str, str | None]:
    """The title and the paragraph of a task, as they were rendered last."""
    for moment in reversed(stage.moments):
        for effect in reversed(moment.done.effects):
            match effect:
                case HandedOver(task=task, title=title, text=text) if task.key == key and title:
                    return title, text
                case OpenedTask(task=task, title=title, text=text) if task.key == key:
                    return title, text
                case _:
                    pass
    raise KeyError(key)


def _seat(stage: Stage, task: OpenTask, person: str) -> Seat:
    title, text = words_of(stage, task.key)
    case = stage.standing.case
    return Seat(
        assignment=AssignmentRow(task_id=0, person=person, candidate=not task.owners, started_at=0),
        task=TaskRow(
            public_id=task.key,
            case_id=0,
            key=task.key,
            state=state_id(task.place),
            title=title,
            text=text,
            queue=task.queue,
            opened_at=to_micros(task.opened_at),
            due_at=None if task.due is None else to_micros(task.due),
        ),
        case=CaseRow(
            name=case.id,
            process=stage.definition.process,
            definition_id=0,
            subject=case.subject,
            head=b"",
            snapshot="",
            opened_at=to_micros(case.opened_at),
            updated_at=to_micros(task.opened_at),
        ),
        person=person,
        assurance="link",
        draft_key=b"",
    )
