"""One per item: the list of an `each`, and the cases that a `start` opens."""

from engine.core.chart import Each, StartSubcase
from engine.core.expression import Kind
from engine.document import Node, Scalar
from engine.loader.behaviour import START_KEYS
from engine.loader.compiling import expression, expression_at
from engine.loader.deadlines import refuse_phrase
from engine.loader.drafts import Draft
from engine.loader.durations import PhraseRefused
from engine.loader.effects import read_values
from engine.loader.findings import as_mapping, as_text, as_whole_number, as_word, unknown
from engine.loader.names import READABLE, check_keys, is_name, is_process
from engine.loader.phrases import Loop, loop
from engine.loader.scopes import Scope, World, loop_item_type


def read_loop(world: World, text: Scalar, found: Loop, scope: Scope) -> Each | None:
    """`peer in data.peers`: a list of people or texts."""
    document = world.findings.document
    start = text.text.find(found.item)
    place = document.place(text, start, len(found.item))
    if found.item in READABLE or found.item in world.roles or found.item in scope:
        world.findings.add(
            "E210",
            place,
            f"`{found.item}` has a meaning already and cannot stand for one item",
            help=f"choose another name, such as `one_{found.item}`",
        )
        return None
    word = Scalar(value=found.item, text=found.item, span=place)
    if not is_name(world.findings, word, "an item", readable=True):
        return None
    items = expression_at(world, text, found.items, found.offset, scope)
    if items is None:
        return None
    if items.type.kind not in (Kind.LIST, Kind.ANY):
        world.findings.add(
            "E304",
            document.place(text, found.offset, len(found.items)),
            f"`{items.source}` is {items.type}, and a list is wanted",
            help="use a field of type `people` or `choices`",
        )
        return None
    return Each(item=found.item, items=items)


def read_start(world: World, draft: Draft, node: Node, scope: Scope) -> None:
    findings = world.findings
    body = as_mapping(findings, node, "`start`", "start: {process: development-plan}")
    if body is None:
        return
    check_keys(findings, body, START_KEYS, "`start`")
    process, each_node = body.get("process"), body.get("each")
    name = None if process is None else as_text(findings, process, "`process`", "development-plan")
    if name is not None and not is_process(name.text):
        findings.add(
            "E231", name, f"`{name.text}` cannot be the id of a process",
            help="small letters, digits and hyphens, such as `development-plan`",
        )  # fmt: skip
    inner, each = scope, None
    if each_node is not None:
        text = as_text(findings, each_node, "`each`", "each: person in data.team")
        if text is not None:
            try:
                found = loop(text.text)
            except PhraseRefused as refused:
                refuse_phrase(world, "E220", text, refused)
            else:
                each = read_loop(world, text, found, scope)
                inner = {**scope, found.item: loop_item_type(world, found.items, scope)}
    about = body.get("for")
    subject = None if about is None else expression(world, about, inner, "`for`")
    data = read_values(world, body.get("with"), inner, "`with`")
    version = as_word(
        findings, body.get("version"), "`version`", ("pinned", "latest"), default="pinned"
    )
    wait = _how_many(world, body.get("wait"))
    if name is not None:
        draft.start = StartSubcase(
            process=name.text,
            subject=subject,
            each=each,
            data=data,
            wait=wait,
            pinned=version == "pinned",
        )


def _how_many(world: World, node: Node | None) -> int | None:
    if node is None or (isinstance(node, Scalar) and node.text == "all"):
        return None
    if isinstance(node, Scalar) and node.text == "none":
        return 0
    if isinstance(node, Scalar) and isinstance(node.value, str):
        unknown(world.findings, "E205", node, "the answer", node.text, known=("all", "none"))
        return None
    return as_whole_number(world.findings, node, "`wait`", least=1, most=100_000)
