"""What a state or a row does by itself: `set`, `tell`, `call`, `emit`, `record`, `incident`."""

from collections.abc import Callable
from typing import Final

from engine.core.chart import (
    Action,
    AskForHelp,
    Assign,
    CallWebhook,
    EmitSignal,
    SaveRecord,
    TellPeople,
)
from engine.core.expression import BOOL, DATE, DATETIME, NUMBER, TEXT, Expr, Kind, Type, fits
from engine.core.time import Span, Unit
from engine.document import Mapping, Node
from engine.loader.behaviour import (
    CALL_KEYS,
    EFFECTS,
    EMIT_KEYS,
    INCIDENT_KEYS,
    SAVE_KEYS,
    SET_KEYS,
    TELL_KEYS,
)
from engine.loader.compiling import expression, template
from engine.loader.deadlines import read_duration, refuse_phrase
from engine.loader.durations import PhraseRefused
from engine.loader.findings import as_items, as_mapping, as_text, quoted, unknown
from engine.loader.keys import Block
from engine.loader.names import check_keys, is_event, is_name
from engine.loader.people import owner
from engine.loader.phrases import retry
from engine.loader.scopes import Scope, World
from engine.loader.vocabulary import RECORD_KEYS

_TRIES: Final = 5
_WITHIN: Final = Span(amount=1, unit=Unit.DAYS)


def read_effects(world: World, node: Node, scope: Scope, what: str) -> tuple[Action, ...]:
    """The effects of a `do:`, in order; one alone may stand without a list."""
    found: list[Action] = []
    for item in as_items(world.findings, node, what, "do: [{tell: manager}]"):
        effect = as_mapping(world.findings, item, what, "{tell: manager, text: …}")
        if effect is not None:
            found.extend(_effect(world, effect, scope))
    return tuple(found)


def _effect(world: World, node: Mapping, scope: Scope) -> tuple[Action, ...]:
    for block, read in _READERS:
        if node.get(block.keys[0].name) is not None:
            if block is not SAVE_KEYS:
                check_keys(world.findings, node, block, f"`{block.keys[0].name}`")
            return read(world, node, scope)
    heads = [block.keys[0].name for block in EFFECTS]
    if node.entries:
        unknown(
            world.findings,
            "E202",
            node.entries[0].key,
            "the effect",
            node.entries[0].name,
            known=heads,
        )
    else:
        world.findings.add("E204", node, f"an effect is one of {quoted(heads)}")
    return ()


def read_set(world: World, node: Node | None, scope: Scope) -> tuple[Assign, ...]:
    """`set: {rating: "event.rating"}`: fields of the case file, in order."""
    if node is None:
        return ()
    pairs = as_mapping(world.findings, node, "`set`", 'set: {rating: "3"}')
    found: list[Assign] = []
    for entry in () if pairs is None else pairs.entries:
        known = world.data.get(entry.name)
        value = expression(world, entry.value, scope, f"`{entry.name}`")
        if known is None:
            unknown(
                world.findings,
                "E211",
                entry.key,
                "field",
                entry.name,
                known=world.data,
                declared=world.fields_declared,
            )
        elif value is not None and fits_field(world, entry.value, value, known, entry.name):
            found.append(Assign(field=entry.name, value=value))
    return tuple(found)


def fits_field(world: World, node: Node, value: Expr, known: Type, name: str) -> bool:
    """Whether what an expression gives can be kept in a field; says so if not."""
    if fits(value.type, known) or _convertible(value.type, known):
        odd = [
            option
            for option in value.type.options
            if known.kind is Kind.TEXT and known.options and option not in known.options
        ]
        if not odd:
            return True
    world.findings.add(
        "E304",
        node,
        f"`{name}` is {described(known)}, and this gives {described(value.type)}",
        help="change the expression, or the `type` of the field",
    )
    return False


def _convertible(given: Type, wanted: Type) -> bool:
    """What a stored answer can be made of, though an expression would keep it apart."""
    if given.kind is Kind.OPTIONAL:
        return given.item is None or fits(given.item, wanted) or _convertible(given.item, wanted)
    pairs = {(Kind.TEXT, Kind.PERSON), (Kind.PERSON, Kind.TEXT), (Kind.DATETIME, Kind.DATE)}
    if given.kind is Kind.LIST and wanted.kind is Kind.LIST:
        if given.item is None or wanted.item is None:
            return True
        return fits(given.item, wanted.item) or _convertible(given.item, wanted.item)
    return (given.kind, wanted.kind) in pairs


def described(found: Type) -> str:
    """A type in the words of a message."""
    known = {BOOL.kind: "yes or no", NUMBER.kind: "a number", TEXT.kind: "text"}
    known |= {DATE.kind: "a date", DATETIME.kind: "a date and time", Kind.PERSON: "a person"}
    known |= {Kind.LIST: f"a {found}", Kind.RECORD: "a record"}
    if found.kind is Kind.TEXT and found.options:
        return f"one of {quoted(found.options)}"
    return known.get(found.kind, str(found))


