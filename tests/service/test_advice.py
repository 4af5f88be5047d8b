"""Analytics ask, a person decides: what is kept, shown and never moved by what was found."""

import orjson
import pytest
from sqlmodel import col, select
from support.invariants import check_everything
from support.world import World

from analytics import ANALYTICS
from engine.loader import load_text
from engine.queries.advice import AdviceGiven, advice_given
from engine.service.tools import Tools
from engine.store.tables import EventRow, OutboxRow, TaskRow

SPANS = """
process: spans
version: 1
subject: none
states:
  look:
    advise: {run: span_of_control, with: {most: "2"}, to: {role: it-desk}, title: Look at the spans}
    on: {accept: talk, dismiss: closed, other: closed}
  talk: {task: {to: {role: it-desk}, title: "Talk: {{ look.reason }}"}}
  closed: {end: done}
"""


def given(world: World, name: str = "SPA-0001") -> AdviceGiven:
    number = world.case(name).id
    with world.database.read() as session:
        (found,) = advice_given(session, number)
    return found


def begun(world: World) -> AdviceGiven:
    world.publish(SPANS)
    world.start("spans", None)
    return given(world)


def test_the_input_is_frozen_hashed_and_gives_the_same_again(world: World):
    found = begun(world)

    assert (found.task, found.analytic, found.rows) == ("look#1", "span_of_control", 6)
    assert found.kept["parameters"] == {"least": 3, "most": 2}
    assert found.kept["input"][0] == {"person": "p_ann", "manager": "p_bob", "unit": "Sales"}
    assert found.unaltered
    again = ANALYTICS["span_of_control"].run(found.kept["input"], found.kept["parameters"])
    assert again == found.kept["findings"]
    check_everything(world.database)


def test_a_changed_input_is_seen(world: World):
    found = begun(world)
    found.kept["input"][0]["manager"] = "p_eve"

    assert not found.unaltered


def test_what_is_personal_stands_in_the_private_part_alone(world: World):
    begun(world)
    with world.database.read() as session:
        row = session.exec(select(EventRow).where(col(EventRow.kind) == "advice.given")).one()

    assert orjson.loads(row.public) == {
        "analytic": "span_of_control",
        "findings": 4,
        "rows": 6,
        "version": 1,
    }
    assert row.commitment is not None


def test_findings_are_no_part_of_the_case_and_no_letter_carries_them(world: World):
    found = begun(world)
    world.later(days=400)
    world.advance()

    snapshot = world.case("SPA-0001").snapshot
    assert '"configuration":["look"]' in snapshot
    words = [line.sentence for line in found.lines(lambda _, subject: subject)]
    letters = "".join(str(row.payload) for row in world.rows(OutboxRow))
    assert words
    assert [each for each in words if each in snapshot or each in letters] == []


def test_a_person_decides_and_their_reason_is_read_later(world: World):
    begun(world)
    world.answer("look", "eve", "accept", reason="bob has far too many people")

    assert world.case("SPA-0001").outcome is None
    task = world.task("talk")
    with world.database.read() as session:
        title = session.exec(select(TaskRow.title).where(TaskRow.public_id == task)).one()
    assert title == "Talk: bob has far too many people"
    check_everything(world.database)


def test_ratings_are_those_that_are_valid_now_of_people_who_work_here(world: World):
    world.publish(
        """
process: rate
version: 1
subject: person
data: {mark: {type: integer, from: start}}
states: {closed: {end: done}}
records: {rating: {of: subject, value: data.mark, valid: 12 months}}
"""
    )
    world.publish(SPANS.replace('span_of_control, with: {most: "2"}', "rating_distribution"))
    world.start("rate", "p_ann", mark=2)
    world.start("rate", "p_dan", mark=4)
    world.later(days=300)
    world.start("rate", "p_ann", mark=5)
    world.later(days=100)  # what was said of dan is not valid any more
    world.start("spans", None)

    assert given(world).kept["input"] == [{"person": "p_ann", "unit": "Sales", "value": 5}]


def test_waiting_times_are_those_of_the_process(world: World):
    world.publish(SPANS.replace('span_of_control, with: {most: "2"}', "waiting_times"))
    world.start("spans", None)
    world.later(days=3)
    world.start("spans", None)

    (first,) = given(world, "SPA-0002").kept["input"]
    assert first["state"] == "look"
    assert first["until"] - first["opened_at"] == 3 * 86_400_000_000


def test_an_analytic_that_is_not_installed_stops_the_start_with_a_sentence(world: World):
    world.publish(SPANS)
    tools = world.service.tools
    bare = Tools(directory=tools.directory, entropy=tools.entropy, definitions=tools.definitions)
    object.__setattr__(world.service, "tools", bare)

    with pytest.raises(Exception, match="The analytic span_of_control is not installed here"):
        world.start("spans", None)


@pytest.mark.parametrize(
    ("old", "new", "code", "sentence"),
    [
        ("run: span_of_control, ", "", "E203", "`advise` needs `run`"),
        ("span_of_control", "span_of_contrl", "E205", "the analytic"),
        ("most:", "mst:", "E202", "the parameter of `span_of_control`"),
        ('most: "2"', "most: '\"2\"'", "E304", "`most` is a number, and this gives text"),
        ("with:", "form: x, with:", "E202", "the key `form` does not exist in `advise`"),
        ("accept: talk", "accpt: talk", "E214", "accpt"),
    ],
)
def test_advice_that_cannot_be_read_is_refused(old, new, code, sentence):
    found = load_text(SPANS.replace(old, new), "spans.yaml")

    errors = [d for d in found.diagnostics if d.code.startswith("E")]
    assert [(d.code, sentence in d.message) for d in errors] == [(code, True)]
