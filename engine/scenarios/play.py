"""All scenarios of a definition, and what they came by."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from engine.core.chart import Definition, Refuse, Shape, State, Transition, TriggerKind
from engine.document import Mapping as Table
from engine.document import Node, Scalar, Sequence, Span
from engine.loader import Loaded
from engine.loader.later import plain
from engine.scenarios.beginnings import begin
from engine.scenarios.cast import cast_of, day_at
from engine.scenarios.report import Coverage, Failure, Report, Result
from engine.scenarios.stage import Stage, row
from engine.scenarios.steps import play_step
from engine.scenarios.written import NotAsWritten

FIRST_DAY = date(2027, 1, 4)  # a Monday; where a scenario begins that names no day
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
        stage = _stage(definition, node)
        how = _plain(node, "starts_by", None)
        if how is None:
            stage.start(_plain(node, "start", {}))
        else:
            begin(stage, how, _plain(node, "start", {}))
        for step_span, verb, value in _steps(node):
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


def _stage(definition: Definition, node: Table) -> Stage:
    people = _plain(node, "people", {})
    if not isinstance(people, Mapping):
        raise NotAsWritten("Write `people:` as `{subject: ann, manager: bob}`.")
    cast = cast_of(definition, people)
    about = cast.people.get(cast.subject or "", {})
    first = str(_plain(node, "at", FIRST_DAY.isoformat()))
    try:
        day = date.fromisoformat(first)
    except ValueError:
        raise NotAsWritten(f"`at: {first}` is no date; write one such as 2027-01-04.") from None
    calendar = cast.calendar(about.get("location"))
    named = {role: tuple(_names(value)) for role, value in people.items()}
    return Stage(definition=definition, cast=cast, now=day_at(day, 9, calendar), named=named)


def _names(value: Any) -> list[str]:
    if isinstance(value, list):
        return [name for item in value for name in _names(item)]
    return [str(value.get("name"))] if isinstance(value, Mapping) else [str(value)]


def _steps(node: Table) -> list[tuple[Span, str, Any]]:
    """The steps of `play:` and the closing `expect:`, each with its place in the file."""
    steps: list[tuple[Span, str, Any]] = []
    play = node.get("play")
    for item in play.items if isinstance(play, Sequence) else ():
        if isinstance(item, Scalar):  # `- bob agree` presses the only button
            steps.append((item.span, item.text, None))
            continue
        if not isinstance(item, Table) or len(item.entries) != 1:
            raise NotAsWritten("Write each step as one line, such as `- ann plan: {…}`.")
        entry = item.entries[0]
        steps.append((item.span, entry.key.text, plain(entry.value)))
    last = node.entry("expect")
    if last is not None:
        steps.append((last.key.span, "expect", plain(last.value)))
    return steps


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
