"""The process as SVG: the same picture for pages, documents and print, in light and dark.

Kinds and marks differ by shape and text as well as by colour. Colours are CSS custom properties
with their own defaults, so a page may set them and a file may stand alone.
"""

from collections.abc import Iterator
from html import escape
from importlib.resources import files

import graphlay

from engine.diagram.layout import HEADER, Placed, Rectangle, Way, place
from engine.diagram.model import Box, BoxKind, Marks, Picture
from engine.diagram.outline import outline

_CHAR = 8.0  # px of a character at 13 px in the wider of the common system fonts
_LINE = 17.0
_GROUPS = (BoxKind.GROUP, BoxKind.BRANCHES)
_SIGN = {
    BoxKind.TASK: "✎",
    BoxKind.EACH: "✎…",
    BoxKind.WAIT: "◷",
    BoxKind.DECISION: "?",
    BoxKind.AUTOMATIC: "⚙",
    BoxKind.SUBCASE: "⧉",
    BoxKind.END: "●",
    BoxKind.GROUP: "",
    BoxKind.BRANCHES: "∥",
}


def stylesheet() -> str:
    """The CSS of all diagrams, for a page that shows them inline under a strict policy."""
    return files("engine.diagram").joinpath("diagram.css").read_text("utf-8")


def svg(picture: Picture, marks: Marks | None = None, *, style: bool = True) -> str:
    """An `<svg>` with a title and the outline as its description; alone it needs its style.

    When the layout library refuses the graph, the outline itself is drawn as text.
    """
    marks = marks or Marks()
    words = {box.id: _words(box, marks) for box in picture.boxes}
    sizes = {box.id: _size(words[box.id], marks.counts.get(box.id)) for box in picture.boxes}
    labels = {
        arrow.label: (_width(_short(arrow.label)), 16.0) for arrow in picture.arrows if arrow.label
    }
    try:
        placed = place(picture, sizes, labels)
    except graphlay.GraphlayError:
        return _as_text(picture, marks, style=style)
    return "".join(_document(picture, placed, words, marks, style=style))


def _document(
    picture: Picture, placed: Placed, words: dict[str, list[str]], marks: Marks, *, style: bool
) -> Iterator[str]:
    footer = [f"anywhere: {event} → {target}" for event, target in picture.anywhere]
    margin = 12.0
    left, right = 0.0, max(placed.width, *(_width(line) for line in [*footer, ""]))
    for way in placed.ways:  # labels may reach beyond the boxes
        if way.arrow.label and way.label_at:
            half = _width(_short(way.arrow.label)) / 2
            left = min(left, way.label_at[0] - half)
            right = max(right, way.label_at[0] + half)
    width = right - left + 2 * margin
    height = placed.height + 2 * margin + len(footer) * _LINE + (8 if footer else 0)
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="tn" role="img" '
        f'viewBox="{left - margin:.0f} {-margin:g} {width:.0f} {height:.0f}" '
        f'width="{width:.0f}" height="{height:.0f}" '
        f'aria-labelledby="tn-title tn-desc"><title id="tn-title">{escape(picture.title)}</title>'
        f'<desc id="tn-desc">{escape(outline(picture, marks))}</desc>{_style(style)}'
    )
    for box in picture.boxes:
        yield from _box(box, placed.boxes[box.id], words[box.id], marks)
    for way in placed.ways:
        yield from _line(way)
    for way in placed.ways:
        yield from _label(way)
    for number, line in enumerate(footer, start=1):
        y = placed.height + 8 + number * _LINE
        yield f'<text class="note" x="0" y="{y:.1f}">{escape(line)}</text>'
    yield "</svg>"


def _style(wanted: bool) -> str:
    return f"<style>{stylesheet()}</style>" if wanted else ""


