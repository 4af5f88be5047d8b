"""The process as an indented list: for terminals, screen readers and as the SVG's fallback."""

from collections.abc import Iterator

from engine.diagram.marks import Marks
from engine.diagram.model import Box, BoxKind, Picture

_WORD = {
    BoxKind.TASK: "task",
    BoxKind.EACH: "a task for each",
    BoxKind.WAIT: "waits",
    BoxKind.DECISION: "decides",
    BoxKind.AUTOMATIC: "automatic",
    BoxKind.SUBCASE: "starts",
    BoxKind.END: "end",
    BoxKind.GROUP: "in turn",
    BoxKind.BRANCHES: "at the same time",
}


def outline(picture: Picture, marks: Marks | None = None) -> str:
    """Lines of `state - kind, whose - where to`; `>` marks where a case is, `✓` where it was."""
    return "\n".join([picture.title, *_lines(picture, marks or Marks())]) + "\n"


def _lines(picture: Picture, marks: Marks) -> Iterator[str]:
    depth: dict[str, int] = {}
    labels = {box.id: box.label for box in picture.boxes}
    for box in picture.boxes:
        depth[box.id] = depth[box.parent] + 1 if box.parent else 0
        mark = ">" if box.id in marks.current else "✓" if box.id in marks.visited else " "
        count = _figures(box, marks)
        ways = "; ".join(_ways(picture, box, labels))
        tail = f" - {ways}" if ways else ""
        yield f"{mark} {'  ' * depth[box.id]}{box.label}{count} - {_what(box)}{tail}"
    for event, target in picture.anywhere:
        yield f"  anywhere: {event} - {target}"


def _figures(box: Box, marks: Marks) -> str:
    """` (3 open, waits 2 of 5 days)`; empty for a box nobody knows anything of."""
    count, heat = marks.counts.get(box.id), marks.heat.get(box.id)
    known = [f"{count} open"] if count else []
    known += [f"waits {heat.words}"] if heat else []
    return f" ({', '.join(known)})" if known else ""


def _what(box: Box) -> str:
    if box.kind is BoxKind.WAIT and box.note:
        return f"waits {box.note}"
    return f"{_WORD[box.kind]}, {box.note}" if box.note else _WORD[box.kind]


def _ways(picture: Picture, box: Box, labels: dict[str, str]) -> Iterator[str]:
    for arrow in picture.arrows:
        if arrow.source == box.id:
            when = f"{arrow.label} → " if arrow.label else "→ "
            yield f"{when}{labels[arrow.target]}"
