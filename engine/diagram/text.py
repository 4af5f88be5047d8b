"""The process as Mermaid text, which code forges draw in a README."""

from collections.abc import Iterator

from engine.diagram.model import Box, BoxKind, Picture


def mermaid(picture: Picture) -> str:
    """A `stateDiagram-v2`; state ids become identifiers, labels are escaped."""
    return "\n".join(["stateDiagram-v2", *_lines(picture)]) + "\n"


def _lines(picture: Picture) -> Iterator[str]:
    children: dict[str | None, list[Box]] = {}
    for box in picture.boxes:
        children.setdefault(box.parent, []).append(box)
    yield from _inside(None, children, "  ")
    if picture.first:
        yield f"  [*] --> {_id(picture.first)}"
    for arrow in picture.arrows:
        label = f" : {_text(arrow.label)}" if arrow.label else ""
        yield f"  {_id(arrow.source)} --> {_id(arrow.target)}{label}"
    for box in picture.boxes:
        if box.kind is BoxKind.END:
            yield f"  {_id(box.id)} --> [*]"


def _inside(parent: str | None, children: dict[str | None, list[Box]], pad: str) -> Iterator[str]:
    for number, box in enumerate(children.get(parent, [])):
        if parent is not None and number and _together(parent, children):
            yield f"{pad}--"
        yield f'{pad}state "{_text(box.label)}" as {_id(box.id)}'
        if box.id in children:
            yield f"{pad}state {_id(box.id)} {{"
            yield from _inside(box.id, children, pad + "  ")
            yield f"{pad}}}"


def _together(parent: str, children: dict[str | None, list[Box]]) -> bool:
    return any(
        box.id == parent and box.kind is BoxKind.BRANCHES
        for boxes in children.values()
        for box in boxes
    )


def _id(state: str) -> str:
    return "s_" + state.replace(".", "__").replace("-", "_")


def _text(words: str) -> str:
    return words.replace(";", "#59;").replace(":", "#58;").replace('"', "#quot;")
