"""What the lowering makes of a definition is played, so that the chart means what was written."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Any

from engine.core.chart import Definition
from engine.core.effects import OpenIncident, Tell
from engine.core.events import (
    CaseCancelled,
    CaseStarted,
    Event,
    SignalArrived,
    TaskAnswered,
    TimerCameDue,
)
from engine.core.snapshot import CaseFacts, Snapshot
from engine.core.step import Step, step
from engine.loader import load_text

MONDAY = datetime(2027, 3, 1, 9, tzinfo=UTC)
MANAGERS = {"ann": "bob", "bob": "cy", "cy": None, "dan": "bob", "eve": "bob"}


@dataclass(kw_only=True)
class EveryDay:
    """A calendar without weekends."""

    zone: tzinfo = UTC

    def add_workdays(self, day: date, count: int) -> date:
        return day + timedelta(days=count)

    def workdays_between(self, start: date, end: date) -> int:
        return (end - start).days


class Directory:
    def person(self, person: str) -> Mapping[str, Any] | None:
        if person not in MANAGERS:
            return None
        flat = {"id": person, "name": person.title(), "manager": MANAGERS[person]}
        return {**flat, "department": "sales", "location": "berlin", "country": "DE"}

    def holders(self, role: str, of: str | None) -> tuple[str, ...]:
        return ("eve",)

    def members(self, queue: str) -> tuple[str, ...]:
        return ("dan", "eve")

    def pooled(self, pool, *, people, least):
        return ()

    def record(self, kind: str, about: str) -> None:
        return None

    def stand_in(self, person: str) -> str | None:
        return None

    def calendar(self, location: str | None) -> EveryDay:
        return EveryDay()


@dataclass(kw_only=True)
class Story:
    definition: Definition
    now: datetime = MONDAY
    snapshot: Snapshot | None = None
    last: Step | None = None

    def play(self, event: Event) -> "Story":
        self.last = step(self.definition, self.snapshot, event, self.now, Directory())
        self.snapshot = self.last.snapshot
        return self

    def answer(self, place: str, button: str = "submit", **answers: Any) -> "Story":
        assert self.snapshot is not None
        (task,) = [t for t in self.snapshot.tasks.values() if t.place in (place, f"{place}.task")]
        by = task.owners[0]
        return self.play(
            TaskAnswered(task=task.key, button=button, answers=answers, by=by, at=self.now)
        )

    def fire(self, rule: str) -> "Story":
        assert self.snapshot is not None
        (timer,) = [t for t in self.snapshot.timers.values() if t.rule == rule]
        self.now = timer.at
        return self.play(TimerCameDue(timer=timer.key, at=timer.at))

    def send(self, name: str, **body: Any) -> "Story":
        return self.play(SignalArrived(name=name, body=body, at=self.now))

    @property
    def at(self) -> tuple[str, ...]:
        """The innermost active places."""
        assert self.snapshot is not None
        places = self.snapshot.configuration
        return tuple(p for p in places if not any(o.startswith((f"{p}.", f"{p}[")) for o in places))

    @property
    def data(self) -> Mapping[str, Any]:
        assert self.snapshot is not None
        return self.snapshot.data

    @property
    def outcome(self) -> str | None:
        assert self.snapshot is not None
        return self.snapshot.outcome

    @property
    def incidents(self) -> list[str]:
        assert self.last is not None
        return [e.message for e in self.last.effects if isinstance(e, OpenIncident)]


def story(body: str, **data: Any) -> Story:
    """A case of a definition with a few fields and the given states, just started."""
    text = (
        "process: played\nversion: 1\npeople: {manager: subject.manager}\n"
        "data:\n  mark: {type: scale, from: start, required: false}\n"
        "  points: number\n  text: text\n  day: {type: date, from: start, required: false}\n"
        "  peers: {type: people, from: start, required: false}\n" + body
    )
    found = load_text(text, "played.yaml")
    assert found.definition is not None, found.diagnostics
    case = CaseFacts(id="T-1", subject="ann", opened_by="cy", opened_at=MONDAY, key=None)
    return Story(definition=found.definition).play(CaseStarted(case=case, data=data))


def table(hit: str, rows: str) -> str:
    return (
        "states:\n  choose:\n    decide:\n"
        f"      hit: {hit}\n      rows:\n{rows}"
        "  stop: {task: {to: manager}}\n  other: {task: {to: manager}}\n  closed: {end: done}\n"
        "on: {go.other: other}\n"
    )


FIRST = """\
        - {if: data.mark >= 4, set: {points: 12}}
        - {if: data.mark >= 3, set: {points: "8"}, go: other}
        - {otherwise: next, set: {points: 0}}
