"""The whole picture of a hard process, in every form, as somebody has looked at it.

`TENURE_WRITE_GOLDEN=1 pytest tests/diagram/test_golden.py` writes the files anew: look at them
before they are kept.
"""

import json
import os
import xml.etree.ElementTree as ET
from datetime import timedelta
from pathlib import Path

import pytest

from engine.diagram import Heat, Marks, as_data, mermaid, outline, picture, svg
from engine.loader import load_text

HERE = Path(__file__).parent
DAY = timedelta(days=1)
RUNNING = Marks(
    counts={"ask": 3, "manager_decides": 12, "prepare": 140, "prepare.papers.permit": 7},
    heat={
        "ask": Heat(wait=2.5 * DAY, target=7 * DAY),
        "manager_decides": Heat(wait=9 * DAY, target=5 * DAY),
        "talk": Heat(wait=DAY / 48, target=None),
    },
)
ONE = Marks(
    current=frozenset({"prepare", "prepare.papers", "prepare.papers.tax", "prepare.family"}),
    visited=frozenset({"ask", "estimate", "approve", "board", "prepare.papers.permit"}),
)
FORMS = {
    "svg": lambda drawn, marks: svg(drawn, marks) + "\n",
    "mmd": mermaid,
    "txt": outline,
    "json": lambda drawn, marks: json.dumps(as_data(drawn, marks), indent=1) + "\n",
}
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def relocation():
    source = (HERE / "examples" / "relocation.yaml").read_text("utf-8")
    return picture(load_text(source, "relocation.yaml").definition)


@pytest.mark.parametrize("marks", [RUNNING, ONE], ids=["running", "one"])
@pytest.mark.parametrize("ending", FORMS)
def test_the_picture_is_the_one_that_was_looked_at(relocation, marks, ending):
    name = "running" if marks is RUNNING else "one"
    kept = HERE / "golden" / f"relocation-{name}.{ending}"
    drawn = FORMS[ending](relocation, marks)
    if os.environ.get("TENURE_WRITE_GOLDEN"):
        kept.write_text(drawn, "utf-8")

    assert kept.read_text("utf-8") == drawn


def rectangle(element):
    return [float(element.get(name)) for name in ("x", "y", "width", "height")]


def overlap(one, other):
    return (
        min(one[0] + one[2], other[0] + other[2]) - max(one[0], other[0]) > 0.1
        and min(one[1] + one[3], other[1] + other[3]) - max(one[1], other[1]) > 0.1
    )


def test_no_label_of_a_way_covers_a_step_or_another_label(relocation):
    root = ET.fromstring(svg(relocation, RUNNING))
    rectangles = list(root.iter(f"{SVG}rect"))
    labels = [rectangle(one) for one in rectangles if one.get("class") == "behind"]
    steps = [
        rectangle(one)
        for one in rectangles
        if (one.get("class") or "").startswith("box") and "group" not in one.get("class")
    ]

    assert len(labels) == 10
    assert [label for label in labels for step in steps if overlap(label, step)] == []
    assert [a for i, a in enumerate(labels) for b in labels[i + 1 :] if overlap(a, b)] == []


def test_a_bar_is_as_long_as_the_wait_and_words_say_the_same(relocation):
    root = ET.fromstring(svg(relocation, RUNNING))
    bars = {
        kind: [
            float(one.get("width")) for one in root.iter(f"{SVG}rect") if one.get("class") == kind
        ]
        for kind in ("track", "within", "over")
    }
    texts = [one.text for one in root.iter(f"{SVG}text")]

    assert len(bars["track"]) == 2  # where there is no target, there is nothing to measure against
    assert bars["within"][0] / bars["track"][0] == pytest.approx(2.5 / 7 / 2, abs=0.01)
    assert bars["over"][0] / bars["track"][1] == pytest.approx(9 / 5 / 2, abs=0.01)
    assert "waits 9 of 5 days, too long" in texts
    assert "waits less than an hour" in texts
    assert "bar: the median wait; the upright line in its middle is the target" in texts


def test_an_outline_tells_counts_and_waits_to_who_does_not_see(relocation):
    told = outline(relocation, RUNNING)

    assert "Manager decides (12 open, waits 9 of 5 days, too long) - task" in told


def test_the_picture_in_the_documentation_is_this_one():
    shown = HERE.parents[1] / "docs" / "images" / "process-running.svg"

    assert shown.read_text("utf-8") == (HERE / "golden" / "relocation-running.svg").read_text()
