"""Fields: entries of the case file, questions of a form, columns of a table."""

from dataclasses import replace
from typing import Final

from engine.core.form import Field, FieldType
from engine.document import Entry, Mapping, Node, Scalar, Sequence
from engine.loader.compiling import condition, expression
from engine.loader.consistency import checked
from engine.loader.deadlines import read_duration
from engine.loader.findings import (
    as_items,
    as_mapping,
    as_text,
    as_word,
    as_yes_no,
    nearest,
    quoted,
    surely,
    wrong_shape,
)
from engine.loader.names import check_keys, is_name, titled
from engine.loader.people import visible_to
from engine.loader.scopes import Scope, World
from engine.loader.vocabulary import FIELD_KEYS

_LARGEST: Final = 1e15
_SHARE: Final = 10  # more than 1,000 % was meant out of a hundred
_TYPES: Final = tuple(kind.value for kind in FieldType)
_EXAMPLE: Final = "{type: text}"
_CASE_ONLY: Final = ("from", "redact_after", "until", "seen_by")


def read_data(world: World, node: Node | None) -> dict[str, Field]:
    """The case file, field by field."""
    entries = node.entries if isinstance(node, Mapping) else ()
    if node is not None and not isinstance(node, Mapping):
        wrong_shape(world.findings, node, "`data`", "fields", "rating: {type: scale}")
    scope: Scope = world.scopes[""]
    found = {}
    for entry in entries:
        if entry.name in world.fields_declared and (field := read_field(world, entry, scope)):
            found[entry.name] = field
    return found


def read_field(world: World, entry: Entry, scope: Scope, *, column: bool = False) -> Field | None:
    """One declared field; None if its type cannot be read."""
    what = f"`{entry.name}`"
    node = entry.value
    if isinstance(node, Scalar) and node.value is not None:
        kind = _type(world, node, what)
        return None if kind is None else checked(world.findings, entry, _plain(entry.name, kind))
    body = as_mapping(world.findings, node, f"the field {what}", _EXAMPLE)
    if body is None:
        return None
    check_keys(world.findings, body, FIELD_KEYS, "a field")
    declared = body.get("type")
    if declared is None:
        if not any(nearest(e.name, FIELD_KEYS.names) == "type" for e in body.entries):
            world.findings.add(
                "E203",
                entry.key,
                f"the field {what} needs a `type`",
                help="for example `type: text`",
            )
        return None
    kind = _type(world, declared, what)
    if kind is None:
        return None
    field = _with_options(world, _plain(entry.name, kind), body, scope)
    if column:
        _no_column(world, field, body)
    return checked(world.findings, entry, field)


def overridden(world: World, field: Field, body: Mapping, scope: Scope) -> Field:
    """A field of the case file as one form asks it: another label, another help, not required."""
    check_keys(world.findings, body, FIELD_KEYS, "a field")
    return _with_options(world, field, body, scope)


def _type(world: World, node: Node, what: str) -> FieldType | None:
    word = node.text if isinstance(node, Scalar) else ""
    if word not in _TYPES:
        meant = nearest(word, _TYPES) or _OTHER_NAMES.get(word)
        world.findings.add(
            "E205",
            node,
            f"`{word}` is no type of field" if word else f"the type of {what} wants one word",
            label=f"did you mean `{meant}`?" if meant else "",
            help=None if meant else f"choose one of {quoted(_TYPES)}",
            fix=surely(word, _TYPES) or _OTHER_NAMES.get(word),
        )
        return None
    return FieldType(word)


_OTHER_NAMES: Final = {
    "string": "text",
    "str": "text",
    "int": "integer",
    "decimal": "number",
    "float": "number",
    "bool": "yes_no",
    "boolean": "yes_no",
    "enum": "choice",
    "multichoice": "choices",
    "list": "table",
    "rating": "scale",
}


