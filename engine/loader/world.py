"""Gathers every name of a definition before anything that uses names is read."""

from engine.core.expression import Environment, Type
from engine.document import Mapping, Node
from engine.document import Span as Place
from engine.loader.decisions import prepare
from engine.loader.drafts import Draft
from engine.loader.findings import Findings, as_mapping, as_text
from engine.loader.names import READABLE, is_name
from engine.loader.outline import outline
from engine.loader.people import role_entries, role_type
from engine.loader.scopes import PERSON, THING, World, field_type_of, questions_of
from engine.loader.states import prepare_resume


def world_of(findings: Findings, root: Mapping) -> World:
    """Everything that can be known by name before anything is read in full."""
    data, fields_declared = _declared(findings, root, "data", "a field")
    role_nodes, rules_declared = role_entries(findings, root.get("people"))
    types = {name: field_type_of(node) for name, node in data.items()}
    form_nodes, forms_declared = _declared(findings, root, "forms", "a form")
    forms = {
        name: questions_of(node.get("fields") if isinstance(node, Mapping) else None, types)
        for name, node in form_nodes.items()
    }
    roles = {n: found for n, node in role_nodes.items() if (found := role_type(node)) is not None}
    top = outline(findings, root)
    for draft in top.walk():
        if draft.kind == "decide":
            prepare(draft)
    prepare_resume(top)
    _collisions(findings, top, rules_declared)
    return World(
        findings=findings,
        environment=Environment({}),
        root=root,
        top=top,
        subject=_subject(findings, root.get("subject")),
        data=types,
        roles=roles,
        rules={},
        rules_declared=rules_declared,
        fields_declared=fields_declared,
        forms_declared=forms_declared,
        forms=forms,
        role_nodes=role_nodes,
    )


def _declared(
    findings: Findings, root: Mapping, block: str, what: str
) -> tuple[dict[str, Node], dict[str, Place]]:
    node = root.get(block)
    pairs = None if node is None else as_mapping(findings, node, f"`{block}`")
    values: dict[str, Node] = {}
    places: dict[str, Place] = {}
    for entry in () if pairs is None else pairs.entries:
        if is_name(findings, entry.key, what, readable=what == "a field"):
            values[entry.name] = entry.value
            places[entry.name] = entry.key.span
    return values, places


def _collisions(findings: Findings, top: Draft, roles: dict[str, Place]) -> None:
    for draft in top.children:
        if draft.hidden:
            continue
        if draft.name in READABLE or draft.name in roles:
            what = "a role of `people`" if draft.name in roles else "something every case has"
            findings.add(
                "E210",
                draft.place,
                f"`{draft.name}` is {what} already, and a state cannot have the same name",
                help="choose another name; what people read is the state's `title`",
            )


def _subject(findings: Findings, node: Node | None) -> Type | None:
    if node is None:
        return PERSON
    text = as_text(findings, node, "`subject`", "subject: person")
    if text is None or not is_name(findings, text, "a subject"):
        return THING
    match text.text:
        case "person":
            return PERSON
        case "none":
            return None
        case _:
            return THING
