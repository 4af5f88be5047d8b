"""Fields that are read where they may be empty: the incident of next March, told today."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from engine.core.chart import (
    Action,
    AskForHelp,
    Assign,
    CallWebhook,
    Definition,
    EmitSignal,
    Reassign,
    SaveRecord,
    Shape,
    Task,
    TellPeople,
    Transition,
)
from engine.core.expression import Expr, Template
from engine.core.index import Node, chart_of, pauses_of
from engine.core.people import ByExpression, ByRole, OwnerRule
from engine.core.time import Deadline, TimerKind
from engine.document import Mark
from engine.document import Span as Place
from engine.loader import Sources
from engine.verify.demands import Path, demanded, there_if
from engine.verify.filled import ending, possible_answers, required_answers
from engine.verify.findings import Finding
from engine.verify.flow import Facts, Flow, closure, possible_flow, sure_flow
from engine.verify.names import AnswerRead, EndingRead, FieldRead, Names, Read

_OUTSIDE_THE_STORY = frozenset({"cancelled", "withdrawn"})  # ends that write no records


def check_reads(definition: Definition, sources: Sources) -> Iterator[Finding]:
    reading = _Reading(
        names=Names(definition=definition),
        sources=sources,
        sure=sure_flow(definition),
        possible=possible_flow(definition),
    )
    for node in chart_of(definition).nodes:
        reading.state(node)
    reading.records()
    yield from reading.found


@dataclass(kw_only=True, slots=True)
class _Reading:
    """Goes through everything that is evaluated, with what is filled in by then."""

    names: Names
    sources: Sources
    sure: Flow
    possible: Flow
    found: list[Finding] = field(default_factory=list)
    told: set[tuple[int, int, Read]] = field(default_factory=set)

    def state(self, node: Node) -> None:
        state = node.state
        if node.index not in self.sure.entered:
            return
        facts = self.sure.entered[node.index]
        if state.skip is not None:
            self.look(state.skip, node.index, facts)
            facts = self._known(facts, state.skip, node.index, answer=False)
        facts = self.actions(state.entry, node.index, facts)
        self.look(state.title, node.index, facts)
        if state.task is not None:
            self.task(state.task, node.index, facts)
        for task in state.side_tasks:
            self.task(task, node.index, facts)
        if state.each is not None:
            self.look(state.each.items, node.index, facts)
        if state.start is not None:
            self.look(state.start.subject, node.index, facts)
            self.look(state.start.each.items if state.start.each else None, node.index, facts)
            for value in state.start.data.values():
                self.look(value, node.index, facts)
        for rule in state.timers:
            self.deadline(rule.deadline, node.index, facts)
        self.exits(node, facts)

    def task(self, task: Task, state: int, facts: Facts) -> None:
        self.owner(task.to, state, facts)
        self.look(task.title, state, facts)
        self.look(task.text, state, facts)
        if task.due is not None:
            self.deadline(task.due, state, facts)
        if task.form is not None:
            self.look(task.form.title, state, facts)
            self.look(task.form.intro, state, facts)

    def owner(self, rule: OwnerRule, state: int, facts: Facts) -> None:
        """A rule that finds nobody asks its fallback, so only the last one needs an answer."""
        if rule.if_nobody:
            return
        match rule.source:
            case ByExpression(expr=expr):
                self.look(expr, state, facts)
            case ByRole(of=of):
                self.look(of, state, facts)
            case _:
                pass

    def deadline(self, deadline: Deadline, state: int, facts: Facts) -> None:
        self.look(deadline.anchor, state, facts, dated=True)

    # --- exits ---

    def exits(self, node: Node, facts: Facts) -> None:
        state = node.state
        if state.wait is not None:
            self.look(state.wait.match, node.index, facts)
        if state.task is not None:
            given = frozenset(required_answers(state.task, node.index))
            maybe = frozenset(possible_answers(state.task, node.index))
            known = facts | given | set(ending(state, answered=True))
            known = self.actions(state.completion, node.index, known)
            self.actions(state.undo, node.index, known)
            for rows in node.buttons.values():
                self.rows((row.transition for row in rows), node.index, known, maybe)
        elif state.shape is not Shape.FINAL:
            done = self.sure.done.get(node.index)
            if done is not None:
                known = self.actions(state.completion, node.index, done)
                self.actions(state.undo, node.index, known)
        for name, rows in node.timers.items():
            rule = next(each for each in state.timers if each.id == name)
            known = facts
            if rule.kind is TimerKind.UNTIL:
                known = facts | set(ending(state, answered=False))
            self.rows((row.transition for row in rows), node.index, known)
        for action in pauses_of((state,)).values() if node.index == 0 else ():
            self.look(action.match, node.index, facts)
        for rows in node.signals.values():
            own = (row.transition for row in rows if not row.completes)
            self.rows(own, node.index, facts)
        self.rows((row.transition for row in node.always), node.index, facts)
        done = self.sure.done.get(node.index)
        if done is not None:
            self.rows((row.transition for row in node.done), node.index, done)

    def rows(
        self, rows: Iterable[Transition], state: int, facts: Facts, maybe: Facts = frozenset()
    ) -> None:
        known = facts
        for row in rows:
            here = known
            if row.condition is not None:
                self.look(row.condition, state, known, maybe=maybe)
                here = self._known(known, row.condition, state, answer=True)
                known = self._known(known, row.condition, state, answer=False)
            self.actions(row.actions, state, here, maybe)

    def actions(
        self, actions: Iterable[Action], state: int, facts: Facts, maybe: Facts = frozenset()
    ) -> Facts:
        for action in actions:
            match action:
                case Assign(field=name, value=value):
                    self.look(value, state, facts, maybe=maybe)
                    facts |= {FieldRead(name=name)}
                case TellPeople(to=to, title=title, text=text):
                    self.owner(to, state, facts)
                    self.look(title, state, facts, maybe=maybe)
                    self.look(text, state, facts, maybe=maybe)
                case Reassign(to=to):
                    self.owner(to, state, facts)
                case CallWebhook(body=body):
                    for value in body.values():
                        self.look(value, state, facts, maybe=maybe)
                case EmitSignal(to=key, body=body):
                    for sent in (key, *body.values()):
                        self.look(sent, state, facts, maybe=maybe)
                case SaveRecord():
                    self.record(action, state, facts)
                case AskForHelp(text=text):
                    self.look(text, state, facts, maybe=maybe)
                case _:
                    pass
        return facts

    def record(self, save: SaveRecord, state: int, facts: Facts) -> None:
        for value in (save.of, save.value, *save.attributes.values()):
            self.look(value, state, facts)

    def records(self) -> None:
        """Records are written at every end of the case but a withdrawn one."""
        states = self.names.definition.states
        ends = [
            facts
            for index, facts in self.sure.closed.items()
            if states[index].outcome not in _OUTSIDE_THE_STORY
        ]
        if not ends:
            return
        facts = frozenset.intersection(*ends)
        for rule in self.names.definition.records:
            known = facts
            if rule.condition is not None:
                self.look(rule.condition, 0, facts)
                known = self._known(facts, rule.condition, 0, answer=True)
            self.record(rule.save, 0, known)

    def _known(self, facts: Facts, condition: Expr, state: int, *, answer: bool) -> Facts:
        there = {
            read
            for path in there_if(condition, answer)
            if (read := self.names.meaning(path, state)) is not None
        }
        return facts | closure(frozenset(there), self.sure.fills)

    # --- telling ---

    def look(
        self,
        what: Expr | Template | None,
        state: int,
        facts: Facts,
        *,
        maybe: Facts = frozenset(),
        dated: bool = False,
    ) -> None:
        if what is None:
            return
        place = self.sources.origins.of(what)
        if place is None:
            return
        for path in sorted(demanded(what)):
            read = self.names.meaning(path, state)
            if read is None or read in facts or self._always_there(read):
                continue
            key = (place.line, place.column, read)
            if key not in self.told:
                self.told.add(key)
                self.found.append(self._finding(read, path, place, state, maybe, dated=dated))

    def _always_there(self, read: Read) -> bool:
        """Whole endings of states that hold others are records, empty or not."""
        if not isinstance(read, EndingRead):
            return False
        found = self.names.definition.states[read.state]
        return any(self.names.definition.states[c].name == read.name for c in found.children)

    def _finding(
        self, read: Read, path: Path, place: Place, state: int, maybe: Facts, *, dated: bool
    ) -> Finding:
        some = self.possible.entered.get(state, frozenset()) | maybe
        some |= self.possible.done.get(state, frozenset())
        never = read not in some and read not in self._ever(state)
        name = ".".join(path)
        also: tuple[Mark, ...] = ()
        if isinstance(read, FieldRead) and read.name in self.sources.fields:
            also = (Mark(span=self.sources.fields[read.name], label="declared here"),)
        if never:
            return Finding(
                code="E405",
                place=place,
                message=f"`{name}` is read here, and nobody can have filled it in by then",
                also=also,
                help=_asked_nowhere(read, self.names),
            )
        if dated:
            return Finding(
                code="W412",
                place=place,
                message=f"this counts from `{name}`, which may be empty here: then nothing would"
                " come due",
                also=also,
                help=f"make `{path[-1]}` required where it is asked, or ask for it earlier",
            )
        return Finding(
            code="W405",
            place=place,
            message=f"`{name}` may be empty here, and the case would stand still",
            also=also,
            help=_way_out(read, name, self.names),
        )

    def _ever(self, state: int) -> Facts:
        """What branches beside this state may fill in meanwhile."""
        found: set[Read] = set()
        for at in self.names.lineage(state):
            if at.shape in (Shape.PARALLEL, Shape.EACH):
                found |= self.possible.entered.get(at.index, frozenset())
        return frozenset(found)


def _asked_nowhere(read: Read, names: Names) -> str:
    match read:
        case FieldRead(name=name):
            return f"ask for `{name}` in an earlier state, set it, or give it `from: start`"
        case AnswerRead(state=state) | EndingRead(state=state):
            where = names.written(state).name
            return f"`{where}` comes later, or on another way; read it where it has ended"


def _way_out(read: Read, name: str, names: Names) -> str:
    where = (
        ""
        if isinstance(read, FieldRead)
        else f" (not every way leads through `{_at(read, names)}`)"
    )
    return f"ask first: `has({name}) && …`, or make sure that it is filled in{where}"


def _at(read: AnswerRead | EndingRead, names: Names) -> str:
    return names.written(read.state).name
