"""The page of figures defines exactly those that there are, in the words of the program."""

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path

from analytics.insight import ABSENT, DETECTORS, EVENTS, GROUPS, METRICS, RECORDS, known_names
from tenure.settings import Settings

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "insight.md"
MARK = "<!-- insight -->"
WORDS = {
    "high": "more is better",
    "low": "less is better",
    "neither": "neither more nor less is better",
}


def sections() -> Iterator[str]:
    for title, figures in GROUPS:
        yield f"## {title}"
        for one in figures:
            yield f"### `{one.name}`: {one.title} ({one.id})"
            yield one.definition
            yield f"Mind: {one.trap}"
            small = "; of fewer than 5 people it is not told" if one.personal else ""
            reads = ", ".join(f"`{name}`" for name in one.reads) or "the directory, or all cases"
            yield f"Of {one.of}; {WORDS[one.better]}{small}. Reads {reads}."
    yield "## What did not happen"
    for each in DETECTORS.values():
        yield f"### `{each.name}`: {each.title} ({each.id})"
        yield each.rule
        yield f"The way out: {each.way_out} Reads {', '.join(f'`{name}`' for name in each.reads)}."
    yield "## What is not told, and why"
    yield "\n".join(f"* {one.title} ({one.id}): {one.why}" for one in ABSENT)


def test_the_page_defines_every_figure_and_detector():
    before, _, written = PAGE.read_text("utf-8").partition(MARK)
    made = "\n\n".join(sections())
    if os.environ.get("TENURE_WRITE_DOCS"):
        PAGE.write_text(f"{before}{MARK}\n\n{made}\n", "utf-8")
        written = made

    assert written.strip() == made


def test_every_name_that_is_read_can_be_called_otherwise():
    read = {name for one in (*METRICS.values(), *DETECTORS.values()) for name in one.reads}

    assert read - {*known_names()} == set()


def test_the_names_of_the_example_are_read():
    (example,) = re.findall(r"TENURE_INSIGHT_NAMES=(.*)", PAGE.read_text("utf-8"))

    settings = Settings(insight_names=json.loads(example))

    assert settings.insight_names["rating"] == "mark"


def test_every_event_and_record_stands_in_the_table_of_what_it_has_to_carry():
    text = PAGE.read_text("utf-8").partition("## Compute it again")[0]
    read = {name for one in (*METRICS.values(), *DETECTORS.values()) for name in one.reads}

    assert {name for name in read & {*EVENTS, *RECORDS} if f"`{name}`" not in text} == set()
