"""Every form of a definition as its questions are asked, with the tasks that ask them."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from engine.core.chart import Definition, State, Task
from engine.core.form import Form
from web.questions import People, Question, questions
from web.words import sentence

_NOBODY = People(search=lambda _: (), name=lambda _: None)


@dataclass(frozen=True, kw_only=True, slots=True)
class ShownForm:
    """One form, empty."""

    form: Form
    questions: tuple[Question, ...]
    asked: tuple[str, ...]  # the tasks it stands in: a line each; empty: none


def forms_of(definition: Definition) -> tuple[ShownForm, ...]:
    """In the order of the file; forms that stand in a task itself come last."""
    tasks = list(_tasks(definition))
    forms = dict(definition.forms)
    for _, task in tasks:
        if task.form is not None:
            forms.setdefault(task.form.name, task.form)
    return tuple(
        ShownForm(
            form=form,
            questions=tuple(
                _of_form(question, name)
                for question in questions(form, {}, _NOBODY, "UTC", {}, {}, "")
            ),
            asked=tuple(
                _asked(state, task) for state, task in tasks if task.form and task.form.name == name
            ),
        )
        for name, form in forms.items()
    )


def _tasks(definition: Definition) -> Iterator[tuple[State, Task]]:
    for state in definition.states:
        for task in (state.task, *state.side_tasks):
            if task is not None:
                yield state, task


def _asked(state: State, task: Task) -> str:
    """`Agree, of manager, due 5 workdays; buttons: Accept, Return`."""
    parts = [f"{_known(state)}, of {task.to.label}"]
    if task.due is not None:
        parts.append(f"due {task.due.phrase}")
    if task.anonymous is not None:
        parts.append(f"anonymous, from {task.anonymous} people on")
    chosen = [sentence(button) for button in task.buttons]
    buttons = f"; buttons: {', '.join(chosen)}" if len(chosen) > 1 else ""
    return f"{', '.join(parts)}{buttons}"


def _known(state: State) -> str:
    """What the author calls a state; the lowering hangs the task of an `each` below its item."""
    names = [name for name in state.id.split(".") if name != "item" and not name.startswith("$")]
    if state.hidden and len(names) > 1 and names[-1] == "task":
        names.pop()
    return sentence(names[-1])


def _of_form(question: Question, form: str) -> Question:
    """Under a name that no other form on the same page has."""
    rows = tuple(
        replace(row, questions=tuple(_of_form(inner, form) for inner in row.questions))
        for row in question.rows
    )
    return replace(question, name=f"{form}.{question.name}", rows=rows)
