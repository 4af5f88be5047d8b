"""What is there to be read once a task was answered or a state has ended."""

from collections.abc import Iterator

from engine.core.chart import Shape, State, Task
from engine.verify.names import AnswerRead, EndingRead, FieldRead, Read


def ending(state: State, *, answered: bool) -> Iterator[Read]:
    """What can be read of a state that has ended."""
    names = ["outcome", "done_at"]
    if answered:
        names.append("done_by")
    if state.shape is Shape.EACH or state.start is not None:
        names += ["answers", "total", "done", "data"]
    for name in names:
        yield EndingRead(state=state.index, name=name)


def required_answers(task: Task, state: int) -> Iterator[Read]:
    """What a form cannot be sent without."""
    for each in () if task.form is None else task.form.fields:
        if each.required and each.required_if is None:
            if each.name in task.form.shared:  # type: ignore[union-attr]
                yield FieldRead(name=each.name)
            else:
                yield AnswerRead(state=state, name=each.name)


def possible_answers(task: Task, state: int) -> Iterator[Read]:
    for each in () if task.form is None else task.form.fields:
        if each.name in task.form.shared:  # type: ignore[union-attr]
            yield FieldRead(name=each.name)
        else:
            yield AnswerRead(state=state, name=each.name)
