"""An event survives the inbox, and a replay of the history gives the same case."""

from datetime import UTC, datetime

import orjson
from hypothesis import given
from hypothesis import strategies as st
from support.invariants import check_everything
from support.processes import QUEUE, RATING, WAITING
from support.world import World

from engine.audit.told import read_told
from engine.core.event_codec import decode_event, encode_event
from engine.core.events import (
    CaseCancelled,
    CaseStarted,
    DirectoryChanged,
    SignalArrived,
    SubcaseClosed,
    TaskAnswered,
    TaskClaimed,
    TaskReassigned,
    TimerCameDue,
)
from engine.core.snapshot import CaseFacts
from engine.service.history import Origin, first_line
from engine.store import to_micros

instants = st.datetimes(
    min_value=datetime(1990, 1, 1), max_value=datetime(2200, 1, 1), timezones=st.just(UTC)
)
texts = st.text(max_size=12)
perhaps = st.none() | texts
values = st.none() | st.booleans() | st.integers(-(2**53), 2**53) | texts
bodies = st.dictionaries(texts, values | st.lists(values, max_size=3), max_size=4)
cases = st.builds(
    CaseFacts, id=texts, subject=perhaps, opened_by=perhaps, opened_at=instants, key=perhaps
)
events = (
    st.builds(CaseStarted, case=cases, data=bodies)
    | st.builds(TaskAnswered, task=texts, button=texts, answers=bodies, by=texts, at=instants)
    | st.builds(TimerCameDue, timer=texts, at=instants)
    | st.builds(SignalArrived, name=texts, body=bodies, at=instants)
    | st.builds(SubcaseClosed, subcase=texts, outcome=texts, data=bodies, at=instants)
    | st.builds(TaskClaimed, task=texts, by=texts, at=instants)
    | st.builds(TaskReassigned, task=texts, to=texts, by=perhaps, reason=texts, at=instants)
    | st.builds(DirectoryChanged, at=instants)
    | st.builds(CaseCancelled, by=perhaps, reason=texts, at=instants)
)


@given(events)
def test_an_event_survives_json(event):
    assert decode_event(orjson.loads(orjson.dumps(encode_event(event)))) == event


@given(events, instants, perhaps)
def test_the_first_line_of_a_macrostep_gives_its_event_back(event, now, actor):
    line = first_line(event, {}, Origin(actor=actor), to_micros(now))
    told = read_told(
        kind=line.kind,
        at=line.at,
        actor=line.actor,
        object=line.object,
        public=orjson.loads(orjson.dumps(line.public)),
        private=orjson.loads(orjson.dumps(line.private)),
    )

    assert (told.event, told.now) == (event, now)


def test_what_the_columns_of_a_line_say_is_not_written_into_its_private_part():
    at = datetime(2027, 3, 1, 9, tzinfo=UTC)
    event = TaskAnswered(task="rate#1", button="submit", answers={"mark": 4}, by="p_bob", at=at)

    punctual = first_line(event, {}, Origin(actor="p_bob"), to_micros(at))
    late = first_line(event, {}, Origin(actor="p_bob"), to_micros(at) + 5)

    assert punctual.private == {"event": {"answers": {"mark": 4}}}
    assert late.private == {"event": {"answers": {"mark": 4}, "at": to_micros(at)}}


def test_a_busy_day_leaves_a_database_that_agrees_with_itself(world: World):
    for source in (RATING, QUEUE, WAITING):
        world.publish(source)
    rated = world.start("rating", cycle="2027")
    queued = world.start("equipment")
    world.start("calibration")
    world.later(hours=1).answer("rate", "bob", mark=5)
    world.service.reassign(world.task("second"), "p_eve", "p_cy", "away", world.now)
    world.answer("second", "eve", button="reject", mark=2)
    world.service.claim(world.task("prepare"), "p_fay", world.now)
    world.later(hours=1).answer("begin", "ann")
    for row in world.service.claim_outbox(2, world.now - world.now, "w", world.now):
        world.service.brief(row.id, world.now)
        world.service.sent(row.id, world.now)
    world.service.signal("person.left", {"person": "p_ann"}, "p_ann", None, world.now)
    world.advance()
    world.service.cancel(queued, "p_eve", "gone", world.now)

    assert world.case(rated).outcome == "withdrawn"
    check_everything(world.database)
