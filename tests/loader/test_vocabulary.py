"""The loader, the published schema and the reference know the same keys."""

import re
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from engine.loader import LOADER_CODES, behaviour, load_text, schema, vocabulary
from engine.loader.keys import Block
from engine.loader.kinds import EACH_BODIES, KIND_KEYS, keys_of

REFERENCE = Path(__file__).parents[2] / "docs" / "reference" / "language.md"
LOADER = Path(__file__).parents[2] / "engine" / "loader"
BLOCKS = list(
    {
        block.name: block
        for module in (vocabulary, behaviour)
        for block in vars(module).values()
        if isinstance(block, Block)
    }.values()
)
STATES = [keys_of(kind) for kind in KIND_KEYS if kind != "each"] + [
    keys_of("each", body) for body in EACH_BODIES
]


def test_the_schema_is_a_schema():
    Draft202012Validator.check_schema(schema())


@pytest.mark.parametrize("block", BLOCKS + STATES, ids=lambda block: block.name)
def test_the_schema_has_every_key_with_its_sentence(block: Block):
    found = schema() if block.name == "process" else schema()["$defs"][block.name]

    assert tuple(found["properties"]) == block.names
    for key in block.keys:
        assert found["properties"][key.name]["description"] == key.about
        assert key.about.endswith(".")


def test_all_references_of_the_schema_lead_somewhere():
    text = repr(schema())

    assert set(re.findall(r"#/\$defs/(\w+)", text)) <= set(schema()["$defs"])


@pytest.mark.parametrize(
    "key", sorted({key.name for block in BLOCKS + STATES for key in block.keys})
)
def test_the_reference_tells_of_every_key(key: str):
    assert re.search(rf"`[^`\n]*\b{key}\b[^`\n]*`|^ *{key}:", REFERENCE.read_text(), re.MULTILINE)


def test_every_code_is_used_and_every_used_code_is_explained():
    source = "".join(path.read_text() for path in LOADER.glob("*.py") if path.name != "codes.py")
    used = set(re.findall(r'"([EW]2\d\d)"', source))

    assert used == set(LOADER_CODES)


def test_what_an_editor_would_mark_is_refused_by_the_loader_too():
    wrong = {
        "an unknown key": "task: {to: subject, colour: red}",
        "two kinds": "task: {to: subject}, wait: {until: today}",
        "a wrong word": "task: {to: subject, pick: some}",
        "a late without after": "task: {to: subject, due: 1 day}, late: {tell: subject}",
    }
    for body in wrong.values():
        text = f"process: odd\nversion: 1\nstates:\n  a: {{{body}}}\n  b: {{end: done}}\n"
        found = load_text(text, "odd.yaml")
        document = {
            "process": "odd",
            "version": 1,
            "states": {"a": _flow(body), "b": {"end": "done"}},
        }

        assert found.definition is None
        assert not Draft202012Validator(schema()).is_valid(document)


def _flow(body: str) -> object:
    from engine.document import parse
    from engine.loader.later import plain

    return plain(parse(f"{{{body}}}", "body.yaml").root)
