"""Whatever stands in a file, loading it gives a definition or reasons, and never an exception."""

import random
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from engine.document import Severity, parse
from engine.loader import Loaded, load_text, schema
from engine.loader.later import plain

SCHEMA = Draft202012Validator(schema())
EXAMPLES = [p.read_text() for p in sorted((Path(__file__).parent / "examples").glob("*.yaml"))]
WORDS = [
    "task",
    "each",
    "parallel",
    "states",
    "wait",
    "decide",
    "do",
    "start",
    "advise",
    "end",
    "on",
    "then",
    "late",
    "remind",
    "after",
    "every",
    "set",
    "undo",
    "if",
    "unless",
    "text",
    "enough",
    "quorum",
    "form",
    "fields",
    "data",
    "people",
    "to",
    "due",
    "buttons",
    "submit",
    "next",
    "done",
    "rating",
    "manager",
    "subject",
    "true",
    "3",
    "null",
    "[]",
    "{}",
    "data.rating",
    "5~workdays",
    "peer~in~data.peers",
]
SMALL = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


def check(found: Loaded) -> None:
    errors = [d for d in found.diagnostics if d.severity is Severity.ERROR]
    assert (found.definition is None) == bool(errors)
    places = [(d.span.line, d.span.column) for d in found.diagnostics]
    assert places == sorted(places)
    for diagnostic in found.diagnostics:
        assert diagnostic.message
        assert diagnostic.span.line >= 1
        assert diagnostic.span.column >= 1


def mutated(text: str, seed: int, changes: int) -> str:
    """The text with words exchanged, lines moved, dropped or indented."""
    chance = random.Random(seed)
    lines = text.split("\n")
    for _ in range(changes):
        at = chance.randrange(len(lines))
        line = lines[at]
        match chance.randrange(7):
            case 0:
                del lines[at]
            case 1:
                lines.insert(chance.randrange(len(lines)), line)
            case 2:
                lines[at] = line[:-1] if chance.random() < 0.5 else f"  {line}"
            case 3 if line.split():
                old = chance.choice(line.split()).strip("{}[],:")
                if old:
                    lines[at] = line.replace(old, chance.choice(WORDS).replace("~", " "), 1)
            case 4 if line.split():
                old = chance.choice(line.split()).strip("{}[],:\"'")
                if len(old) > 1:
                    cut = chance.randrange(len(old))
                    lines[at] = line.replace(old, old[:cut] + old[cut + 1 :], 1)
            case 5 if ":" in line:
                lines[at] = line.split(":")[0] + ": " + chance.choice(WORDS).replace("~", " ")
            case _:
                other = chance.randrange(len(lines))
                lines[at], lines[other] = lines[other], lines[at]
        if not lines:
            return ""
    return "\n".join(lines)


@SMALL
@given(st.sampled_from(EXAMPLES), st.integers(0, 2**32), st.integers(1, 6))
def test_a_mutated_definition_is_loaded_or_refused(text: str, seed: int, changes: int):
    check(load_text(mutated(text, seed, changes), "mutated.yaml"))


@SMALL
@given(st.sampled_from(EXAMPLES), st.integers(0, 2**32))
def test_what_loads_fits_the_published_schema(text: str, seed: int):
    changed = mutated(text, seed, 1)

    if load_text(changed, "mutated.yaml").definition is not None:
        document = plain(parse(changed, "mutated.yaml").root)
        assert [error.message for error in SCHEMA.iter_errors(document)] == []


tree = st.recursive(
    st.sampled_from(
        [*(word.replace("~", " ") for word in WORDS), "x", "''", "1.5", "'{{ data.x }}'"]
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda items: f"[{', '.join(items)}]"),
        st.dictionaries(
            st.sampled_from(
                [word for word in WORDS if word[0].isalpha() and word not in ("true", "null")]
            ),
            inner,
            max_size=4,
        ).map(lambda d: "{" + ", ".join(f"{k.replace('~', ' ')}: {v}" for k, v in d.items()) + "}"),
    ),
    max_leaves=12,
)


@SMALL
@given(
    st.lists(
        st.tuples(
            st.sampled_from(
                [
                    "process",
                    "version",
                    "subject",
                    "key",
                    "calendar",
                    "people",
                    "data",
                    "forms",
                    "states",
                    "on",
                    "records",
                    "starts",
                    "retention",
                    "migrate",
                    "tests",
                    "title",
                ]
            ),
            tree,
        ),
        max_size=8,
    )
)
def test_a_file_of_known_words_in_odd_places_is_loaded_or_refused(entries: list[tuple[str, str]]):
    lines = {name: f"{name}: {value}" for name, value in entries}

    check(load_text("\n".join(lines.values()) or "{}", "odd.yaml"))


@SMALL
@given(st.dictionaries(st.sampled_from(["a", "b", "c", "closed"]), tree, min_size=1, max_size=4))
def test_odd_states_are_loaded_or_refused(states: dict[str, str]):
    body = "".join(f"  {name}: {value}\n" for name, value in states.items())

    check(load_text(f"process: odd\nversion: 1\nstates:\n{body}", "odd.yaml"))


@SMALL
@given(st.text(max_size=200))
def test_any_text_is_loaded_or_refused(text: str):
    check(load_text(text, "any.yaml"))
