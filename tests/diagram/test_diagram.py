"""A picture shows what the author wrote, in every form, and where a case stands."""

import xml.etree.ElementTree as ET
from importlib.resources import files

import graphlay
import pytest

from engine.diagram import BoxKind, Marks, mermaid, outline, picture, svg
from engine.loader import load_text

PROCESS = """
process: holiday
version: 1
subject: person
states:
  ask: {task: {to: subject, fields: {from: {type: date}, days: {type: integer}}}}
  decide:
    task: {to: subject.manager, due: 5 workdays, buttons: [approve, refuse, return]}
    on: {approve: both, refuse: refused, return: ask}
    late: {after: 3 workdays, go: refused}
  both:
    parallel:
      plan: {task: {to: subject}}
      tell:
        each: peer in data.peers
        task: {to: peer}
  gone: {wait: {for: holiday.over}}
  done_with: {end: done}
  refused: {end: refused}
data:
  peers: {type: people, from: start}
on: {person.left: {end: left}}
"""


@pytest.fixture
def holiday():
    loaded = load_text(PROCESS, "holiday.yaml")
    assert loaded.definition, loaded.diagnostics
    return picture(loaded.definition)


def test_the_outline_tells_the_whole_process(holiday):
    expected = """\
Holiday
  Ask - task, subject - → Decide
> Decide - task, subject.manager - approve → Both; refuse / 3 workdays late → Refused; return → Ask
  Both - at the same time - → Gone
✓   Plan - task, subject
    Tell (3 open) - a task for each, peer
  Gone - waits until holiday.over - → Done with
  Done with - end
  Refused - end
  anywhere: person.left - left
"""
    marks = Marks(
        current=frozenset({"decide"}), visited=frozenset({"both.plan"}), counts={"both.tell": 3}
    )

    assert outline(holiday, marks) == expected


def test_a_branch_and_its_body_are_one_box(holiday):
    kinds = {box.id: box.kind for box in holiday.boxes}

    assert kinds["both"] == BoxKind.BRANCHES
    assert kinds["both.plan"] == BoxKind.TASK
    assert kinds["both.tell"] == BoxKind.EACH
    assert not [state for state in kinds if "$" in state or state.endswith(".task")]


def test_only_ways_to_something_earlier_are_backward(holiday):
    assert [(way.source, way.target) for way in holiday.arrows if way.back] == [("decide", "ask")]


def test_the_svg_is_well_formed_and_says_where_the_case_is(holiday):
    root = ET.fromstring(svg(holiday, Marks(current=frozenset({"decide"}))))
    texts = [element.text for element in root.iter("{http://www.w3.org/2000/svg}text")]

    assert "▶ ✎ Decide" in texts
    boxes = [
        rect
        for rect in root.iter("{http://www.w3.org/2000/svg}rect")
        if rect.get("class", "").startswith("box")
    ]
    assert len(boxes) == 8
    assert root.find("{http://www.w3.org/2000/svg}desc").text == outline(
        holiday, Marks(current=frozenset({"decide"}))
    )


def test_everything_drawn_lies_inside_the_picture(holiday):
    root = ET.fromstring(svg(holiday))
    left, top, width, height = map(float, root.get("viewBox").split())

    for rect in root.iter("{http://www.w3.org/2000/svg}rect"):
        x, y = float(rect.get("x")), float(rect.get("y"))
        assert left <= x
        assert x + float(rect.get("width")) <= left + width
        assert top <= y
        assert y + float(rect.get("height")) <= top + height


def test_without_the_layout_library_the_outline_is_drawn(holiday, monkeypatch):
    def refuse(*_, **__):
        raise graphlay.GraphlayError("no")

    monkeypatch.setattr(graphlay, "layout", refuse)

    root = ET.fromstring(svg(holiday))

    texts = [element.text for element in root.iter("{http://www.w3.org/2000/svg}text")]
    assert texts == outline(holiday).splitlines()


def test_mermaid_escapes_what_would_end_a_label(holiday):
    text = mermaid(holiday)

    assert 'state "Both" as s_both' in text
    assert "s_decide --> s_ask : return" in text


@pytest.mark.parametrize("name", ["onboarding", "pcer-year"])
def test_every_shipped_definition_can_be_drawn(name):
    source = files("definitions").joinpath(f"{name}.yaml").read_bytes()
    drawn = picture(load_text(source, name).definition)

    ET.fromstring(svg(drawn))

    assert drawn.first is not None
    assert {way.target for way in drawn.arrows} <= {box.id for box in drawn.boxes}