def read_values(
    world: World, node: Node | None, scope: Scope, what: str, *, may_be_empty: bool = True
) -> dict[str, Expr]:
    """`with: {start: data.start_date}`: names of the author's own, each with an expression.

    One that `may_be_empty`, such as `data.?remark`, is left out while nobody has filled it.
    """
    pairs = None if node is None else as_mapping(world.findings, node, what, "{name: subject.name}")
    found: dict[str, Expr] = {}
    for entry in () if pairs is None else pairs.entries:
        if is_name(world.findings, entry.key, "a value"):
            value = expression(
                world, entry.value, scope, f"`{entry.name}`", may_be_empty=may_be_empty
            )
            if value is not None:
                found[entry.name] = value
    return found


def read_tell(
    world: World, node: Mapping, scope: Scope, *, about_task: bool = False
) -> tuple[Action, ...]:
    """`tell:` with its `title` and `text`."""
    to = node.get("tell")
    rule = None if to is None else owner(world, to, scope, "`tell`")
    title = template(world, node.get("title"), scope, "`title`")
    text = template(world, node.get("text"), scope, "`text`")
    if rule is None:
        return ()
    return (TellPeople(to=rule, title=title, text=text, about_task=about_task),)


def _call(world: World, node: Mapping, scope: Scope) -> tuple[Action, ...]:
    name = as_text(world.findings, node.get("call") or node, "`call`", "call: payroll")
    body = read_values(world, node.get("with"), scope, "`with`")
    tries, within = _TRIES, _WITHIN
    if (again := node.get("retry")) is not None:
        text = as_text(world.findings, again, "`retry`", "retry: 5 over 1 day")
        if text is not None:
            try:
                tries, within = retry(text.text)
            except PhraseRefused as refused:
                refuse_phrase(world, "E220", text, refused)
    if name is None:
        return ()
    return (CallWebhook(name=name.text, body=body, tries=tries, within=within),)


def _emit(world: World, node: Mapping, scope: Scope) -> tuple[Action, ...]:
    name = as_text(world.findings, node.get("emit") or node, "`emit`", "emit: review.closed")
    to = node.get("to")
    key = None if to is None else expression(world, to, scope, "`to`")
    body = read_values(world, node.get("with"), scope, "`with`")
    if name is None or not is_event(world.findings, name, name.text):
        return ()
    return (EmitSignal(event=name.text, to=key, body=body),)


def _incident(world: World, node: Mapping, scope: Scope) -> tuple[Action, ...]:
    text = template(world, node.get("incident"), scope, "`incident`")
    return () if text is None else (AskForHelp(text=text),)


def _record(world: World, node: Mapping, scope: Scope) -> tuple[Action, ...]:
    kind = as_text(world.findings, node.get("record") or node, "`record`", "record: rating")
    if kind is None or not is_name(world.findings, kind, "a record"):
        return ()
    save = read_record(world, node, scope, kind.text, SAVE_KEYS)
    return () if save is None else (save,)


def read_record(
    world: World, node: Mapping, scope: Scope, kind: str, block: Block = RECORD_KEYS
) -> SaveRecord | None:
    """What is written into the shared records; further keys are attributes."""
    findings = world.findings
    for key in block.keys:
        if key.required and node.get(key.name) is None:
            findings.add("E203", node, f"the record `{kind}` needs `{key.name}`", help=key.about)
    of, value, valid = node.get("of"), node.get("value"), node.get("valid")
    about = None if of is None else expression(world, of, scope, "`of`")
    fact = None if value is None else expression(world, value, scope, "`value`")
    span = None if valid is None else read_duration(world, valid, "`valid`")
    attributes: dict[str, Expr] = {}
    for entry in node.entries:
        if entry.name not in block.names and is_name(findings, entry.key, "an attribute"):
            attribute = expression(world, entry.value, scope, f"`{entry.name}`")
            if attribute is not None:
                attributes[entry.name] = attribute
    if about is None or fact is None:
        return None
    return SaveRecord(kind=kind, of=about, value=fact, attributes=attributes, valid=span)


def _set(world: World, node: Mapping, scope: Scope) -> tuple[Action, ...]:
    return read_set(world, node.get("set"), scope)


_READERS: Final[tuple[tuple[Block, Callable[[World, Mapping, Scope], tuple[Action, ...]]], ...]] = (
    (TELL_KEYS, read_tell),
    (CALL_KEYS, _call),
    (EMIT_KEYS, _emit),
    (SET_KEYS, _set),
    (INCIDENT_KEYS, _incident),
    (SAVE_KEYS, _record),
)
