"""Every whole definition in the reference loads, and its own tests hold."""

import re
from pathlib import Path

import pytest

from engine.document import Mapping, Node, Sequence, Severity, parse
from engine.loader import behaviour, load_text, vocabulary
from engine.loader.keys import Block
from engine.loader.kinds import EACH_BODIES, KIND_KEYS, keys_of
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


# Told of in the reference, without a whole definition that uses them yet.
NOT_SHOWN = {"assurance"}


def keys_in(node: Node) -> set[str]:
    match node:
        case Mapping():
            inner = [keys_in(entry.value) for entry in node.entries]
            return set(node.names).union(*inner)
        case Sequence():
            return set().union(*(keys_in(item) for item in node.items))
        case _:
            return set()


def test_every_key_of_the_language_is_used_in_an_example():
    blocks = [
        block
        for module in (vocabulary, behaviour)
        for block in vars(module).values()
        if isinstance(block, Block)
    ]
    blocks += [keys_of(kind) for kind in KIND_KEYS if kind != "each"]
    blocks += [keys_of("each", body) for body in EACH_BODIES]
    known = {key.name for block in blocks for key in block.keys}
    used = set().union(*(keys_in(parse(each.values[0], "example.yaml").root) for each in EXAMPLES))

    assert known - used - NOT_SHOWN == set()
