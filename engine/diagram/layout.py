"""Where the boxes go. The only place that knows the layout library, which is young."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import graphlay

from engine.diagram.model import Arrow, Picture

HEADER = 30.0  # height of the strip with a group's name, px
_OPTIONS = {
    "direction": "topbottom",
    "spacing": {
        "layer_gap": 40.0,
        "node_gap": 28.0,
        "compound_padding": 16.0,
        "compound_header": HEADER,
        "edge_label_margin": 12.0,
        "isolated_gap": 20.0,
        "isolated_max_columns": 2,
    },
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Rectangle:
    """A box's place, px, origin at the top left."""

    x: float
    y: float
    width: float
    height: float


Point = tuple[float, float]
_FAR = 60.0  # px at which a label beside a way does not seem to belong to it any more


@dataclass(frozen=True, kw_only=True, slots=True)
class Way:
    """An arrow's polyline from source to target, and where its label stands."""

    arrow: Arrow
    points: tuple[Point, ...]
    label_at: Point | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Placed:
    """The whole drawing."""

    width: float
    height: float
    boxes: Mapping[str, Rectangle]
    ways: tuple[Way, ...]


def place(
    picture: Picture,
    sizes: Mapping[str, tuple[float, float]],
    labels: Mapping[str, tuple[float, float]],
) -> Placed:
    """Lay a picture out, given the sizes of its boxes by id and of its arrows' labels by text.

    Backward arrows are handed in reversed, so that the drawing keeps running downwards, and
    come back the right way round. Raises graphlay.GraphlayError if the library gives up.
    """
    graph = graphlay.Graph()
    numbers: dict[str, int] = {}
    for box in picture.boxes:
        width, height = sizes[box.id]
        within: dict[str, Any] = {"parent": numbers[box.parent]} if box.parent else {}
        numbers[box.id] = graph.node(box.id, width=width, height=height, **within)
    for arrow in picture.arrows:
        ends = (arrow.target, arrow.source) if arrow.back else (arrow.source, arrow.target)
        extra: dict[str, Any] = {}
        if arrow.label:
            width, height = labels[arrow.label]
            extra["label_size"] = {"width": width, "height": height}
        graph.edge(*ends, **extra)
    drawing = graphlay.layout(graph, options=_OPTIONS)
    left, top = drawing.bounds["min"]["x"], drawing.bounds["min"]["y"]
    boxes = {
        box.id: _rectangle(node, left, top)
        for box, node in zip(picture.boxes, drawing.nodes, strict=True)
    }
    ways = tuple(
        _way(arrow, edge, boxes, left, top)
        for arrow, edge in zip(picture.arrows, drawing.edges, strict=True)
    )
    right, bottom = drawing.bounds["max"]["x"], drawing.bounds["max"]["y"]
    return Placed(width=right - left, height=bottom - top, boxes=boxes, ways=ways)


def _rectangle(node: Mapping[str, Mapping[str, float]], left: float, top: float) -> Rectangle:
    width, height = node["size"]["width"], node["size"]["height"]
    return Rectangle(
        x=node["center"]["x"] - width / 2 - left,
        y=node["center"]["y"] - height / 2 - top,
        width=width,
        height=height,
    )


def _way(
    arrow: Arrow,
    edge: Mapping[str, Any],
    boxes: Mapping[str, Rectangle],
    left: float,
    top: float,
) -> Way:
    raw: Sequence[Mapping[str, float]] = edge["points"]
    points = [(point["x"] - left, point["y"] - top) for point in raw]
    if arrow.back:
        points.reverse()
    anchor: Mapping[str, float] | None = edge.get("label_anchor")
    label_at = (anchor["x"] - left, anchor["y"] - top) if anchor else None
    points[0] = _onto(boxes[arrow.source], points[0], points[1])
    points[-1] = _onto(boxes[arrow.target], points[-1], points[-2])
    if label_at and len(points) == 2:  # a straight way that was cut short: its new middle
        (x0, y0), (x1, y1) = points
        far = abs(label_at[0] - (x0 + x1) / 2) > _FAR
        label_at = ((x0 + x1) / 2 if far else label_at[0], (y0 + y1) / 2)
    return Way(arrow=arrow, points=tuple(points), label_at=label_at)


def _onto(box: Rectangle, end: Point, before: Point) -> Point:
    """The end moved to the border: ways to a group are drawn up to its header's inside."""
    x, y = end
    inside = box.x <= x <= box.x + box.width and box.y < y < box.y + box.height
    if inside and before[0] == x:
        return (x, box.y if before[1] < y else box.y + box.height)
    return end
