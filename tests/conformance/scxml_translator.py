"""Turns an SCXML document into a Definition for the core, without people and forms.

What SCXML has and the language has not is either built from what the language has, or refused
with `NotApplicable`:

* `In('s')` reads a field that the entry and the exit of `s` set.
* `<if>` becomes assignments whose value is a conditional expression; which arm is taken is decided
  once, before any of them.
* `<initial>` with content becomes a hidden first state that leaves at once.
* `<send>` becomes a timer in a branch of its own beside the machine; a millisecond is a minute.
* Event descriptors (`foo.*`, `*`) are written out for all events of the machine and its oracle.
"""

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass, field

from engine.core.chart import (
    Action,
    Assign,
    Definition,
    Raise,
    Shape,
    State,
    Transition,
    Trigger,
    TriggerKind,
)
from engine.core.expression import ANY, Environment, Expr, ExpressionRefused, record
from engine.core.time import Deadline, Span, TimerKind, TimerRule, Unit

_NAME = re.compile(r"[A-Za-z_]\w*")
_IN = re.compile(r"In\(\s*['\"]([^'\"]+)['\"]\s*\)")
_POWER = re.compile(r"Math\.pow\((\w+),\s*(\d+)\)")
_SIMPLE = re.compile(r"[\w\s.+*/%()<>=!&|?:-]*")
_RECORD = re.compile(r"\{(\s*\w+\s*:\s*'[^']*'\s*,?)*\}")
_WORDS = {"true", "false", "data"}
_TYPES = (None, "", "scxml", "http://www.w3.org/TR/scxml/#SCXMLEventProcessor")


class NotApplicable(Exception):  # noqa: N818
    """The machine is about something that the language leaves out on purpose."""


@dataclass(kw_only=True)
class Node:
    tag: str
    id: str
    shape: Shape
    parent: "Node | None"
    path: str
    index: int = -1
    element: ET.Element | None = None
    children: list["Node"] = field(default_factory=list)
    entry: list[Action] = field(default_factory=list)
    exit: list[Action] = field(default_factory=list)
    transitions: list[Transition] = field(default_factory=list)
    timers: tuple[TimerRule, ...] = ()
    initial: tuple["Node", ...] = ()
    deep: bool = False


@dataclass(frozen=True, kw_only=True)
class Translated:
    definition: Definition
    names: dict[str, str]  # the SCXML id of each state that was in the document, by our id


def translate(scxml: str, events: set[str]) -> Translated:
    """Raises NotApplicable with the reason."""
    root = ET.fromstring(scxml)
    _refuse_what_is_left_out(root)
    return _Translator(root, events).run()


def _local(element: ET.Element) -> str:
    return element.tag.rpartition("}")[2]


def _refuse_what_is_left_out(root: ET.Element) -> None:
    for element in root.iter():
        match _local(element):
            case "script":
                raise NotApplicable("runs JavaScript in <script>")
            case "foreach":
                raise NotApplicable("loops in <foreach>")
            case "invoke":
                raise NotApplicable("starts another machine with <invoke>")
            case "param" | "content":
                raise NotApplicable("sends data with an internal event")
            case "send" if element.get("namelist"):
                raise NotApplicable("sends data with an internal event")
            case "send" if element.get("idlocation"):
                raise NotApplicable("reads the id that the platform gave to a <send>")
            case "send" if element.get("type") not in _TYPES:
                raise NotApplicable("sends through an I/O processor")
            case "transition" if "error." in (element.get("event") or ""):
                raise NotApplicable("answers error events; here an error is an incident")


