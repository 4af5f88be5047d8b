"""One box of the drawing: its words, its size, its marks."""

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape

from engine.diagram.layout import HEADER, Rectangle
from engine.diagram.lettering import LINE, shortened, width_of, wrapped
from engine.diagram.marks import Heat, Marks
from engine.diagram.model import Box, BoxKind

_GROUPS = (BoxKind.GROUP, BoxKind.BRANCHES)
_SIGN = {
    BoxKind.TASK: "✎",
    BoxKind.EACH: "✎…",
    BoxKind.WAIT: "◷",
    BoxKind.DECISION: "?",
    BoxKind.AUTOMATIC: "⚙",
    BoxKind.SUBCASE: "↗",
    BoxKind.END: "●",
    BoxKind.GROUP: "",
    BoxKind.BRANCHES: "∥",
}
_NARROWEST = 96.0
_BAR = 9.0  # px at the bottom of a box: a bar of waiting, and the air above it
_HOTTEST = 2.0  # times the target at which the bar is full


@dataclass(frozen=True, kw_only=True, slots=True)
class Face:
    """What stands in a box."""

    names: tuple[str, ...]  # lines
    notes: tuple[str, ...]  # further lines, softer
    count: str  # of open cases; empty: none
    heat: Heat | None

    @property
    def size(self) -> tuple[float, float]:
        beside = width_of(self.count) + 10 if self.count else 0.0
        lines = (*self.names, *self.notes)
        width = max(width_of(lines[0]) + beside, *(width_of(line) for line in lines)) + 24
        height = len(lines) * LINE + 16 + (_BAR if _is_barred(self.heat) else 0.0)
        return (max(width, _NARROWEST), height)


def face_of(box: Box, marks: Marks) -> Face:
    mark = "▶ " if box.id in marks.current else "✓ " if box.id in marks.visited else ""
    sign = f"{_SIGN[box.kind]} " if _SIGN[box.kind] else ""
    names = wrapped(f"{mark}{sign}{box.label}")
    notes = [shortened(box.note)] if box.note else []
    heat = marks.heat.get(box.id)
    if heat is not None:
        notes.append(f"waits {heat.words}")
    if box.kind in _GROUPS:  # its header is one line
        names, notes, heat = [" ".join(names)], [], None
    count = marks.counts.get(box.id)
    return Face(
        names=tuple(names), notes=tuple(notes), count=str(count) if count else "", heat=heat
    )


def draw(box: Box, face: Face, at: Rectangle, marks: Marks) -> Iterator[str]:
    here, been = box.id in marks.current, box.id in marks.visited
    classes = ["box"]
    classes += ["group"] if box.kind in _GROUPS else []
    classes += ["branches"] if box.kind is BoxKind.BRANCHES else []
    classes += ["end"] if box.kind is BoxKind.END else []
    classes += ["been"] if been and box.kind not in _GROUPS else []
    classes += ["here"] if here else []
    radius = 18 if box.kind is BoxKind.END else 6
    yield (
        f'<rect class="{" ".join(classes)}" x="{at.x:.1f}" y="{at.y:.1f}" width="{at.width:.1f}" '
        f'height="{at.height:.1f}" rx="{radius}"/>'
    )
    if face.heat is not None:
        yield from _bar(face.heat, at)
    lines = [("herename" if here else "name", line) for line in face.names]
    lines += [("note", line) for line in face.notes]
    y = at.y + (HEADER - 10 if box.kind in _GROUPS else 20)
    for kind, line in lines:
        yield f'<text class="{kind}" x="{at.x + 12:.1f}" y="{y:.1f}">{escape(line)}</text>'
        y += LINE
    if face.count:
        # In a group the right end of the header may be covered by what is inside.
        beside = box.kind in _GROUPS
        x = at.x + (24 + width_of(face.names[0]) if beside else at.width - 10)
        anchor = "start" if beside else "end"
        yield (
            f'<text class="count" text-anchor="{anchor}" x="{x:.1f}" y="{at.y + 20:.1f}">'
            f"{face.count}</text>"
        )


def legend(marks: Marks) -> Iterator[str]:
    """What the marks mean, for whoever sees the picture alone."""
    if marks.current:
        yield "▶ here now   ✓ been there"
    if marks.counts:
        yield "number at the right of a box: open cases"
    if any(_is_barred(heat) for heat in marks.heat.values()):
        yield "bar: the median wait; the upright line in its middle is the target"


def _is_barred(heat: Heat | None) -> bool:
    return heat is not None and heat.share is not None


def _bar(heat: Heat, at: Rectangle) -> Iterator[str]:
    """Filled up to the share of the target; the target itself is the middle."""
    if heat.share is None:
        return
    x, y, whole = at.x + 12, at.y + at.height - 11, at.width - 24
    filled = min(heat.share / _HOTTEST, 1.0) * whole
    middle = x + whole / 2
    kind = "over" if heat.share > 1 else "within"
    yield (
        f'<rect class="track" x="{x:.1f}" y="{y:.1f}" width="{whole:.1f}" height="5" rx="2.5"/>'
        f'<rect class="{kind}" x="{x:.1f}" y="{y:.1f}" width="{filled:.1f}" height="5" rx="2.5"/>'
        f'<line class="target" x1="{middle:.1f}" x2="{middle:.1f}" y1="{y - 2:.1f}" '
        f'y2="{y + 7:.1f}"/>'
    )