"""


def test_the_first_true_row_of_a_table_is_taken():
    assert (story(table("first", FIRST), mark=5).at, story(table("first", FIRST), mark=3).at) == (
        ("stop",),
        ("other",),
    )
    assert story(table("first", FIRST), mark=1).data["points"] == 0


def test_unique_refuses_two_true_rows_and_takes_one():
    assert story(table("unique", FIRST), mark=3).at == ("other",)
    assert story(table("unique", FIRST), mark=3).data["points"] == 8
    assert story(table("unique", FIRST), mark=1).at == ("stop",)

    (told,) = story(table("unique", FIRST), mark=5).incidents
    assert "Rows 1 and 2 of the table at `choose` hold both" in told


SUM = """\
        - {if: data.mark >= 4, set: {points: "2"}}
        - {if: data.mark >= 3, set: {points: "1.5"}}
        - {if: data.mark == 1, set: {points: 7}}
        - {otherwise: other, set: {points: -1}}
"""


def test_sum_adds_the_numbers_of_all_true_rows():
    found = {mark: story(table("sum", SUM), mark=mark) for mark in (1, 2, 3, 5)}

    assert {mark: played.data["points"] for mark, played in found.items()} == {
        1: 7,
        2: -1,
        3: 1.5,
        5: 3.5,
    }
    assert found[5].at == ("stop",)
    assert found[2].at == ("other",)


ALL = """\
        - {if: data.mark >= 4, set: {points: 1}}
        - {if: data.mark >= 3, set: {text: "'good'"}}