def _box(box: Box, at: Rectangle, words: list[str], marks: Marks) -> Iterator[str]:
    here, been = box.id in marks.current, box.id in marks.visited
    names = ["box"]
    names += ["group"] if box.kind in _GROUPS else []
    names += ["branches"] if box.kind is BoxKind.BRANCHES else []
    names += ["end"] if box.kind is BoxKind.END else []
    names += ["been"] if been and box.kind not in _GROUPS else []
    names += ["here"] if here else []
    radius = 18 if box.kind is BoxKind.END else 6
    yield (
        f'<rect class="{" ".join(names)}" x="{at.x:.1f}" y="{at.y:.1f}" width="{at.width:.1f}" '
        f'height="{at.height:.1f}" rx="{radius}"/>'
    )
    y = at.y + (HEADER - 10 if box.kind in _GROUPS else 20)
    for number, line in enumerate(words):
        kind = "note" if box.note and number == len(words) - 1 else "herename" if here else "name"
        yield f'<text class="{kind}" x="{at.x + 12:.1f}" y="{y:.1f}">{escape(line)}</text>'
        y += _LINE
    count = marks.counts.get(box.id)
    if count:
        x = at.x + at.width - 10
        yield (
            f'<text class="count" text-anchor="end" x="{x:.1f}" y="{at.y + 20:.1f}">{count}</text>'
        )


def _line(way: Way) -> Iterator[str]:
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in way.points)
    back = " back" if way.arrow.back else ""
    yield f'<polyline class="way{back}" points="{path}"/>'
    (x0, y0), (x, y) = way.points[-2], way.points[-1]
    dx, dy = (x > x0) - (x < x0), (y > y0) - (y < y0)
    side = 4.0
    bx, by = x - 8 * dx, y - 8 * dy
    yield (
        f'<polygon class="head" points="{x:.1f},{y:.1f} {bx - side * dy:.1f},{by + side * dx:.1f} '
        f'{bx + side * dy:.1f},{by - side * dx:.1f}"/>'
    )


def _label(way: Way) -> Iterator[str]:
    if way.arrow.label and way.label_at:
        x, y = way.label_at
        width = _width(_short(way.arrow.label)) * 0.86  # its letters are smaller
        yield (
            f'<rect class="behind" x="{x - width / 2:.1f}" y="{y - 9:.1f}" width="{width:.1f}" '
            f'height="18" rx="3"/>'
            f'<text class="label" text-anchor="middle" x="{x:.1f}" y="{y + 4:.1f}">'
            f"<title>{escape(way.arrow.label)}</title>{escape(_short(way.arrow.label))}</text>"
        )


def _words(box: Box, marks: Marks) -> list[str]:
    mark = "▶ " if box.id in marks.current else "✓ " if box.id in marks.visited else ""
    sign = f"{_SIGN[box.kind]} " if _SIGN[box.kind] else ""
    lines = _wrap(f"{mark}{sign}{box.label}")
    if box.kind in _GROUPS:
        return [" ".join(lines)]
    return [*lines, _short(box.note)] if box.note else lines


def _wrap(text: str, width: int = 24) -> list[str]:
    lines = [""]
    for word in text.split():
        if lines[-1] and len(lines[-1]) + 1 + len(word) > width:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines


def _short(text: str, width: int = 34) -> str:
    return text if len(text) <= width else text[: width - 1].rstrip() + "…"


def _width(text: str) -> float:
    return len(text) * _CHAR


def _size(words: list[str], count: int | None) -> tuple[float, float]:
    beside = _width(str(count)) + 10 if count else 0.0
    width = max(_width(words[0]) + beside, *(_width(line) for line in words)) + 24
    return (max(width, 96.0), len(words) * _LINE + 16)


def _as_text(picture: Picture, marks: Marks, *, style: bool) -> str:
    lines = outline(picture, marks).splitlines()
    rows = "".join(
        f'<text x="0" y="{number * _LINE:.0f}" xml:space="preserve">{escape(line)}</text>'
        for number, line in enumerate(lines, start=1)
    )
    width = max(_width(line) for line in lines)
    height = (len(lines) + 1) * _LINE
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="tn" role="img" viewBox="0 0 {width:.0f} '
        f'{height:.0f}"><title>{escape(picture.title)}</title>{_style(style)}{rows}</svg>'
    )
