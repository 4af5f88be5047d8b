"""Counts and times that cannot come about: too many to be enough, a reminder before its task."""

from collections.abc import Iterator
from typing import Final

from engine.core.chart import Definition, Enough, Shape, State
from engine.core.expression import Expr
from engine.core.expression.tree import path_of
from engine.core.index import Node, chart_of
from engine.core.time import Deadline, Span, TimerKind, TimerRule, Unit
from engine.document import Mark
from engine.loader import Sources
from engine.verify.findings import Finding
from engine.verify.names import Names

_MINUTES: Final = {
    Unit.MINUTES: 1,
    Unit.HOURS: 60,
    Unit.DAYS: 1440,
    Unit.WEEKS: 7 * 1440,
}


def check_limits(definition: Definition, sources: Sources) -> Iterator[Finding]:
    names = Names(definition=definition)
    for node in chart_of(definition).nodes:
        if node.shape is Shape.EACH and node.state.enough is not None:
            yield from _enough(names, sources, node.state)
        if node.state.task is not None:
            yield from _reminders(names, sources, node)
        yield from _stages(names, sources, node)


# --- enough ---


def _enough(names: Names, sources: Sources, state: State) -> Iterator[Finding]:
    assert state.each is not None
    assert state.enough is not None
    most = _most(names, state.each.items, state.index)
    if most is None:
        return
    limit, field = most
    for what, count, help_ in _wanted(state.enough, limit):
        if count <= limit:
            continue
        also: tuple[Mark, ...] = ()
        if field in sources.fields:
            also = (Mark(span=sources.fields[field], label=f"at most {limit}"),)
        yield Finding(
            code="E409",
            place=sources.states[names.written(state.index).id],
            message=f"`{what}: {count}` can never be reached: there are at most {limit} in"
            f" `{state.each.items.source}`",
            also=also,
            help=help_,
        )


def _wanted(enough: Enough, limit: int) -> Iterator[tuple[str, int, str]]:
    """What is counted up to, as the author wrote it; a count with another way out may be large."""
    if enough.count is not None and enough.share is None and enough.condition is None:
        yield "enough", enough.count, f"ask for at most {limit}, or give the share: `enough: 80%`"
    for outcome, votes in enough.quorum.items():
        yield outcome, votes, f"ask for at most {limit} votes"
    for votes in dict.fromkeys(enough.veto.values()):
        yield "veto", votes, f"ask for at most {limit} refusals, or write `veto: none`"


def _most(names: Names, items: Expr, state: int) -> tuple[int, str] | None:
    path = path_of(items.tree)
    read = None if path is None else names.meaning(path, state)
    declared = None if read is None else names.field(read)
    if declared is None or declared.max is None:
        return None
    return int(declared.max), declared.name


# --- reminders and stages ---


def _reminders(names: Names, sources: Sources, node: Node) -> Iterator[Finding]:
    due = node.state.task.due if node.state.task is not None else None
    if due is None or due.anchor is not None or due.span is None:
        return
    for rule in node.state.timers:
        early = rule.deadline
        if rule.kind is not TimerKind.REMIND or not early.before or early.span is None:
            continue
        if _at_least(early.span, due.span):
            yield Finding(
                code="E411",
                place=sources.states[names.written(node.index).id],
                message=f"the reminder `{early.phrase}` never comes: the task is opened only"
                f" `{due.phrase}` before it is due",
                help="remind later, or give more time",
            )


def _stages(names: Names, sources: Sources, node: Node) -> Iterator[Finding]:
    """A stage behind one that leaves the state for good."""
    gone: Deadline | None = None
    for rule in node.state.timers:
        if rule.kind is not TimerKind.LATE:
            continue
        if gone is not None and gone.span is not None and rule.deadline.span is not None:
            if _at_least(rule.deadline.span, gone.span):
                yield Finding(
                    code="E411",
                    place=sources.states[names.written(node.index).id],
                    message=f"the stage `{rule.deadline.phrase}` never comes: the one after"
                    f" `{gone.phrase}` has left this state by then",
                    help="let it come earlier, or take it out",
                )
        elif _leaves(node, rule):
            gone = rule.deadline


def _leaves(node: Node, rule: TimerRule) -> bool:
    rows = node.timers.get(rule.id, ())
    return any(row.transition.condition is None and row.transition.targets for row in rows)


def _at_least(one: Span, other: Span) -> bool:
    """Whether the first is surely as long as the second, whatever the calendar says."""
    if one.unit is other.unit:
        return one.amount >= other.amount
    if one.unit in _MINUTES and other.unit in _MINUTES:
        return one.amount * _MINUTES[one.unit] >= other.amount * _MINUTES[other.unit]
    if one.unit is Unit.WORKDAYS and other.unit in _MINUTES:  # with weekends it is longer still
        return one.amount * 1440 >= other.amount * _MINUTES[other.unit]
    return False
