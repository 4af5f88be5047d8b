"""The processes that the documentation shows are sound, and go as their scenarios say."""

import re
from pathlib import Path

import pytest

from engine.loader import load_text
from engine.scenarios import play_all
from engine.verify import verify

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "language.md"
WHOLE = re.findall(r"```yaml\n(process: .*?)```", PAGE.read_text("utf-8"), flags=re.DOTALL)


@pytest.mark.parametrize("source", WHOLE, ids=lambda source: source.split()[1])
def test_a_process_of_the_reference_is_sound_and_plays(source):
    loaded = load_text(source, "example.yaml")

    assert verify(loaded) == ()
    assert [result.failure for result in play_all(loaded).results if result.failure] == []


def test_they_are_all_found():
    assert {source.split()[1] for source in WHOLE} >= {"laptop-return", "pulse", "expenses"}
