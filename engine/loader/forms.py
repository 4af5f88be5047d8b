"""Forms: pages of questions, declared once or written in place."""

from dataclasses import dataclass

from engine.core.form import Field, Form
from engine.document import Entry, Mapping, Mark, Node, Scalar, Sequence
from engine.loader.compiling import template
from engine.loader.fields import overridden, read_field
from engine.loader.findings import as_mapping, as_text, unknown, wrong_shape
from engine.loader.names import READABLE, check_keys, is_name
from engine.loader.scopes import Scope, World, case_scope, questions_of
from engine.loader.vocabulary import FORM_KEYS


@dataclass(frozen=True, kw_only=True, slots=True)
class Papers:
    """What tasks ask: the case file and the forms, both read in full."""

    data: dict[str, Field]
    forms: dict[str, Form]


def read_forms(world: World, node: Node | None, data: dict[str, Field]) -> dict[str, Form]:
    """All forms declared under `forms:`."""
    found: dict[str, Form] = {}
    for entry in node.entries if isinstance(node, Mapping) else ():
        if entry.name not in world.forms_declared:
            continue
        what = f"the form `{entry.name}`"
        body = as_mapping(world.findings, entry.value, what, "{fields: [rating]}")
        if body is None:
            continue
        check_keys(world.findings, body, FORM_KEYS, "a form")
        scope = {**world.scopes[""]}
        fields = body.get("fields")
        if fields is None:
            continue
        questions, shared = read_questions(world, fields, scope, data)
        found[entry.name] = Form(
            name=entry.name,
            title=template(world, body.get("title"), scope, "`title`"),
            intro=template(world, body.get("intro"), scope, "`intro`"),
            fields=questions,
            shared=shared,
        )
    return found


def read_questions(
    world: World, node: Node, scope: Scope, data: dict[str, Field]
) -> tuple[tuple[Field, ...], frozenset[str]]:
    """The fields that are asked, in order, and which of them belong to the case file."""
    asked = questions_of(node, world.data)
    inner = {**world.data, **scope, **asked.own, **asked.shared}
    seen: dict[str, Entry | Scalar] = {}
    fields: list[Field] = []
    shared: set[str] = set()
    for item in node.items if isinstance(node, Sequence) else (node,):
        for question in item.entries if isinstance(item, Mapping) else (item,):
            name = _name(world, question)
            if name is None or _again(world, name, seen):
                continue
            field = _question(world, question, name, inner, data)
            if field is None:
                continue
            fields.append(field)
            if name.text in world.data:
                shared.add(name.text)
    if not fields and not seen:
        wrong_shape(world.findings, node, "`fields`", "at least one question", "fields: [rating]")
    return tuple(fields), frozenset(shared)


def _name(world: World, question: Entry | Node) -> Scalar | None:
    if isinstance(question, Entry):
        return question.key
    return as_text(world.findings, question, "`fields`", "fields: [rating, why]")


def _again(world: World, name: Scalar, seen: dict[str, Entry | Scalar]) -> bool:
    first = seen.get(name.text)
    if first is None:
        seen[name.text] = name
        return False
    world.findings.add(
        "E229",
        name,
        f"`{name.text}` is asked twice",
        also=(Mark(span=first.span, label="asked here already"),),
        help="leave one of them out",
    )
    return True


def _question(
    world: World, question: Entry | Node, name: Scalar, scope: Scope, data: dict[str, Field]
) -> Field | None:
    value = question.value if isinstance(question, Entry) else None
    empty = value is None or (isinstance(value, Scalar) and value.value is None)
    if name.text in world.data:
        if empty:
            return data.get(name.text)
        if isinstance(value, Mapping) and value.get("type") is None:
            known = data.get(name.text)
            return None if known is None else overridden(world, known, value, scope)
        world.findings.add(
            "E210",
            name,
            f"`{name.text}` is a field of `data` already",
            also=(Mark(span=world.fields_declared[name.text], label="declared here"),),
            help=f"ask that field with `{name.text}` alone, or choose another name for the answer",
        )
        return None
    if not isinstance(question, Entry) or empty:
        unknown(
            world.findings,
            "E211",
            name,
            "field",
            name.text,
            known=world.data,
            declared=world.fields_declared,
        )
        return None
    if not is_name(world.findings, name, "a field", readable=True):
        return None
    if name.text in READABLE or name.text in case_scope(world):
        world.findings.add(
            "E210",
            name,
            f"an answer cannot be called `{name.text}`: that name has a meaning already",
            help="choose another name; what people read is its `label`",
        )
        return None
    return read_field(world, question, scope)
