"""The process as SVG: the same picture for pages, documents and print, in light and dark.

Kinds and marks differ by shape and text as well as by colour. Colours are CSS custom properties
with their own defaults, so a page may set them and a file may stand alone.
"""

from collections.abc import Iterator, Mapping
from html import escape
from importlib.resources import files

import graphlay

from engine.diagram.boxes import Face, draw, face_of, legend
from engine.diagram.labels import settled
from engine.diagram.layout import Placed, Way, place
from engine.diagram.lettering import LINE, label_width, shortened, width_of
from engine.diagram.marks import Marks
from engine.diagram.model import Picture
from engine.diagram.outline import outline

_MARGIN = 12.0


def stylesheet() -> str:
    """The CSS of all diagrams, for a page that shows them inline under a strict policy."""
    return files("engine.diagram").joinpath("diagram.css").read_text("utf-8")


def svg(picture: Picture, marks: Marks | None = None, *, style: bool = True) -> str:
    """An `<svg>` with a title and the outline as its description; alone it needs its style.

    When the layout library refuses the graph, the outline itself is drawn as text.
    """
    marks = marks or Marks()
    faces = {box.id: face_of(box, marks) for box in picture.boxes}
    labels = {
        arrow.label: (width_of(shortened(arrow.label)), 16.0)
        for arrow in picture.arrows
        if arrow.label
    }
    try:
        placed = place(picture, {box: face.size for box, face in faces.items()}, labels)
    except graphlay.GraphlayError:
        return _as_text(picture, marks, style=style)
    return "".join(_document(picture, placed, faces, marks, style=style))


def _document(
    picture: Picture, placed: Placed, faces: Mapping[str, Face], marks: Marks, *, style: bool
) -> Iterator[str]:
    footer = [f"anywhere: {event} → {target}" for event, target in picture.anywhere]
    footer += legend(marks)
    ways = settled(placed, picture.boxes)
    left, right = 0.0, max(placed.width, *(width_of(line) for line in [*footer, ""]))
    for way in ways:  # labels may reach beyond the boxes
        if way.arrow.label and way.label_at:
            half = label_width(way.arrow.label) / 2
            left = min(left, way.label_at[0] - half)
            right = max(right, way.label_at[0] + half)
    width = right - left + 2 * _MARGIN
    height = placed.height + 2 * _MARGIN + len(footer) * LINE + (8 if footer else 0)
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="tn" role="img" '
        f'viewBox="{left - _MARGIN:.0f} {-_MARGIN:g} {width:.0f} {height:.0f}" '
        f'width="{width:.0f}" height="{height:.0f}" '
        f'aria-labelledby="tn-title tn-desc"><title id="tn-title">{escape(picture.title)}</title>'
        f'<desc id="tn-desc">{escape(outline(picture, marks))}</desc>{_style(style)}'
    )
    for box in picture.boxes:
        yield from draw(box, faces[box.id], placed.boxes[box.id], marks)
    for way in ways:
        yield from _line(way)
    for way in ways:
        yield from _label(way)
    for number, line in enumerate(footer, start=1):
        y = placed.height + 8 + number * LINE
        yield f'<text class="note" x="0" y="{y:.1f}">{escape(line)}</text>'
    yield "</svg>"


def _style(wanted: bool) -> str:
    return f"<style>{stylesheet()}</style>" if wanted else ""


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
        width = label_width(way.arrow.label)
        yield (
            f'<rect class="behind" x="{x - width / 2:.1f}" y="{y - 9:.1f}" width="{width:.1f}" '
            f'height="18" rx="3"/>'
            f'<text class="label" text-anchor="middle" x="{x:.1f}" y="{y + 4:.1f}">'
            f"<title>{escape(way.arrow.label)}</title>{escape(shortened(way.arrow.label))}</text>"
        )


def _as_text(picture: Picture, marks: Marks, *, style: bool) -> str:
    lines = outline(picture, marks).splitlines()
    rows = "".join(
        f'<text x="0" y="{number * LINE:.0f}" xml:space="preserve">{escape(line)}</text>'
        for number, line in enumerate(lines, start=1)
    )
    width = max(width_of(line) for line in lines)
    height = (len(lines) + 1) * LINE
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="tn" role="img" viewBox="0 0 {width:.0f} '
        f'{height:.0f}"><title>{escape(picture.title)}</title>{_style(style)}{rows}</svg>'
    )
