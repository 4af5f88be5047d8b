"""The drawing itself: nothing overlaps, nothing is told by colour alone."""

import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from engine.diagram import Marks, mermaid, outline, picture, stylesheet, svg
from engine.loader import load_text

SHIPPED = sorted(Path(__file__).parents[2].joinpath("definitions").glob("*.yaml"))
LOOP = """
process: loop
version: 1
title: "A & B <loop>"
subject: person
states:
  write: {task: {to: subject, title: Write, due: 1 workday}}
  read:
    task: {to: subject.manager, title: Read, due: 1 workday, buttons: [accept, return]}
    on: {accept: closed, return: write}
  closed: {end: done}
"""
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def loop():
    definition = load_text(LOOP, "loop").definition
    assert definition is not None
    return picture(definition)


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: file.stem)
def test_every_shipped_definition_is_drawn_without_overlap_of_sisters(file):
    definition = load_text(file.read_text("utf-8"), file.stem).definition
    drawn = picture(definition)
    root = ET.fromstring(svg(drawn))
    rectangles = [
        [float(one.get(name)) for name in ("x", "y", "width", "height")]
        for one in root.iter(f"{SVG}rect")
        if (one.get("class") or "").startswith("box")
    ]
    by_parent: dict[str | None, list[list[float]]] = {}
    for box, rectangle in zip(drawn.boxes, rectangles, strict=True):
        by_parent.setdefault(box.parent, []).append(rectangle)

    for sisters in by_parent.values():
        for number, (x, y, width, height) in enumerate(sisters):
            for ox, oy, owidth, oheight in sisters[number + 1 :]:
                apart = x + width <= ox or ox + owidth <= x or y + height <= oy or oy + oheight <= y
                assert apart
    assert {box.label for box in drawn.boxes} <= set(re.findall(r"\w[^\n-]*(?= -)", outline(drawn)))


def test_a_backward_way_is_dashed_and_labelled_with_its_button(loop):
    drawn = svg(loop)

    assert drawn.count('class="way back"') == 1
    assert ">return</text>" in drawn
    assert ">accept</text>" in drawn


def test_where_a_case_is_and_was_is_told_by_signs_not_by_colour_alone(loop):
    marks = Marks(current=frozenset({"read"}), visited=frozenset({"write"}))
    drawn = svg(loop, marks)

    assert "▶ ✎ Read" in drawn
    assert "✓ ✎ Write" in drawn
    assert "> Read - task" in outline(loop, marks)
    assert "✓ Write - task" in outline(loop, marks)


def test_counts_stand_in_their_boxes(loop):
    root = ET.fromstring(svg(loop, Marks(counts={"write": 12345})))
    box = next(one for one in root.iter(f"{SVG}rect") if "Write" in _words(root, one))
    without = ET.fromstring(svg(loop))
    plain = next(one for one in without.iter(f"{SVG}rect") if "Write" in _words(without, one))
    count = next(one for one in root.iter(f"{SVG}text") if one.get("class") == "count")

    assert count.text == "12345"
    assert float(box.get("width")) > float(plain.get("width"))


def _words(root, rectangle) -> str:
    x, y = float(rectangle.get("x")), float(rectangle.get("y"))
    return " ".join(
        one.text or ""
        for one in root.iter(f"{SVG}text")
        if x <= float(one.get("x")) <= x + float(rectangle.get("width"))
        and y <= float(one.get("y")) <= y + float(rectangle.get("height"))
    )


def test_the_picture_names_itself_and_what_it_shows(loop):
    root = ET.fromstring(svg(loop))

    assert root.get("role") == "img"
    assert root.find(f"{SVG}title").text == "A & B <loop>"
    assert "return → Write" in root.find(f"{SVG}desc").text


def test_on_a_page_it_brings_no_styles_and_alone_it_does(loop):
    assert "<style" not in svg(loop, style=False)
    assert "style=" not in svg(loop, style=False)
    assert stylesheet() in svg(loop)


def test_the_same_process_is_the_same_picture(loop):
    again = picture(load_text(LOOP, "loop").definition)

    assert svg(again) == svg(loop)
    assert mermaid(again) == mermaid(loop)
