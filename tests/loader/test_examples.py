"""Every example of the language loads, fits the published schema, and is the chart it should be."""

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from engine.core.chart import Shape, TriggerKind
from engine.core.time import Unit
from engine.document import Severity, parse
from engine.loader import Loaded, load_text, schema
from engine.loader.later import plain

HERE = Path(__file__).parent / "examples"
EXAMPLES = sorted(HERE.glob("*.yaml"))


def loaded(name: str) -> Loaded:
    path = HERE / f"{name}.yaml"
    return load_text(path.read_bytes(), path.name)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_loads_without_errors(path: Path):
    found = load_text(path.read_bytes(), path.name)

    assert [d for d in found.diagnostics if d.severity is Severity.ERROR] == []
    assert found.definition is not None


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_fits_the_published_schema(path: Path):
    document = plain(parse(path.read_text(), path.name).root)

    errors = [error.message for error in Draft202012Validator(schema()).iter_errors(document)]

    assert errors == []


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_the_index_of_a_state_is_its_place_in_document_order(path: Path):
    definition = load_text(path.read_bytes(), path.name).definition
    assert definition is not None
    order = []

    def walk(index: int) -> None:
        order.append(index)
        for child in definition.states[index].children:
            walk(child)

    walk(0)

    assert order == list(range(len(definition.states)))
    assert [state.index for state in definition.states] == order
    for state in definition.states[1:]:
        assert state.parent is not None
        assert state.index in definition.states[state.parent].children
    assert len({state.id for state in definition.states}) == len(definition.states)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_every_shape_has_the_children_that_the_algorithm_expects(path: Path):
    definition = load_text(path.read_bytes(), path.name).definition
    assert definition is not None

    for state in definition.states:
        kinds = [definition.states[child].shape for child in state.children]
        match state.shape:
            case Shape.COMPOUND:
                assert len(state.initial) == 1
                assert state.initial[0] in state.children
            case Shape.EACH:
                assert kinds == [Shape.COMPOUND]
                assert definition.states[state.children[0]].name == "item"
                assert state.each is not None
            case Shape.PARALLEL:
                assert kinds
                assert set(kinds) <= {Shape.COMPOUND, Shape.PARALLEL, Shape.EACH}
            case Shape.ATOMIC | Shape.FINAL | Shape.HISTORY:
                assert kinds == []
        rules = {rule.id for rule in state.timers}
        timers = {t.trigger.name for t in state.transitions if t.trigger.kind is TriggerKind.TIMER}
        assert timers <= rules
        assert rules - timers <= {"until"}


def test_a_linear_process_needs_no_arrows():
    definition = loaded("laptop_return").definition
    assert definition is not None

    ways = {
        state.id: [definition.states[t.targets[0]].id for t in state.transitions]
        for state in definition.states
        if state.shape is Shape.ATOMIC
    }

    assert ways == {"ask": ["check"], "check": ["closed"]}
    assert definition.title == "Laptop return"
    assert definition.forms["laptop_return"].fields[1].required is False
    assert definition.states[2].task is not None
    assert definition.states[2].task.due is not None
    assert definition.states[2].task.due.phrase == "3 workdays"


def test_the_complete_example_becomes_the_agreed_chart():
    definition = loaded("performance_year").definition
    assert definition is not None

    shapes = {s.id: (s.shape.value, s.hidden) for s in definition.states if s.id[:8] == "evaluate"}

    assert shapes == {
        "evaluate": ("parallel", False),
        "evaluate.self": ("compound", False),
        "evaluate.self.task": ("atomic", True),
        "evaluate.self.$done": ("final", True),
        "evaluate.peers": ("each", False),
        "evaluate.peers.item": ("compound", True),
        "evaluate.peers.item.task": ("atomic", True),
        "evaluate.peers.item.$done": ("final", True),
    }
    assert definition.key == ("cycle", "subject")
    assert definition.person_depth == 2
    assert definition.data["rating"].until == "talk"
    assert [state.id for state in definition.states if state.hidden and state.parent == 0] == [
        "$withdrawn",
        "$cancelled",
    ]
    (record,) = definition.records
    assert record.save.valid is not None
    assert (record.save.valid.amount, record.save.valid.unit) == (12, Unit.MONTHS)
    assert record.save.attributes["calibrated"].source == "true"


def test_the_only_thing_the_complete_example_is_told_is_that_nothing_can_be_undone():
    assert [d.code for d in loaded("performance_year").diagnostics] == ["W203"]


def test_places_tests_and_later_blocks_are_handed_on():
    found = loaded("every_kind")

    assert found.sources.states["look.together.opinions"].line == 77
    assert found.tests is not None
    assert plain(found.tests)[0]["name"] == "nothing happens"
    assert found.later["retention"] == {"answers": "2 years", "mails": "P6M"}
    assert [(each.version, each.sent[0].old, each.sent[0].to) for each in found.migrations] == [
        (1, "old", "begin")
    ]


def test_the_published_schema_is_the_generated_one():
    path = Path(__file__).parents[2] / "definitions" / "schema.json"

    assert json.loads(path.read_text()) == schema()
