"""Where the words of an arrow stand: beside no box that is not theirs, and on no other words."""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import replace

from engine.diagram.layout import HEADER, Placed, Point, Rectangle, Way
from engine.diagram.lettering import label_width
from engine.diagram.model import Box

_HEIGHT = 18.0
_BESIDE = 4.0  # px between a way and words that stand beside it
_PLACES = (0.5, 0.35, 0.65, 0.2, 0.8)  # shares of a straight piece that are tried, best first


def settled(placed: Placed, boxes: Sequence[Box]) -> tuple[Way, ...]:
    """The ways with their labels moved to where they can be read."""
    groups = {box.parent for box in boxes}
    solid = [_solid(placed.boxes[box.id], group=box.id in groups) for box in boxes]
    taken: list[Rectangle] = []
    at: dict[int, Point] = {}
    # The shortest first: it has the fewest places to choose from.
    for number, way in sorted(enumerate(placed.ways), key=lambda pair: _whole(pair[1])):
        if way.arrow.label and way.label_at:
            width = label_width(way.arrow.label)
            at[number] = _best(way, way.label_at, width, solid, taken)
            taken.append(_around(at[number], width))
    return tuple(replace(way, label_at=at.get(number)) for number, way in enumerate(placed.ways))


def _whole(way: Way) -> float:
    return sum(_length(*ends) for ends in zip(way.points, way.points[1:], strict=False))


def _solid(box: Rectangle, *, group: bool) -> Rectangle:
    """What of a box must stay free: all of it, of a group its name."""
    if not group:
        return box
    return Rectangle(x=box.x, y=box.y, width=box.width, height=HEADER)


def _best(
    way: Way,
    first: Point,
    width: float,
    solid: Sequence[Rectangle],
    taken: Sequence[Rectangle],
) -> Point:
    """The first place that covers nothing, or else the one that covers least."""
    tries = [at for at in (first, *_along(way.points)) if _belongs(at, way, width)]
    return min(tries, key=lambda at: _covers(_around(at, width), [*solid, *taken]))


def _belongs(at: Point, way: Way, width: float) -> bool:
    """Whether the way runs under the label or right beside it."""
    x, y = at
    return any(
        min(x0, x1) - width / 2 - _BESIDE <= x <= max(x0, x1) + width / 2 + _BESIDE
        and min(y0, y1) - _HEIGHT <= y <= max(y0, y1) + _HEIGHT
        for (x0, y0), (x1, y1) in itertools.pairwise(way.points)
    )


def _along(points: Sequence[Point]) -> Iterator[Point]:
    pieces = list(itertools.pairwise(points))
    longest = sorted(pieces, key=lambda ends: -_length(*ends))
    for share in _PLACES:
        for (x0, y0), (x1, y1) in longest:
            yield (x0 + (x1 - x0) * share, y0 + (y1 - y0) * share)


def _length(one: Point, other: Point) -> float:
    return abs(one[0] - other[0]) + abs(one[1] - other[1])


def _around(at: Point, width: float) -> Rectangle:
    return Rectangle(x=at[0] - width / 2, y=at[1] - _HEIGHT / 2, width=width, height=_HEIGHT)


def _covers(label: Rectangle, others: Sequence[Rectangle]) -> float:
    return sum(_overlap(label, other) for other in others)


def _overlap(one: Rectangle, other: Rectangle) -> float:
    across = min(one.x + one.width, other.x + other.width) - max(one.x, other.x)
    down = min(one.y + one.height, other.y + other.height) - max(one.y, other.y)
    return max(0.0, across) * max(0.0, down)
