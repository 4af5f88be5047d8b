"""The published schema makes any editor with yaml-language-server complete, explain and check."""

import re
import shutil
from pathlib import Path

import pytest
from support.lsp import Editor
from support.npm import Unavailable, package

from engine.loader import behaviour, kinds, vocabulary
from engine.loader.keys import Block
from engine.loader.kinds import KIND_KEYS
from tenure.cli import main

ROOT = Path(__file__).parents[2]
VERSION = "1.25.0"
MODELINE = "# yaml-language-server: $schema=process.schema.json\n"
HEAD = f"{MODELINE}process: a\nversion: 1\nsubject: person\n"
SOUND = [
    *sorted((ROOT / "definitions").glob("*.yaml")),
    *sorted((ROOT / "tests").glob("*/examples/*.yaml")),
    *sorted((ROOT / "tests").glob("*/sound/*.yaml")),
]


@pytest.fixture(scope="module")
def editor(tmp_path_factory):
    try:
        server = package("yaml-language-server", VERSION) / "bin" / "yaml-language-server"
    except Unavailable as why:
        pytest.skip(str(why))
    folder = tmp_path_factory.mktemp("processes")
    assert main(["schema", "--out", str(folder / "process.schema.json")]) == 0
    node = shutil.which("node")
    assert node is not None
    opened = Editor([node, str(server), "--stdio"], folder)
    yield opened
    opened.close()


def blocks():
    found = [
        value
        for module in (vocabulary, behaviour)
        for value in vars(module).values()
        if isinstance(value, Block)
    ]
    states = [kinds.keys_of(kind) for kind in KIND_KEYS if kind not in ("each", "advise")]
    return [*found, *behaviour.EFFECTS, *states, kinds.keys_of("each", "task")]


def test_it_offers_the_keys_of_a_definition(editor):
    offered = editor.completion(f"{MODELINE}process: a\n|")

    assert {key.name for key in vocabulary.TOP_KEYS.keys} - {"process"} <= set(offered)


def test_it_offers_every_kind_of_state(editor):
    offered = editor.completion(f"{HEAD}states:\n  ask:\n    |\n")

    assert set(KIND_KEYS) - {"advise"} <= set(offered)
    assert "One person, one answer." in str(offered["task"]["documentation"])


def test_it_offers_the_keys_of_a_task_and_not_of_others(editor):
    offered = editor.completion(f"{HEAD}states:\n  ask:\n    task:\n      to: subject\n      |\n")

    assert {"due", "form", "buttons", "anonymous"} <= set(offered)
    assert {"to", "states", "columns", "parallel"} & set(offered) == set()


def test_it_offers_the_types_of_fields(editor):
    offered = editor.completion(f"{HEAD}data:\n  mark:\n    type: |\n")

    assert {"scale", "yes_no", "people"} <= set(offered)


def test_it_explains_every_key_that_is_written(editor):
    text = (ROOT / "tests" / "loader" / "examples" / "every_kind.yaml").read_text("utf-8")
    said = {}
    for block in blocks():
        for key in block.keys:
            said.setdefault(key.name, []).append(words(key.about))
    text = text[: text.index("\nmigrate:")]  # what follows is not described key by key
    silent = []
    for found in re.finditer(r"(?m)(?<=[{ ,])([a-z_]+)(?=: )", text):
        name, at = found[1], found.start() + 1
        if name in said:
            told = words(editor.hover(f"{MODELINE}{text[:at]}|{text[at:]}"))
            if not any(about in told for about in said[name]):
                silent.append((text.count("\n", 0, at) + 1, name, told))

    assert silent == [], "\n".join(map(str, silent))


def words(text):
    return re.sub(r"[^a-z0-9]+", " ", text.lower()).strip()


@pytest.mark.parametrize("file", SOUND, ids=lambda file: file.stem)
def test_it_finds_nothing_to_say_about_a_sound_definition(editor, file):
    assert editor.problems(MODELINE + file.read_text("utf-8")) == []


@pytest.mark.parametrize(
    ("wrong", "line", "said"),
    [
        ("stats: {}\nstates: {a: {end: done}}", 5, "Property stats is not allowed."),
        ("states:\n  ask: {task: {to: subject, deu: 5 days}}", 6, "Property deu is not allowed."),
        ("states:\n  ask: {task: {to: subject}, remimd: [at due]}", 6, "remimd is not allowed"),
        ("states:\n  ask: {tsk: {to: subject}}", 6, "Property tsk is not allowed."),
        ("states:\n  ask: {task: {to: subject}, end: done}", 6, "Property end is not allowed."),
        ("data: {x: {type: texxt}}\nstates: {a: {end: done}}", 5, "Value is not accepted."),
        ("version: two\nstates: {a: {end: done}}", 5, "Map keys must be unique"),
        ("states:\n  a: {end: done}\nforms: {f: {feilds: [a]}}", 7, "feilds is not allowed"),
    ],
)
def test_it_underlines_what_is_wrong_in_its_line(editor, wrong, line, said):
    found = [
        (problem["range"]["start"]["line"] + 1, problem["message"])
        for problem in editor.problems(f"{HEAD}{wrong}\n")
    ]

    assert [message for at, message in found if at == line and said in message], found


def test_the_page_about_editors_shows_the_line_that_is_meant():
    page = (ROOT / "docs" / "reference" / "editor.md").read_text("utf-8")

    assert MODELINE in page
    assert "tenure schema --out process.schema.json" in page
