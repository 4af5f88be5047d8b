"""All scenarios of a definition, and what they came by."""

from typing import Any

from engine.core.chart import Definition, Refuse, Shape, State, Transition, TriggerKind
from engine.document import Mapping as Table
from engine.document import Node
from engine.loader import Loaded
from engine.loader.later import plain
from engine.scenarios.beginnings import begin
from engine.scenarios.report import Coverage, Failure, Report, Result
from engine.scenarios.script import FIRST_DAY, stage_of
from engine.scenarios.stage import Stage, row
from engine.scenarios.steps import play_step
from engine.scenarios.writing import steps_of
from engine.scenarios.written import NotAsWritten

_KEYS = ("name", "people", "start", "starts_by", "at", "play", "expect")


def play_all(loaded: Loaded) -> Report:
    """Plays the `tests:` of a definition that loaded without errors."""
    definition = loaded.definition
    assert definition is not None
    results: list[Result] = []
    visited: set[str] = set()
    taken: set[tuple[str, str, str]] = set()
    for node in loaded.tests.items if loaded.tests else ():
        assert isinstance(node, Table)
        result, stage = _play(definition, node)
        results.append(result)
        if stage is not None:
            visited |= stage.visited
            taken |= stage.taken
    return Report(results=tuple(results), coverage=coverage_of(definition, visited, taken))


def _play(definition: Definition, node: Table) -> tuple[Result, Stage | None]:
    name = str(_plain(node, "name", "unnamed"))
    span, played, stage = node.span, 0, None
    try:
        _check_keys(node)
        at = str(_plain(node, "at", FIRST_DAY.isoformat()))
        stage = stage_of(definition, _plain(node, "people", {}), at)
        begin(stage, _plain(node, "starts_by", None), _plain(node, "start", {}))
        for step_span, verb, value in steps_of(node):
            span = step_span
            play_step(stage, verb, value)
            played += 1
    except NotAsWritten as finding:
        standing = stage.describe() if stage is not None and stage.snapshot else ()
        story = tuple(stage.story) if stage is not None else ()
        failure = Failure(span=span, sentence=str(finding), standing=standing, story=story)
        return Result(name=name, steps=played, failure=failure), stage
    return Result(name=name, steps=played, failure=None), stage


def _check_keys(node: Table) -> None:
    unknown = [key for key in node.names if key not in _KEYS]
    if unknown:
        known = ", ".join(f"`{key}`" for key in _KEYS)
        raise NotAsWritten(f"A test has no `{unknown[0]}`; here go {known}.")


def _plain(node: Table, name: str, default: Any) -> Any:
    value: Node | None = node.get(name)
    return default if value is None else plain(value)


def coverage_of(
    definition: Definition, visited: set[str], taken: set[tuple[str, str, str]]
) -> Coverage:
    """`visited` are ids of states; `taken` their ids, what was answered to, and the row."""
    states = [state for state in definition.states[1:] if _counts(state)]
    ways = [
        (state, transition)
        for state in definition.states
        for transition in state.transitions
        if _is_a_way(state, transition)
    ]
    return Coverage(
        states=len(states),
        states_missed=tuple(state.id for state in states if state.id not in visited),
        transitions=len(ways),
        transitions_missed=tuple(
            _way(definition, state, transition)
            for state, transition in ways
            if (state.id, _trigger(transition), transition.label) not in taken
        ),
    )


def _counts(state: State) -> bool:
    return not state.hidden and state.shape is not Shape.HISTORY


def _is_a_way(state: State, transition: Transition) -> bool:
    """Whether it leads anywhere: reminders do not, nor what a decision without a row would do."""
    decides = any(row.trigger.kind is TriggerKind.ALWAYS for row in state.transitions)
    if decides and transition.trigger.kind is TriggerKind.DONE and state.skip is None:
        return False
    refuses = any(isinstance(action, Refuse) for action in transition.actions)
    return bool(transition.targets) and not refuses


def _trigger(transition: Transition) -> str:
    if transition.trigger.kind is TriggerKind.DONE:
        return "done"
    return transition.trigger.name


def _way(definition: Definition, state: State, transition: Transition) -> str:
    targets = [definition.states[index] for index in transition.targets]
    to = ", ".join(_known(target) for target in targets)
    what = row(transition.label, _trigger(transition))
    return f"{state.id or 'anywhere'}: {what}" + (f" → {to}" if to else "")


def _known(state: State) -> str:
    return state.outcome or "done" if state.hidden else state.id
