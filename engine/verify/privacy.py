"""What `seen_by`, `until` and `sensitive` of a field promise, against every text and form."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from engine.core.chart import Action, AskForHelp, Definition, EmitSignal, State, Task, TellPeople
from engine.core.expression import Expr, Template
from engine.core.form import Field
from engine.core.index import chart_of
from engine.core.people import ByExpression, OwnerRule
from engine.core.visibility import questions
from engine.document import Mark
from engine.document import Span as Place
from engine.loader import Sources
from engine.verify.findings import Finding
from engine.verify.flow import ENTERED, Facts, possible_flow, sure_flow
from engine.verify.four_eyes import person
from engine.verify.names import EndingRead, FieldRead, Names
from engine.verify.origins import is_private, private_origins, retold_by
from engine.verify.writes import own_writes

_SUBJECT = "subject"


def check_privacy(definition: Definition, sources: Sources) -> Iterator[Finding]:
    names = Names(definition=definition)
    if not any(map(is_private, (*definition.data.values(), *questions(definition)))):
        return
    flow = sure_flow(definition)
    guard = _Guard(
        names=names,
        sources=sources,
        derived=private_origins(names),
        before=possible_flow(definition).entered,
        writers=_writers(definition),
    )
    told: set[tuple[int, int, str]] = set()
    for node in chart_of(definition).nodes:
        facts = flow.entered.get(node.index)
        if facts is None:
            continue
        for finding in guard.state(node.state, facts):
            key = (finding.place.line, finding.place.column, finding.message)
            if key not in told:
                told.add(key)
                yield finding


@dataclass(frozen=True, kw_only=True, slots=True)
class _Guard:
    names: Names
    sources: Sources
    derived: Mapping[str, tuple[Field, ...]]  # by field: the private ones it is made out of
    before: Mapping[int, Facts]  # by state: what some way may have filled in
    writers: Mapping[str, frozenset[int]]  # by field: the states that write it

    def state(self, state: State, facts: Facts) -> Iterator[Finding]:
        facts |= {EndingRead(state=state.index, name=ENTERED)}
        for task in (state.task, *state.side_tasks):
            if task is not None:
                yield from self.task(task, state, facts)
        for action in (*self.names.actions(state), *state.undo):
            yield from self.action(action, state, facts)

    def task(self, task: Task, state: State, facts: Facts) -> Iterator[Finding]:
        texts = [task.title, task.text]
        if task.form is not None:
            texts += [task.form.title, task.form.intro]
        for text in texts:
            yield from self.text(text, task.to, state, facts, "this text goes out by mail")
        before = self.before[state.index] & {FieldRead(name=name) for name in _shared(task)}
        for field in () if task.form is None else task.form.fields:
            others = self.writers.get(field.name, frozenset()) - {state.index}
            if others and FieldRead(name=field.name) in before:  # one knows what one wrote
                declared = self.names.definition.data[field.name]
                place = self.sources.states[self.names.written(state.index).id]
                yield from self.shown(declared, task.to, place, facts, "this form shows it")

    def action(self, action: Action, state: State, facts: Facts) -> Iterator[Finding]:
        match action:
            case TellPeople(to=to, title=title, text=text):
                for each in (title, text):
                    yield from self.text(each, to, state, facts, "this text goes out by mail")
            case AskForHelp(text=text):
                for field, place in self.read(text, state):
                    if field.sensitive:
                        yield self.sensitive(field, place, "operations read this text")
            case EmitSignal(body=body):
                for value in body.values():
                    for field, place in self.read(value, state):
                        if field.sensitive:
                            yield self.sensitive(field, place, "other cases get it")
            case _:
                pass

    def text(
        self, text: Template | None, to: OwnerRule, state: State, facts: Facts, why: str
    ) -> Iterator[Finding]:
        for field, place in self.read(text, state):
            if field.sensitive:
                yield self.sensitive(field, place, why)
            else:
                yield from self.shown(field, to, place, facts, why)
        for made, origin, place in self.retold(text, state):
            hidden = origin.sensitive or any(self.shown(origin, to, place, facts, why))
            if hidden and self.role(to) not in (origin.seen_by or ()):
                yield Finding(
                    code="W407",
                    place=place,
                    message=f"`{made}` is made out of `{origin.name}`, which not everybody may see,"
                    f" and {why}",
                    also=self.declared(origin),
                    help="say who may see it there, with `seen_by` or `sensitive`, or leave it out",
                )

    def paths(self, what: Template | Expr | None) -> Iterator[tuple[tuple[str, ...], Place]]:
        place = None if what is None else self.sources.origins.of(what)
        if what is not None and place is not None:
            yield from ((path, place) for path in sorted(what.reads))

    def read(self, what: Template | Expr | None, state: State) -> Iterator[tuple[Field, Place]]:
        """The fields and answers that a text or an expression reads."""
        for path, place in self.paths(what):
            read = self.names.meaning(path, state.index)
            field = None if read is None else self.names.field(read)
            if field is not None:
                yield field, place

    def retold(self, text: Template | None, state: State) -> Iterator[tuple[str, Field, Place]]:
        """What a text makes out of private values without naming them: a copy, all answers."""
        for path, place in self.paths(text):
            for origin in retold_by(self.names, self.derived, path, state.index):
                yield ".".join(path), origin, place

    def sensitive(self, field: Field, place: Place, why: str) -> Finding:
        return Finding(
            code="E407",
            place=place,
            message=f"`{field.name}` is sensitive, and {why}",
            also=self.declared(field),
            help="let them read it in the form instead, or leave it out",
        )

    def shown(
        self, field: Field, to: OwnerRule, place: Place, facts: Facts, why: str
    ) -> Iterator[Finding]:
        if field.seen_by is None or self.open_to_all(field, facts):
            return
        who = self.role(to)
        if who in field.seen_by:
            return
        known = who is not None
        yield Finding(
            code="E407" if known else "W407",
            place=place,
            message=f"`{field.name}` may be seen by {_listed(field.seen_by)} only, and {why}"
            + (f" to `{who}`" if known else f" to whoever `{to.label}` is"),
            also=self.declared(field),
            help=f"add `{who}` to `seen_by`, or leave the field out here"
            if known
            else "name the owner under `people`, and add that name to `seen_by`",
        )

    def open_to_all(self, field: Field, facts: Facts) -> bool:
        if field.until is None:
            return False
        until = chart_of(self.names.definition).by_id.get(field.until)
        return until is not None and EndingRead(state=until, name=ENTERED) in facts

    def role(self, rule: OwnerRule) -> str | None:
        """The name under which `seen_by` would list the owner."""
        people = self.names.definition.people
        if rule.label in people or rule.label == _SUBJECT:
            return rule.label
        if not isinstance(rule.source, ByExpression):
            return None
        given = person(self.names, rule.source.expr.source)
        if given == _SUBJECT:
            return _SUBJECT
        return next((name for name in people if person(self.names, name) == given), None)

    def declared(self, field: Field) -> tuple[Mark, ...]:
        place = self.sources.fields.get(field.name)
        return () if place is None else (Mark(span=place, label="declared here"),)


def _writers(definition: Definition) -> Mapping[str, frozenset[int]]:
    found: dict[str, frozenset[int]] = {}
    for state in definition.states:
        for field in own_writes(state):
            found[field] = found.get(field, frozenset()) | {state.index}
    return found


def _shared(task: Task) -> frozenset[str]:
    return frozenset() if task.form is None else task.form.shared


def _listed(roles: tuple[str, ...]) -> str:
    named = [f"`{role}`" for role in roles]
    return named[0] if len(named) == 1 else f"{', '.join(named[:-1])} and {named[-1]}"