"""


def test_all_does_what_every_true_row_says_and_asks_when_there_is_none():
    assert story(table("all", ALL), mark=5).data["text"] == "good"
    assert story(table("all", ALL), mark=5).data["points"] == 1
    assert "points" not in story(table("all", ALL), mark=3).data

    (told,) = story(table("all", ALL), mark=1).incidents
    assert "No row of `decide` at `choose` fits" in told


def test_answers_are_read_by_their_bare_names_in_rows():
    played = story(
        "states:\n"
        "  rate:\n"
        "    task: {to: manager, fields: [mark, {note: {type: text}}]}\n"
        "    on:\n"
        "      submit:\n"
        "        - {if: \"mark >= 4 && note == 'fine'\", go: good}\n"
        "        - {otherwise: bad}\n"
        "  good: {end: good}\n"
        "  bad: {end: bad}\n"
    )

    assert played.answer("rate", mark=5, note="fine").outcome == "good"


def test_a_list_of_rows_that_runs_out_asks_for_help():
    played = story(
        "states:\n  rate:\n    task: {to: manager}\n"
        "    on: {submit: [{if: data.mark > 4, go: closed}]}\n  closed: {end: done}\n",
        mark=2,
    ).answer("rate")

    assert played.at == ("rate",)
    assert "No row of `submit` at `rate` fits" in played.incidents[0]


VOTE = (
    "states:\n  vote:\n    each: one in data.peers\n"
    "    task: {to: one, buttons: [approve, reject]}\n    quorum: {approve: 2, veto: any}\n"
    "    on: {approve: good, reject: bad, undecided: open}\n"
    "  good: {end: good}\n  bad: {end: bad}\n  open: {end: open}\n"
)


def test_a_quorum_decides_and_a_veto_ends_it():
    played = story(VOTE, peers=["bob", "cy", "dan"]).answer("vote[bob]", "approve")
    assert played.outcome is None
    assert played.answer("vote[cy]", "approve").outcome == "good"

    refused = story(VOTE, peers=["bob", "cy", "dan", "eve"]).answer("vote[cy]", "reject")
    assert refused.outcome == "bad"


def test_a_late_instance_ends_alone_and_the_rest_goes_on():
    played = story(
        "states:\n  ask:\n    each: one in data.peers\n    task: {to: one, due: 5 days}\n"
        "    late: {after: 1 day, go: done}\n  closed: {end: done}\n",
        peers=["bob", "cy"],
    ).answer("ask[bob]")

    assert played.outcome is None
    assert played.fire("late.0").outcome == "done"


def test_a_skipped_state_goes_on_and_so_does_a_branch():
    played = story(
        "states:\n"
        "  first: {if: data.mark > 3, task: {to: manager}}\n"
        "  both:\n"
        "    parallel:\n"
        "      a: {unless: data.mark < 3, task: {to: manager}}\n"
        "      b: {task: {to: subject}}\n"
        "  closed: {end: done}\n",
        mark=1,
    )

    assert played.at == ("both.a", "both.b.task")
    assert played.answer("both.b").outcome == "done"


def test_a_compound_is_entered_again_where_it_was_left():
    played = story(
        "states:\n"
        "  work:\n"
        "    states:\n"
        "      one: {task: {to: manager}}\n"
        "      two: {task: {to: manager}}\n"
        "    resume: last\n"
        "    on: {work.paused: pause}\n"
        "    then: closed\n"
        "  pause: {task: {to: manager}, then: work}\n"
        "  closed: {end: done}\n"
    ).answer("work.one")

    assert played.send("work.paused").at == ("pause",)
    assert played.answer("pause").at == ("work.two",)
    assert played.answer("work.two").outcome == "done"


def test_an_outcome_of_a_compound_chooses_the_way():
    text = (
        "states:\n"
        "  check:\n"
        "    states:\n"
        "      look: {task: {to: manager, buttons: [ok, no]}, on: {ok: fine, no: poor}}\n"
        "      fine: {end: fine}\n"
        "      poor: {end: poor}\n"
        "    on: {poor: again}\n"
        "  good: {end: good}\n"
        "  again: {end: again}\n"
    )

    assert story(text).answer("check.look", "ok").outcome == "good"
    assert story(text).answer("check.look", "no").outcome == "again"


def test_a_wait_ends_at_its_date_or_at_its_event():
    text = (
        "states:\n  hold:\n    wait: {for: talk.held, match: event.mark > 2, until: data.day}\n"
        "    set: {text: \"'over'\"}\n"
        "    late: {after: 2 days, tell: manager}\n"
        "  closed: {end: done}\n"
    )

    assert story(text, day="2027-03-09").fire("until").outcome == "done"
    told = story(text, day="2027-03-09").fire("late.0")
    assert [type(effect) for effect in told.last.effects if isinstance(effect, Tell)] == [Tell]
    heard = story(text, day="2027-03-09").send("talk.held", mark=1)
    assert heard.outcome is None
    assert heard.send("talk.held", mark=3).outcome == "done"
    assert heard.data["text"] == "over"


def test_case_events_end_the_case_or_only_change_it():
    text = (
        "states:\n  a: {task: {to: manager}}\n  b: {task: {to: manager}}\n  closed: {end: done}\n"
        "on:\n"
        "  person.left: {end: withdrawn}\n"
        "  day.moved: {set: {day: event.day}}\n"
        "  jump.now: {if: event.far == true, go: b}\n"
    )

    assert story(text).send("person.left").outcome == "withdrawn"
    moved = story(text).send("day.moved", day="2027-05-01")
    assert (moved.at, moved.data["day"]) == (("a",), "2027-05-01")
    assert story(text).send("jump.now", far=True).at == ("b",)
    stays = story(text).send("jump.now", far=False)
    assert (stays.at, stays.incidents) == (("a",), [])
    assert (
        story(text).play(CaseCancelled(by="cy", reason="twice", at=MONDAY)).outcome == "cancelled"
    )


def test_a_side_task_comes_again_and_moves_nothing():
    played = story(
        "states:\n  coach:\n    wait: {until: data.day}\n"
        "    every:\n"
        "      - {period: 1 week, do: {tell: manager, text: Talk}}\n"
        "      - {period: 2 weeks, task: {to: manager, fields: {note: longtext}}}\n"
        "  closed: {end: done}\n",
        day="2027-06-01",
    )

    assert any(isinstance(effect, Tell) for effect in played.fire("every.0").last.effects)
    assert len(played.fire("every.1").snapshot.tasks) == 1
    assert played.at == ("coach",)


def test_automatic_states_pass_at_once():
    played = story(
        "states:\n  note: {do: [{set: {points: 1}}, {tell: manager}], set: {text: \"'noted'\"}}\n"
        "  stop: {task: {to: manager}}\n  closed: {end: done}\n"
    )

    assert (played.at, played.data) == (("stop",), {"points": 1, "text": "noted"})


def test_a_branch_with_each_completes_its_parallel():
    played = story(
        "states:\n"
        "  all:\n"
        "    parallel:\n"
        "      own: {task: {to: subject}}\n"
        "      peers: {each: one in data.peers, task: {to: one, fields: {mark_given: {type: scale}}}}\n"
        "    set: {points: all.peers.done}\n"
        "  closed: {end: done}\n",
        peers=["bob", "cy"],
    )
    played.answer("all.own").answer("all.peers[bob]", mark_given=3)

    assert played.outcome is None
    assert played.answer("all.peers[cy]", mark_given=4).outcome == "done"
    assert played.data["points"] == 2


def test_a_state_comes_before_a_field_of_the_same_name():
    played = story(
        "states:\n"
        "  text: {task: {to: manager, buttons: [ok, no]}}\n"
        "  look:\n"
        "    task: {to: manager}\n"
        "    on: {submit: [{if: text.outcome == 'no', go: bad}, {otherwise: good}]}\n"
        "  good: {end: good}\n  bad: {end: bad}\n"
    )

    assert played.answer("text", "no").answer("look").outcome == "bad"
