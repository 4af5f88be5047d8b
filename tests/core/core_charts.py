"""Definitions built by hand, lowered as the loader lowers them, for tests of the algorithm."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from engine.core.chart import (
    Action,
    Assurance,
    Definition,
    Each,
    Enough,
    RecordRule,
    Shape,
    StartSubcase,
    State,
    Task,
    Transition,
    Trigger,
    TriggerKind,
    Wait,
)
from engine.core.expression import (
    ANY,
    DATE,
    DATETIME,
    NUMBER,
    Environment,
    Expr,
    Template,
    Type,
    list_of,
    person,
    record,
)
from engine.core.form import Field, FieldType, Form
from engine.core.people import ByExpression, ByQueue, ByRole, OnOwnerChange, OwnerRule, Pick
from engine.core.time import Deadline, Span, TimerKind, TimerRule, Unit

TYPES: Mapping[FieldType, Type] = {
    FieldType.PERSON: person(),
    FieldType.PEOPLE: list_of(person()),
    FieldType.DATE: DATE,
    FieldType.DATETIME: DATETIME,
    FieldType.INTEGER: NUMBER,
    FieldType.NUMBER: NUMBER,
    FieldType.SCALE: NUMBER,
}


@dataclass(kw_only=True)
class On:
    """A row before its targets are known by number."""

    kind: TriggerKind
    name: str = ""
    go: str | Sequence[str] = ()
    when: str | None = None
    do: tuple[Action, ...] = ()
    internal: bool = False
    label: str | None = None


@dataclass(kw_only=True)
class S:
    """A state before its place in the list is known."""

    name: str
    shape: Shape | None = None
    children: list["S"] = field(default_factory=list)
    on: list[On] = field(default_factory=list)
    initial: str | Sequence[str] = ()
    entry: tuple[Action, ...] = ()
    exit: tuple[Action, ...] = ()
    completion: tuple[Action, ...] = ()
    skip: str | None = None
    timers: tuple[TimerRule, ...] = ()
    task: Task | None = None
    side_tasks: tuple[Task, ...] = ()
    wait: Wait | None = None
    start: StartSubcase | None = None
    each: Each | None = None
    enough: Enough | None = None
    outcome: str | None = None
    deep: bool = False
    hidden: bool = False


def done(go: str, **more: Any) -> On:
    return On(kind=TriggerKind.DONE, go=go, **more)


def button(name: str, go: str, **more: Any) -> On:
    return On(kind=TriggerKind.BUTTON, name=name, go=go, **more)


def signal(name: str, go: str | Sequence[str] = (), **more: Any) -> On:
    return On(kind=TriggerKind.SIGNAL, name=name, go=go, **more)


def always(go: str, **more: Any) -> On:
    return On(kind=TriggerKind.ALWAYS, go=go, **more)


def timer(name: str, go: str = "", **more: Any) -> On:
    return On(kind=TriggerKind.TIMER, name=name, go=go or (), **more)


def final(name: str, outcome: str | None = None) -> S:
    return S(name=name, shape=Shape.FINAL, outcome=outcome or name)


def lowered(name: str, body: S, **more: Any) -> S:
    """A branch or an instance around one atomic state, as the loader makes it."""
    body.hidden = True
    if not any(row.kind is TriggerKind.DONE for row in body.on):
        body.on.append(done("$done"))
    end = S(name="$done", shape=Shape.FINAL, hidden=True)
    return S(name=name, shape=Shape.COMPOUND, children=[body, end], **more)


def each_task(
    name: str,
    item: str,
    items: Expr,
    task: Task,
    *,
    on: Sequence[On] = (),
    timers: tuple[TimerRule, ...] = (),
    body: S | None = None,
    **more: Any,
) -> S:
    """An EACH with one task per item."""
    inner = body or lowered("item", S(name="task", task=task, on=list(on), timers=timers))
    inner.name, inner.hidden = "item", True
    return S(
        name=name, shape=Shape.EACH, each=Each(item=item, items=items), children=[inner], **more
    )


class Charts:
    """Compiles expressions for one set of fields and builds definitions of them."""

    def __init__(
        self,
        data: Mapping[str, FieldType] | None = None,
        *,
        depth: int = 2,
        names: Mapping[str, Type] | None = None,
    ) -> None:
        self.fields = {name: data_field(name, kind) for name, kind in (data or {}).items()}
        self.depth = depth
        scope: dict[str, Type] = {
            "data": record({name: TYPES.get(kind, ANY) for name, kind in (data or {}).items()}),
            "subject": person(),
            "case": record({"opened_by": person(), "id": ANY, "opened_at": DATETIME, "key": ANY}),
            "now": DATETIME,
            "today": DATE,
            "event": record(),
            "done": NUMBER,
            "total": NUMBER,
            "answers": list_of(record()),
            **(names or {}),
        }
        self.environment = Environment(scope)

    def expr(self, source: str) -> Expr:
        return self.environment.compile(source)

    def text(self, source: str) -> Template:
        return self.environment.template(source)

    def owner(
        self,
        source: str,
        *,
        no: Sequence[str] = (),
        pick: Pick = Pick.ONE,
        if_nobody: Sequence[OwnerRule] = (),
        even_if_left: bool = False,
    ) -> OwnerRule:
        """`role:hr`, `queue:it` or an expression."""
        kind, _, name = source.partition(":")
        found: ByExpression | ByQueue | ByRole
        if kind == "role":
            found = ByRole(role=name, of=None)
        elif kind == "queue":
            found = ByQueue(queue=name)
        else:
            found = ByExpression(expr=self.expr(source))
        return OwnerRule(
            label=source,
            source=found,
            if_nobody=tuple(if_nobody),
            exclude=tuple(self.expr(each) for each in no),
            pick=pick,
            even_if_left=even_if_left,
        )

    def task(
        self,
        to: str | OwnerRule,
        *,
        due: str | Deadline | None = None,
        buttons: Sequence[str] = ("submit",),
        shared: Sequence[str] = (),
        own: Mapping[str, FieldType] | None = None,
        optional: bool = False,
        on_owner_change: OnOwnerChange = OnOwnerChange.REASSIGN,
        title: str = "Please",
    ) -> Task:
        fields = [self.fields[name] for name in shared]
        fields += [data_field(name, kind) for name, kind in (own or {}).items()]
        form = Form(
            name="form", title=None, intro=None, fields=tuple(fields), shared=frozenset(shared)
        )
        return Task(
            to=self.owner(to) if isinstance(to, str) else to,
            title=self.text(title),
            text=None,
            form=form if fields else None,
            buttons=tuple(buttons),
            due=self.deadline(due) if isinstance(due, str) else due,
            minutes=None,
            optional=optional,
            sign=False,
            assurance=Assurance.LINK,
            on_owner_change=on_owner_change,
        )

    def deadline(self, phrase: str) -> Deadline:
        """`3 workdays`, `3 workdays before data.start`, `data.start`, `at due`."""
        span, anchor, before = None, phrase, False
        words = phrase.split(" ")
        if words[0].isdigit():
            span = Span(amount=int(words[0]), unit=Unit(words[1]))
            before = len(words) > 2 and words[2] == "before"
            anchor = words[3] if len(words) > 3 else ""
        at = None if anchor in ("", "due", "at due") else self.expr(anchor)
        return Deadline(phrase=phrase, span=span, before=before, anchor=at)

    def rule(
        self, kind: str, phrase: str, *, number: int = 0, repeat: str | None = None
    ) -> TimerRule:
        name = kind if kind == "until" else f"{kind}.{number}"
        again = None if repeat is None else self.deadline(repeat).span
        return TimerRule(
            id=name, kind=TimerKind(kind), deadline=self.deadline(phrase), repeat=again
        )

    def define(
        self,
        *states: S,
        on: Sequence[On] = (),
        people: Mapping[str, OwnerRule] | None = None,
        calendar: str | None = None,
        records: Sequence[RecordRule] = (),
        cancel: bool = False,
    ) -> Definition:
        root = S(name="", shape=Shape.COMPOUND, children=list(states), on=list(on))
        if cancel:
            root.children.append(
                S(name="$cancelled", shape=Shape.FINAL, outcome="cancelled", hidden=True)
            )
        return Definition(
            process="test",
            version=1,
            title="Test",
            description=None,
            sha256="0" * 64,
            subject="person",
            key=None,
            calendar=None if calendar is None else self.expr(calendar),
            people=people or {},
            data=self.fields,
            forms={},
            states=self._states(root),
            records=tuple(records),
            person_depth=self.depth,
        )

    def _states(self, root: S) -> tuple[State, ...]:
        flat: list[tuple[S, int | None, str]] = []

        def walk(state: S, parent: int | None, path: str) -> None:
            index = len(flat)
            flat.append((state, parent, path))
            for child in state.children:
                walk(child, index, f"{path}.{child.name}" if path else child.name)

        walk(root, None, "")
        ids = {path: index for index, (_, _, path) in enumerate(flat)}

        def find(name: str, source: int) -> int:
            """By id, else by name from the innermost scope outward."""
            at: int | None = source
            while at is not None:
                path = flat[at][2]
                inner = f"{path}.{name}" if path else name
                if inner in ids:
                    return ids[inner]
                at = flat[at][1]
            return ids[name]

        def indices(names: str | Sequence[str], source: int) -> tuple[int, ...]:
            listed = [names] if isinstance(names, str) else names
            return tuple(find(name, source) for name in listed)

        states = []
        for index, (state, parent, path) in enumerate(flat):
            children = tuple(i for i, (_, above, _) in enumerate(flat) if above == index)
            shape = state.shape or (Shape.COMPOUND if children else Shape.ATOMIC)
            initial: tuple[int, ...] = ()
            if state.initial:
                initial = indices(state.initial, index)
            elif shape is Shape.COMPOUND:
                initial = tuple(i for i in children if flat[i][0].shape is not Shape.HISTORY)[:1]
            rows = tuple(
                Transition(
                    trigger=Trigger(kind=row.kind, name=row.name),
                    condition=None if row.when is None else self.expr(row.when),
                    targets=indices(row.go, index) if row.go else (),
                    internal=row.internal,
                    actions=row.do,
                    label=row.label or f"{row.name or row.kind} -> {row.go}",
                )
                for row in state.on
            )
            states.append(
                State(
                    index=index,
                    id=path,
                    name=state.name,
                    title=None,
                    shape=shape,
                    parent=parent,
                    children=children,
                    initial=initial,
                    transitions=rows,
                    entry=state.entry,
                    exit=state.exit,
                    completion=state.completion,
                    skip=None if state.skip is None else self.expr(state.skip),
                    timers=state.timers,
                    task=state.task,
                    side_tasks=state.side_tasks,
                    wait=state.wait,
                    start=state.start,
                    each=state.each,
                    enough=state.enough,
                    outcome=state.outcome,
                    deep=state.deep,
                    hidden=state.hidden,
                )
            )
        return tuple(states)


def data_field(name: str, kind: FieldType) -> Field:
    return Field(
        name=name,
        type=kind,
        label=name,
        help=None,
        required=False,
        required_if=None,
        min=None,
        max=None,
        options=(),
        anchors={},
        columns=(),
        prefill=None,
        compute=None,
        seen_by=None,
        until=None,
        sensitive=False,
        from_start=False,
        redact_after=None,
    )
