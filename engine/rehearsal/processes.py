"""The definitions of a rehearsal, each with what is worked out about it once."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from jsonschema import Draft202012Validator

from engine.core.chart import Definition, EmitSignal, State, Task
from engine.core.form import Form
from engine.core.index import Chart, Node, chart_of
from engine.core.places import state_id
from engine.core.questions import known_place
from engine.core.snapshot import OpenTask, Place
from engine.core.start_rules import StartRule
from engine.directory.events import EVENTS, PAUSED, RESUMED
from engine.forms import check, validator
from engine.rehearsal.hints import Hints, hints_of
from engine.service.definitions import Version, version_of

_ITEM = re.compile(r"\[[^\]]*\]")


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Process:
    """One definition, ready to be played."""

    version: Version
    hints: Hints
    chart: Chart
    prefix: str  # of its cases' names: `PCE`
    _validators: dict[int, Draft202012Validator] = field(default_factory=dict)

    @property
    def definition(self) -> Definition:
        return self.version.definition

    @property
    def name(self) -> str:
        return self.version.definition.process

    def node(self, place: Place) -> Node:
        found = self.chart.by_id.get(place)
        return self.chart.nodes[self.chart.by_id[state_id(place)] if found is None else found]

    def state(self, place: Place) -> State:
        return self.node(place).state

    def spoken(self, place: Place) -> str:
        """A place as people call it: `evaluate.peers` for `evaluate.peers[dan].task`."""
        with suppress(KeyError):  # an incident may name what is no place, such as a sub-case
            place = known_place(self.chart, place) if place else place
        return _ITEM.sub("", place)

    def rules(self, task: OpenTask) -> Task:
        """What the definition says about an open task."""
        state = self.state(task.place)
        rules = state.task if task.side is None else state.side_tasks[task.side]
        assert rules is not None
        return rules

    def takes(
        self, form: Form, answers: Mapping[str, Any], data: Mapping[str, Any], people: Any
    ) -> tuple[str, ...]:
        """What the page would say against answers; nothing, if it would take them."""
        known = self._validators.get(id(form))
        if known is None:
            known = self._validators[id(form)] = validator(form)
        faults = check(form, answers, known={"data": data}, exists=people.__contains__, using=known)
        return tuple(f"{fault.at}: {fault.sentence}" for fault in faults)


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Processes:
    """All definitions of a rehearsal."""

    by_name: Mapping[str, Process]
    emitted: frozenset[str]  # events that one of them sends
    roots: tuple[str, ...]  # those that no other starts
    rules: Mapping[str, tuple[tuple[Process, StartRule], ...]]  # of `starts:`, by event

    def starting(self, event: str) -> tuple[tuple[Process, StartRule], ...]:
        """Whose rules an event is for."""
        return self.rules.get(event, ())

    @property
    def sent(self) -> frozenset[str]:
        """Events that come from somewhere in the rehearsal: a definition, or the directory.

        The changes of a directory tell of no leave, so that one is made up like an event from
        elsewhere.
        """
        return self.emitted | (EVENTS - {PAUSED, RESUMED})

    @property
    def independent(self) -> bool:
        """Whether no case can have to do with another but through its own sub-cases."""
        heard = {
            name
            for process in self.by_name.values()
            for names in process.version.signals.values()
            for name in names
        }
        keyed = [name for name, one in self.by_name.items() if one.definition.key is not None]
        return not heard & self.emitted and set(keyed) <= set(self.roots)


def processes_of(definitions: Iterable[Definition]) -> Processes:
    by_name: dict[str, Process] = {}
    emitted: set[str] = set()
    started = set()
    for number, definition in enumerate(definitions, start=1):
        by_name[definition.process] = Process(
            version=version_of(number, definition, 0),
            hints=hints_of(definition),
            chart=chart_of(definition),
            prefix=definition.process[:3].upper(),
        )
        for state in definition.states:
            emitted.update(_sent_by(state))
            if state.start is not None:
                started.add(state.start.process)
    roots = tuple(name for name in by_name if name not in started)
    rules: dict[str, list[tuple[Process, StartRule]]] = defaultdict(list)
    for process in by_name.values():
        for rule in process.definition.starts:
            if rule.signal is not None:
                rules[rule.signal].append((process, rule))
    return Processes(
        by_name=by_name,
        emitted=frozenset(emitted),
        roots=roots or tuple(by_name)[:1],
        rules={event: tuple(found) for event, found in rules.items()},
    )


def _sent_by(state: State) -> Iterable[str]:
    actions = [*state.entry, *state.exit, *state.completion]
    for transition in state.transitions:
        actions += transition.actions
    return (action.event for action in actions if isinstance(action, EmitSignal))
