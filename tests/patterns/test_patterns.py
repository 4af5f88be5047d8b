"""Each workflow pattern is a definition whose tests show it, or is left out for a reason.

`TENURE_WRITE_DOCS=1 pytest tests/patterns` writes the rows of the page's files anew.
"""

import os
import re
from functools import cache
from pathlib import Path

import pytest

from engine.loader import Loaded, load_text
from engine.scenarios import play_all
from engine.verify import verify

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
PAGE = ROOT / "docs" / "reference" / "patterns.md"
FILES = sorted(HERE.glob("*/*.yaml"))
SHORT = {"control": "WCP", "resource": "WRP"}
ROW = re.compile(r"^\| (\d+) \| (.+?) \| (.+) \|$", re.MULTILINE)
LINK = re.compile(r"\[(.+)\]\((.+)\)")
LEFT_OUT = re.compile(r"Left out: \S.{30,}\.")

every_file = pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)


@cache
def loaded(path: Path) -> Loaded:
    return load_text(path.read_bytes(), path.name)


@every_file
def test_a_pattern_has_nothing_to_be_told_about(path):
    assert loaded(path).diagnostics == ()
    assert verify(loaded(path)) == ()


@every_file
def test_the_plays_of_a_pattern_go_as_written(path):
    results = play_all(loaded(path)).results

    assert results
    assert [result.failure for result in results if result.failure] == []


@every_file
def test_the_last_word_of_a_play_is_an_expectation(path):
    """A play that expects nothing would pass whatever the definition did."""
    expects = [
        any(e.key.text == "expect" for e in each.entries) for each in loaded(path).tests.items
    ]

    assert all(expects)


@every_file
def test_file_process_and_title_are_of_one_pattern(path):
    found = loaded(path).definition
    short = SHORT[path.parent.name]

    assert found.process == f"{short.lower()}-{path.stem}"
    assert re.fullmatch(rf"{short}-{int(path.stem[:2])} \S.+", found.title)


@pytest.mark.parametrize("kind", SHORT)
def test_no_two_files_show_the_same_pattern(kind):
    numbers = [path.stem[:2] for path in of_kind(kind)]

    assert len(numbers) == len(set(numbers))


@pytest.mark.parametrize("kind", SHORT)
def test_the_rows_of_the_page_are_those_of_the_files(kind):
    rows = {path: row_of(path) for path in of_kind(kind)}
    if os.environ.get("TENURE_WRITE_DOCS"):
        write(rows)
    shown = [line for line in section(kind).splitlines() if "](../../tests/patterns/" in line]

    assert shown == list(rows.values())


def test_every_control_flow_pattern_is_shown_or_left_out_for_a_reason_once():
    rows = ROW.findall(section("control"))

    assert [int(number) for number, _, _ in rows] == list(range(1, 44))
    assert [
        number
        for number, name, how in rows
        if not LINK.fullmatch(name) and not LEFT_OUT.fullmatch(how)
    ] == []


def of_kind(kind: str) -> list[Path]:
    return [path for path in FILES if path.parent.name == kind]


def section(kind: str) -> str:
    """The part of the page with the table of a kind of patterns."""
    for part in PAGE.read_text("utf-8").split("\n## "):
        if f"\n| {SHORT[kind]} |" in part:
            return part
    raise AssertionError(f"{PAGE.name} has no table for {SHORT[kind]}")


def row_of(path: Path) -> str:
    found = loaded(path).definition
    name = found.title.partition(" ")[2]
    link = f"[{name}](../../{path.relative_to(ROOT)})"
    return f"| {int(path.stem[:2])} | {link} | {found.description} |"


def write(rows: dict[Path, str]) -> None:
    """Rows that are there are written anew; a new one goes by hand where its number stands."""
    text = PAGE.read_text("utf-8")
    for path, row in rows.items():
        link = re.escape(f"](../../{path.relative_to(ROOT)})")
        text = re.sub(rf"^\|.*{link}.*$", lambda _, row=row: row, text, flags=re.MULTILINE)
    PAGE.write_text(text, "utf-8")