class _Translator:
    def __init__(self, root: ET.Element, events: set[str]) -> None:
        self.root = root
        self.sends = [each for each in root.iter() if _local(each) == "send"]
        self.events = events | {
            each.get("event", "")
            for each in root.iter()
            if _local(each) in ("raise", "send") and each.get("event")
        }
        self.variables = {e.get("id", "") for e in root.iter() if _local(e) == "data"}
        self.watched = {name for e in root.iter() for name in _IN.findall(e.get("cond") or "")}
        fields = self.variables | {f"in_{name}" for name in self.watched}
        fields |= {f"arm_{number}" for number in range(50)}
        self.environment = Environment({"data": record(dict.fromkeys(fields, ANY))})
        self.nodes: list[Node] = []
        self.by_id: dict[str, Node] = {}
        self.arms = 0

    def run(self) -> Translated:
        top = self._node("scxml", "", Shape.COMPOUND, None)
        machine = top
        if self.sends:
            around = self._node("wrap", "all", Shape.PARALLEL, top)
            machine = self._node("wrap", "machine", Shape.COMPOUND, around)
        machine.element = self.root
        for child in self._state_elements(self.root):
            self._build(child, machine)
        if self.sends:
            for number in range(len(self.sends)):
                self._clock(number, around)
            top.initial = (around,)
        self._number(top, iter(range(10_000)))
        machine.initial = self._initial(self.root, machine)
        self._start_data(machine)
        for node in tuple(self.nodes):
            if node.element is not None and node is not machine:
                self._fill(node)
        return Translated(
            definition=self._definition(),
            names={n.path: n.id for n in self.nodes if n.tag in ("state", "final")},
        )

    # --- the tree ---

    def _node(self, tag: str, name: str, shape: Shape, parent: Node | None) -> Node:
        safe = re.sub(r"\W", "_", name) or f"n{len(self.nodes)}"
        if parent is None:
            path = ""
        else:
            taken = {child.path for child in parent.children}
            path = f"{parent.path}.{safe}" if parent.path else safe
            while path in taken:
                path += "_"
        node = Node(tag=tag, id=name, shape=shape, parent=parent, path=path)
        if parent is not None:
            parent.children.append(node)
        self.nodes.append(node)
        return node

    @staticmethod
    def _state_elements(element: ET.Element) -> Iterator[ET.Element]:
        for child in element:
            if _local(child) in ("state", "parallel", "final", "history"):
                yield child

    def _build(self, element: ET.Element, parent: Node) -> None:
        tag = _local(element)
        children = list(self._state_elements(element))
        shape = {
            "parallel": Shape.PARALLEL,
            "final": Shape.FINAL,
            "history": Shape.HISTORY,
        }.get(tag) or (Shape.COMPOUND if children else Shape.ATOMIC)
        node = self._node(tag, element.get("id", f"unnamed{len(self.nodes)}"), shape, parent)
        node.element = element
        node.deep = element.get("type") == "deep"
        self.by_id[node.id] = node
        for child in children:
            self._build(child, node)

    def _number(self, node: Node, numbers: Iterator[int]) -> None:
        node.index = next(numbers)
        for child in node.children:
            self._number(child, numbers)

    def _initial(self, element: ET.Element, node: Node) -> tuple[Node, ...]:
        if element.get("initial"):
            return tuple(self.by_id[name] for name in element.get("initial", "").split())
        for child in element:
            if _local(child) == "initial":
                return self._targets(child[0])
        return tuple(c for c in node.children if c.shape is not Shape.HISTORY)[:1]

    def _targets(self, element: ET.Element) -> tuple[Node, ...]:
        return tuple(self.by_id[name] for name in (element.get("target") or "").split())

    def _fill(self, node: Node) -> None:
        element = node.element
        assert element is not None
        if node.id in self.watched:
            node.entry.append(self._flag(node, "true"))
        for child in element:
            match _local(child):
                case "onentry":
                    node.entry += self._actions(child)
                case "onexit":
                    node.exit += self._actions(child)
                case "transition" if node.shape is Shape.HISTORY:
                    node.initial = self._targets(child)
                case "transition":
                    node.transitions += self._transitions(child)
                case _:
                    pass
        if node.id in self.watched:
            node.exit.append(self._flag(node, "false"))
        if node.shape is Shape.COMPOUND:
            node.initial = self._initial(element, node)
            for child in element:
                if _local(child) == "initial" and len(child[0]):
                    raise NotApplicable("has content in <initial>")

    def _flag(self, node: Node, value: str) -> Assign:
        return Assign(field=f"in_{node.id}", value=self._compile(value))

    def _start_data(self, machine: Node) -> None:
        """Data are set on entry of the outermost state that is no part of the machine."""
        top = self.nodes[0]
        for name in sorted(self.watched):
            top.entry.append(Assign(field=f"in_{name}", value=self._compile("false")))
        for element in self.root.iter():
            if _local(element) == "data" and element.get("expr") is not None:
                value = self._expression(element.get("expr", ""))
                top.entry.append(Assign(field=element.get("id", ""), value=value))
        for element in self.root:
            if _local(element) == "transition":
                machine.transitions += self._transitions(element)

    # --- transitions ---

    def _transitions(self, element: ET.Element) -> list[Transition]:
        condition = element.get("cond")
        expr = None if condition is None else self._expression(condition)
        actions = tuple(self._actions(element))
        targets = tuple(node.index for node in self._targets(element))
        if element.get("event") is None:
            triggers = [Trigger(kind=TriggerKind.ALWAYS)]
        else:
            names = self._matching(element.get("event", ""))
            triggers = [Trigger(kind=TriggerKind.SIGNAL, name=name) for name in names]
        return [
            Transition(
                trigger=trigger,
                condition=expr,
                targets=targets,
                internal=element.get("type") == "internal",
                actions=actions,
                label=f"{trigger.name} -> {element.get('target')}",
            )
            for trigger in triggers
        ]

    def _matching(self, descriptors: str) -> list[str]:
        heads = [each.removesuffix(".*").removesuffix(".") for each in descriptors.split()]
        return sorted(
            event
            for event in self.events
            if any(head in ("*", event) or event.startswith(head + ".") for head in heads)
        )

    # --- content ---

    def _actions(self, element: ET.Element) -> list[Action]:
        return [action for child in element for action in self._action(child, None)]

    def _action(self, element: ET.Element, only_if: str | None) -> list[Action]:
        match _local(element):
            case "assign":
                return [self._assign(element, only_if)]
            case "raise" if only_if is None:
                return [Raise(event=element.get("event", ""))]
            case "send" if only_if is None and element.get("event"):
                return [Raise(event=f"$send.{self.sends.index(element)}")]
            case "log":
                return []
            case "if":
                return self._if(element, only_if)
            case tag:
                raise NotApplicable(f"has <{tag}> where the language has none")

    def _assign(self, element: ET.Element, only_if: str | None) -> Assign:
        name = element.get("location", "")
        source = self._source(element.get("expr", ""))
        if only_if is not None:
            source = f"{only_if} ? ({source}) : data.{name}"
        return Assign(field=name, value=self._compile(source))

    def _if(self, element: ET.Element, only_if: str | None) -> list[Action]:
        arm, self.arms = f"arm_{self.arms}", self.arms + 1
        arms: list[tuple[str, list[ET.Element]]] = [(self._source(element.get("cond", "")), [])]
        for child in element:
            if _local(child) == "elseif":
                arms.append((self._source(child.get("cond", "")), []))
            elif _local(child) == "else":
                arms.append(("true", []))
            else:
                arms[-1][1].append(child)
        choice = "-1"
        for number, (condition, _) in reversed(list(enumerate(arms))):
            choice = f"(({condition}) ? {number} : {choice})"
        if only_if is not None:
            choice = f"{only_if} ? {choice} : -1"
        actions: list[Action] = [Assign(field=arm, value=self._compile(choice))]
        for number, (_, content) in enumerate(arms):
            for child in content:
                actions += self._action(child, f"data.{arm} == {number}")
        return actions

    def _source(self, javascript: str) -> str:
        if _RECORD.fullmatch(javascript):
            return re.sub(r"(\w+)\s*:", r'"\1":', javascript).replace("'", '"')
        source = _IN.sub(lambda found: f"data.in_{found.group(1)}", javascript)
        source = _POWER.sub(
            lambda f: "(" + " * ".join([f.group(1)] * int(f.group(2))) + ")", source
        )
        source = source.replace("===", "==").replace("!==", "!=")
        if not _SIMPLE.fullmatch(source):
            raise NotApplicable(f"computes `{javascript}` in JavaScript")
        unknown = set(_NAME.findall(re.sub(r"data\.\w+", "", source))) - self.variables - _WORDS
        if unknown:
            raise NotApplicable(f"computes `{javascript}` in JavaScript")
        return re.sub(
            r"(?<![\w.])([A-Za-z_]\w*)(?![\w.])",
            lambda f: f"data.{f.group(1)}" if f.group(1) in self.variables else f.group(1),
            source,
        )

    def _expression(self, javascript: str) -> Expr:
        return self._compile(self._source(javascript))

    def _compile(self, source: str) -> Expr:
        try:
            return self.environment.compile(source)
        except ExpressionRefused as refused:
            raise NotApplicable(f"computes `{source}` in JavaScript") from refused

    # --- delayed events ---

    def _clock(self, number: int, around: Node) -> None:
        """A branch that waits for `$send.N`, counts the delay, and raises the event."""
        send = self.sends[number]
        region = self._node("clock", f"clock{number}", Shape.COMPOUND, around)
        idle = self._node("clock", "idle", Shape.ATOMIC, region)
        counting = self._node("clock", "counting", Shape.ATOMIC, region)
        region.initial = (idle,)
        delay = re.fullmatch(r"'?([\d.]+)(ms|s)'?", send.get("delay") or "0ms")
        if delay is None:
            raise NotApplicable("computes a delay in JavaScript")
        minutes = float(delay.group(1)) * (1 if delay.group(2) == "ms" else 1000)
        deadline = Deadline(
            phrase=send.get("delay") or "0ms",
            span=Span(amount=round(minutes), unit=Unit.MINUTES),
            before=False,
            anchor=None,
        )
        rule = TimerRule(id="after.0", kind=TimerKind.AFTER, deadline=deadline, repeat=None)
        counting.timers = (rule,)
        self._later(idle, counting, TriggerKind.SIGNAL, f"$send.{number}", None)
        self._later(counting, idle, TriggerKind.TIMER, "after.0", send.get("event", ""))

    def _later(
        self, source: Node, target: Node, kind: TriggerKind, name: str, event: str | None
    ) -> None:
        actions = () if event is None else (Raise(event=event),)
        source.moves = (target, kind, name, actions)  # type: ignore[attr-defined]

    # --- the definition ---

    def _definition(self) -> Definition:
        for node in self.nodes:
            if node.tag == "clock" and node.shape is Shape.ATOMIC:
                target, kind, name, actions = node.moves  # type: ignore[attr-defined]
                node.transitions.append(
                    Transition(
                        trigger=Trigger(kind=kind, name=name),
                        condition=None,
                        targets=(target.index,),
                        internal=False,
                        actions=actions,
                        label=name,
                    )
                )
        ordered = sorted(self.nodes, key=lambda node: node.index)
        return Definition(
            process="scxml", version=1, title="SCXML", description=None, sha256="", subject="none",
            key=None, calendar=None, people={}, data={}, forms={},
            states=tuple(_state(node) for node in ordered), records=(), person_depth=0,
        )  # fmt: skip


def _state(node: Node) -> State:
    return State(
        index=node.index,
        id=node.path,
        name=node.path.rpartition(".")[2],
        title=None,
        shape=node.shape,
        parent=None if node.parent is None else node.parent.index,
        children=tuple(child.index for child in node.children),
        initial=tuple(each.index for each in node.initial),
        transitions=tuple(node.transitions),
        entry=tuple(node.entry),
        exit=tuple(node.exit),
        completion=(),
        skip=None,
        timers=node.timers,
        task=None,
        side_tasks=(),
        wait=None,
        start=None,
        each=None,
        enough=None,
        outcome=None,
        deep=node.deep,
        hidden=False,
    )
