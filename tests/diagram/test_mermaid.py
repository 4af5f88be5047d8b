"""Mermaid itself reads what we write: the library, in a browser."""

from dataclasses import replace
from pathlib import Path

import pytest
from support.npm import Unavailable, package

from engine.diagram import Marks, mermaid, picture
from engine.loader import load_text

ROOT = Path(__file__).parents[2]
FILES = [
    *sorted((ROOT / "definitions").glob("*.yaml")),
    ROOT / "tests" / "diagram" / "examples" / "relocation.yaml",
    ROOT / "tests" / "loader" / "examples" / "every_kind.yaml",
]
HOSTILE = 'a "b" : c; --> d {e} [f] <g> %% h `i` | # & end \\ note'
VERSION = "11.12.0"


@pytest.fixture(scope="module")
def judge(browser):
    """Parses and draws; gives back the words that stand in the picture."""
    try:
        library = package("mermaid", VERSION) / "dist" / "mermaid.min.js"
    except Unavailable as why:
        pytest.skip(str(why))
    page = browser.new_page()
    page.set_content("<body></body>")
    page.add_script_tag(path=str(library))

    def drawn(text):
        return page.evaluate(
            """async (text) => {
                await mermaid.parse(text);
                const {svg} = await mermaid.render('picture', text);
                document.body.innerHTML = svg;
                return document.body.textContent;
            }""",
            text,
        )

    yield drawn
    page.close()


def of(file):
    return picture(load_text(file.read_text("utf-8"), file.name).definition)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_mermaid_draws_every_state(judge, file):
    drawn = of(file)
    here = frozenset(box.id for box in drawn.boxes[::2])
    been = frozenset(box.id for box in drawn.boxes) - here

    words = judge(mermaid(drawn, Marks(current=here, visited=been)))

    said = "".join(words.split())
    assert [box.label for box in drawn.boxes if "".join(box.label.split()) not in said] == []


def test_mermaid_shows_hostile_words_as_they_are(judge):
    drawn = of(FILES[-2])
    boxes = tuple(replace(box, label=HOSTILE) if box.id == "ask" else box for box in drawn.boxes)
    arrows = tuple(
        replace(way, label=HOSTILE) if way.source == "ask" else way for way in drawn.arrows
    )

    words = "".join(judge(mermaid(replace(drawn, boxes=boxes, arrows=arrows))).split())

    assert words.count("".join(HOSTILE.split())) == 2


def test_mermaid_refuses_what_is_wrong(judge):
    from playwright.sync_api import Error

    with pytest.raises(Error):
        judge("stateDiagram-v2\n  a --> : b {\n")
