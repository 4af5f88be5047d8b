"""Every whole definition in the reference loads, and its own tests hold."""

import re
from pathlib import Path

import pytest

from engine.document import Severity
from engine.loader import load_text
from engine.scenarios import play_all

REFERENCE = Path(__file__).parents[2] / "docs" / "reference"
WHOLE = re.compile(r"```yaml\n(process: .*?)```", re.DOTALL)
EXAMPLES = [
    pytest.param(source, id=f"{page.stem}-{number}")
    for page in sorted(REFERENCE.glob("*.md"))
    for number, source in enumerate(WHOLE.findall(page.read_text("utf-8")), start=1)
]


def test_there_are_examples():
    assert len(EXAMPLES) >= 2


@pytest.mark.parametrize("source", EXAMPLES)
def test_an_example_of_the_reference_loads_and_plays(source: str):
    loaded = load_text(source, "example.yaml")

    assert [d.message for d in loaded.diagnostics if d.severity is Severity.ERROR] == []
    report = play_all(loaded)
    assert [(each.name, each.failure) for each in report.results if each.failure] == []