def _plain(name: str, kind: FieldType) -> Field:
    return Field(
        name=name,
        type=kind,
        label=titled(name),
        help=None,
        required=True,
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


def _with_options(world: World, field: Field, body: Mapping, scope: Scope) -> Field:
    findings = world.findings
    label, help_text = body.get("label"), body.get("help")
    required_if, prefill, compute = (
        body.get("required_if"),
        body.get("prefill"),
        body.get("compute"),
    )
    label_text = None if label is None else as_text(findings, label, "`label`")
    help_words = None if help_text is None else as_text(findings, help_text, "`help`")
    seen_by, redact, until = body.get("seen_by"), body.get("redact_after"), body.get("until")
    origin = as_word(findings, body.get("from"), "`from`", ("start",), default="")
    unset = required_if is None and body.get("required") is None
    return replace(
        field,
        label=field.label if label_text is None else label_text.text,
        help=field.help if help_words is None else help_words.text,
        required=field.required
        if unset
        else as_yes_no(findings, body.get("required"), "`required`", default=required_if is None),
        required_if=field.required_if
        if required_if is None
        else condition(world, required_if, scope, "`required_if`"),
        min=_bound(world, body, "min", field),
        max=_bound(world, body, "max", field),
        options=_options(world, body) or field.options,
        anchors=_anchors(world, body, field) or field.anchors,
        columns=_columns(world, body, scope) or field.columns,
        prefill=field.prefill
        if prefill is None
        else expression(world, prefill, scope, "`prefill`"),
        compute=field.compute
        if compute is None
        else expression(world, compute, scope, "`compute`"),
        seen_by=field.seen_by if seen_by is None else visible_to(world, seen_by),
        until=field.until if until is None else _until(world, until),
        sensitive=as_yes_no(
            findings, body.get("sensitive"), "`sensitive`", default=field.sensitive
        ),
        from_start=field.from_start or origin == "start",
        redact_after=field.redact_after
        if redact is None
        else read_duration(world, redact, "`redact_after`"),
    )


def _bound(world: World, body: Mapping, name: str, field: Field) -> float | None:
    found = _number(world, body, name, field.min if name == "min" else field.max)
    node = body.get(name)
    if node is not None and field.type is FieldType.PERCENT and found and found > _SHARE:
        world.findings.add(
            "W206",
            node,
            f"`{name}: {found:g}` of a percent is {found * 100:,.0f} %",
            help="a percent is kept as a share: 100 % is `1`, 12 % is `0.12`; "
            "for a number that people type as it is, write `type: number`",
        )
    return found


def _number(world: World, body: Mapping, name: str, default: float | None) -> float | None:
    node = body.get(name)
    if node is None:
        return default
    value = node.value if isinstance(node, Scalar) else None
    if isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) < _LARGEST:
        return value
    world.findings.add("E204", node, f"`{name}` wants a number", help=f"for example `{name}: 1`")
    return default


def _options(world: World, body: Mapping) -> tuple[str, ...]:
    node = body.get("options")
    if node is None:
        return ()
    found: dict[str, None] = {}
    for item in as_items(world.findings, node, "`options`", "options: [good, damaged]"):
        option = as_text(world.findings, item, "an option", "options: [good, damaged]")
        if option is None:
            continue
        if option.text in found:
            world.findings.add(
                "E229",
                item,
                f"the option `{option.text}` is listed twice",
                help="leave one of them out",
            )
        found[option.text] = None
    return tuple(found)


def _anchors(world: World, body: Mapping, field: Field) -> dict[int, str]:
    """What marks mean: a list from the lowest mark up, or `"1": poor`."""
    node = body.get("anchors")
    if node is None:
        return {}
    if isinstance(node, Sequence):
        lowest = _number(world, body, "min", field.min)
        first = 1 if lowest is None else int(lowest)
        texts = [as_text(world.findings, item, "an anchor", "poor") for item in node.items]
        return {first + at: text.text for at, text in enumerate(texts) if text is not None}
    pairs = as_mapping(world.findings, node, "`anchors`", "anchors: [poor, fair, good]")
    found = {}
    for entry in () if pairs is None else pairs.entries:
        text = as_text(world.findings, entry.value, "an anchor", "poor")
        if not entry.name.isascii() or not entry.name.lstrip("-").isdigit() or len(entry.name) > 9:
            world.findings.add(
                "E227",
                entry.key,
                f"`{entry.name}` is no mark",
                help='write for example `"1": poor`',
            )
        elif text is not None:
            found[int(entry.name)] = text.text
    return found


def _columns(world: World, body: Mapping, scope: Scope) -> tuple[Field, ...]:
    node = body.get("columns")
    if node is None:
        return ()
    pairs = as_mapping(world.findings, node, "`columns`", "goal: {type: text}")
    found = []
    for entry in () if pairs is None else pairs.entries:
        if is_name(world.findings, entry.key, "a column", readable=True):
            field = read_field(world, entry, scope, column=True)
            if field is not None:
                found.append(field)
    return tuple(found)


def _no_column(world: World, field: Field, body: Mapping) -> None:
    for name in _CASE_ONLY:
        if (entry := body.entry(name)) is not None:
            world.findings.add(
                "E208", entry.key, f"`{name}` goes with a field, not with a column of a table",
                help="write it on the table",
            )  # fmt: skip
    if field.type in (FieldType.TABLE, FieldType.ATTEST, FieldType.COMPUTED, FieldType.FILE):
        world.findings.add(
            "E227",
            body.get("type") or body,
            f"a column cannot be of type `{field.type}`",
            help="make it a field of its own",
        )


def _until(world: World, node: Node) -> str | None:
    """The id of the state before which a field is hidden."""
    text = as_text(world.findings, node, "`until`", "until: talk")
    if text is None:
        return None
    states = [draft for draft in world.top.walk() if not draft.hidden and draft.id]
    for draft in states:
        if text.text == draft.id:
            return draft.id
    same = [draft for draft in states if draft.name == text.text]
    if len(same) == 1:
        return same[0].id
    if same:
        world.findings.add(
            "E201",
            node,
            f"there are {len(same)} states named `{text.text}`",
            help=f"write {quoted(draft.id for draft in same)}",
        )
        return None
    meant = nearest(text.text, [draft.name for draft in states])
    world.findings.add(
        "E201",
        node,
        f"state `{text.text}` does not exist",
        label=f"did you mean `{meant}`?" if meant else "",
        fix=surely(text.text, [draft.name for draft in states]),
    )
    return None
