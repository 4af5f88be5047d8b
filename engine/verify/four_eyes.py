"""Tasks that nobody may do, because the rule that gives them excludes whom it gives."""

from collections.abc import Iterator

from engine.core.chart import Definition, Task
from engine.core.expression import Expr
from engine.core.expression.tree import path_of
from engine.core.index import chart_of
from engine.core.people import ByExpression, OwnerRule
from engine.document import Mark
from engine.loader import Sources
from engine.verify.findings import Finding
from engine.verify.names import EndingRead, Names


def check_four_eyes(definition: Definition, sources: Sources) -> Iterator[Finding]:
    names = Names(definition=definition)
    for node in chart_of(definition).nodes:
        for task in (node.state.task, *node.state.side_tasks):
            if task is not None:
                yield from _task(names, sources, node.index, task)


def _task(names: Names, sources: Sources, state: int, task: Task) -> Iterator[Finding]:
    if task.to.if_nobody or not isinstance(task.to.source, ByExpression):
        return
    given = whom(names, task.to)
    here = names.written(state)
    for excluded in task.to.exclude:
        place = sources.origins.of(excluded) or sources.states[here.id]
        other = _done_by(names, excluded, state)
        if other is None:
            if person(names, excluded.source) == given:
                yield Finding(
                    code="E410",
                    place=place,
                    message=f"`{here.name}` is for `{task.to.label}`, and `not` excludes the very"
                    " same person: nobody is left",
                    help="give it to somebody else, or say who does it then with `if_nobody`",
                )
        elif whom(names, other) == given:
            earlier = names.written(_state_of(names, excluded, state))
            yield Finding(
                code="W410",
                place=place,
                message=f"`{earlier.name}` and `{here.name}` are both for `{task.to.label}`, and"
                f" whoever did `{earlier.name}` may not do this one: nobody may be left",
                also=(Mark(span=sources.states[earlier.id], label="done by the same person"),),
                help="give it to somebody else, or say who does it then with `if_nobody`",
            )


def _done_by(names: Names, excluded: Expr, state: int) -> OwnerRule | None:
    """The rule of the task that `rate.done_by` is about."""
    path = path_of(excluded.tree)
    read = None if path is None else names.meaning(path, state)
    if not isinstance(read, EndingRead) or read.name != "done_by":
        return None
    task = names.definition.states[_state_of(names, excluded, state)].task
    return None if task is None else task.to


def _state_of(names: Names, excluded: Expr, state: int) -> int:
    path = path_of(excluded.tree)
    read = None if path is None else names.meaning(path, state)
    assert isinstance(read, EndingRead)
    states = names.definition.states
    found = states[read.state]
    if found.task is None:
        inner = (c for c in found.children if states[c].hidden and states[c].task is not None)
        return next(inner, read.state)
    return read.state


def whom(names: Names, rule: OwnerRule) -> str | None:
    """The person a rule names, as one word for all its spellings; None if it is not one."""
    if rule.if_nobody or not isinstance(rule.source, ByExpression):
        return None
    return person(names, rule.source.expr.source)


def person(names: Names, source: str) -> str:
    """`manager` and `subject.manager` are the same, if `people` says so."""
    seen: set[str] = set()
    while source in names.definition.people and source not in seen:
        seen.add(source)
        rule = names.definition.people[source].source
        if not isinstance(rule, ByExpression):
            break
        source = rule.expr.source
    return source
