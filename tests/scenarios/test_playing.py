"""What a scenario can say and see: people, the clock, signals, changes, and what is covered."""

from pathlib import Path
from textwrap import dedent

import pytest

from engine.loader import Loaded, load_text
from engine.scenarios import Report, play_all
from engine.scenarios.expectations import _CHECKS
from engine.scenarios.steps import _VERBS

DEFINITIONS = sorted((Path(__file__).parents[2] / "definitions").glob("*.yaml"))


def report(source: str) -> Report:
    return play_all(loaded(source))


def loaded(source: str) -> Loaded:
    found = load_text(dedent(source), "some.yaml")
    assert found.definition is not None, found.diagnostics
    return found


def passes(source: str) -> None:
    """Every scenario goes as written."""
    failures = [result.failure for result in report(source).results]
    assert failures == [None] * len(failures)
    assert failures


@pytest.mark.parametrize("path", DEFINITIONS, ids=lambda path: path.stem)
def test_the_definitions_that_come_along_pass_and_cover_themselves(path: Path):
    found = load_text(path.read_bytes(), path.name)
    told = play_all(found)

    assert [result.failure for result in told.results] == [None] * len(told.results)
    assert told.coverage.states_missed == ()
    assert told.coverage.transitions_missed == ()


def test_every_way_of_naming_an_owner_finds_whom_the_scenario_names():
    passes("""\
        process: owners
        version: 1
        people:
          manager: subject.manager
          skip: subject.manager.manager
          hrbp: {role: hr-partner, of: subject.department}
          buddy: data.buddy
        data:
          buddy: {type: person, from: start}
        states:
          one: {task: {to: manager}}
          two: {task: {to: skip}}
          three: {task: {to: hrbp}}
          four: {task: {to: buddy}}
          five: {task: {to: {queue: it-desk}}}
          closed: {end: done}
        tests:
          - name: each in turn
            people: {subject: ann, manager: bob, skip: cy, hrbp: hal, it-desk: [ida, ivo]}
            start: {buddy: ben}
            play:
              - bob one
              - cy two
              - expect: {tasks: [hal three]}
              - hal three
              - ben four
              - ivo five
            expect: {ended: done, tasks: []}
        """)


def test_what_comes_due_on_the_way_of_the_clock_fires_in_its_order():
    passes("""\
        process: late
        version: 1
        people: {manager: subject.manager, hrbp: {role: hr-partner}}
        states:
          ask:
            task: {to: subject, due: 5 workdays}
            late:
              - {after: 2 workdays, tell: manager}
              - {after: 4 workdays, go: help}
          help: {task: {to: hrbp, due: 1 workday}}
          closed: {end: done}
        tests:
          - name: nobody answers
            people: {subject: ann, manager: bob, hrbp: hal}
            play:
              - expect: {due: {ann ask: 2027-01-11}}
              - clock: +5 workdays
              - expect: {at: ask, tasks: [ann ask]}
              - clock: +2 workdays
              - expect: {at: ask, told: bob}
              - clock: +2 workdays
              - expect: {at: help, tasks: [hal help], due: {hal help: 2027-01-18}}
        """)


@pytest.mark.parametrize(
    ("move", "day"),
    [
        ("2027-03-01", "2027-03-01"),
        ("data.wanted", "2027-02-15"),
        ("+3 workdays", "2027-01-07"),
        ("+10 days", "2027-01-14"),
        ("+2 weeks", "2027-01-18"),
        ("+3 months", "2027-04-04"),
        ("+1 year", "2028-01-04"),
    ],
)
def test_the_clock_moves_to_the_evening_of_a_day(move: str, day: str):
    source = f"""\
        process: clock
        version: 1
        data:
          wanted: {{type: date, from: start}}
          told: {{type: text}}
        states:
          ask: {{task: {{to: subject}}}}
          closed: {{end: done}}
        tests:
          - name: a move
            people: {{subject: ann}}
            start: {{wanted: 2027-02-15}}
            play:
              - clock: {move}
            expect: {{at: closed}}
        """
    (result,) = report(source).results

    assert result.failure.standing[0].endswith(f"{day} 18:00")


def test_hours_move_the_clock_exactly():
    source = """\
        process: clock
        version: 1
        states:
          ask: {task: {to: subject}}
          closed: {end: done}
        tests:
          - name: a move
            people: {subject: ann}
            play: [clock: +3 hours]
            expect: {at: closed}
        """
    (result,) = report(source).results

    assert result.failure.standing[0] == "it is Monday 2027-01-04 12:00"


def test_a_holiday_of_the_subjects_country_is_no_workday():
    passes("""\
        process: easter
        version: 1
        states:
          ask: {task: {to: subject, due: 3 workdays}}
          closed: {end: done}
        tests:
          - name: around easter in Berlin
            people: {subject: {name: ann, country: DE, location: Berlin}}
            at: 2027-03-25
            play: []
            expect: {due: {ann ask: 2027-04-01}}
        """)


def test_a_change_of_manager_hands_the_open_task_over():
    passes("""\
        process: moves
        version: 1
        people: {manager: subject.manager}
        states:
          agree: {task: {to: manager}}
          closed: {end: done}
        tests:
          - name: the manager leaves
            people: {subject: ann, manager: bob}
            play:
              - change: {subject.manager: eve}
              - expect: {tasks: [eve agree]}
              - eve agree
            expect: {ended: done}
        """)


def test_a_signal_a_subcase_and_an_end_before_time_can_be_played():
    passes("""\
        process: waits
        version: 1
        data: {grade: {type: number}}
        states:
          calibrate:
            wait: {for: calibration.published}
            set: {grade: event.grade}
          plan: {start: {process: development-plan}}
          talk: {task: {to: subject}}
          closed: {end: done}
        records:
          grade: {of: subject, value: data.grade, valid: 12 months}
        tests:
          - name: all the way
            people: {subject: ann}
            play:
              - signal: {other.thing: {}}
              - expect: {at: calibrate}
              - signal: {calibration.published: {grade: 4}}
              - expect: {at: plan, data: {grade: 4}}
              - closed: {plan: done}
              - ann talk
            expect: {ended: done, records: [grade]}
          - name: stopped
            people: {subject: ann}
            play: [cancel: it was a mistake]
            expect: {ended: cancelled, tasks: [], records: []}
        """)


def test_who_may_see_a_field_depends_on_where_the_case_stands():
    passes("""\
        process: sight
        version: 1
        people: {manager: subject.manager, skip: subject.manager.manager}
        data:
          rating: {type: scale, seen_by: [manager, skip], until: talk}
          open: {type: text}
        states:
          rate: {task: {to: manager, fields: [rating]}}
          talk: {task: {to: manager}}
          closed: {end: done}
        tests:
          - name: a rating is hidden until the talk
            people: {subject: ann, manager: bob, skip: cy}
            play:
              - expect: {ann cannot see: rating, bob can see: rating, cy can see: rating}
              - expect: {ann can see: open, zoe can see: open}
              - bob rate: {rating: 3}
              - expect: {ann can see: rating, zoe cannot see: rating}
        """)


def test_sight_follows_the_case_and_the_directory():
    """A part that the case gives counts, one that somebody has lost does not, nor a way round."""
    passes("""\
        process: sight
        version: 1
        people: {manager: subject.manager, buddy: data.buddy}
        data:
          buddy: {type: person}
          mark: {type: scale, seen_by: [manager, buddy]}
          double: {type: computed, compute: "data.mark * 2"}
        states:
          rate: {task: {to: manager, fields: [buddy, mark]}}
          talk: {task: {to: manager}}
          closed: {end: done}
        tests:
          - name: who sees the mark
            people: {subject: ann, manager: bob}
            play:
              - bob rate: {buddy: tess, mark: 3}
              - expect: {tess can see: mark, bob can see: mark, ann cannot see: mark}
              - expect: {tess can see: double, ann cannot see: double}
              - change: {subject.manager: eve}
              - expect: {eve can see: mark, bob cannot see: mark}
        """)


def test_one_of_several_tasks_of_a_name_is_named_by_its_item():
    passes("""\
        process: several
        version: 1
        people: {manager: subject.manager}
        data: {team: {type: people, from: start}}
        states:
          around:
            states:
              note:
                each: one in data.team
                task: {to: manager, fields: {text: {type: text}}}
              talk:
                each: one in data.team
                states:
                  first: {task: {to: manager}}
                  second: {task: {to: one}}
          closed: {end: done}
        tests:
          - name: the last comes first
            people: {subject: ann, manager: bob}
            start: {team: [dan, eve]}
            play:
              - bob note[eve]: {text: hers}
              - bob around.note[dan]: {text: his}
              - bob talk[eve].first
              - expect: {tasks: [bob first, eve second]}
        """)


def test_what_no_scenario_came_by_is_listed_by_name():
    told = report("""\
        process: gaps
        version: 1
        people: {manager: subject.manager}
        data: {rating: {type: scale, min: 1, max: 5}}
        states:
          rate:
            task: {to: manager, fields: [rating], buttons: [submit, refuse]}
            on:
              submit:
                - {if: data.rating >= 4, go: second}
                - {otherwise: closed}
              refuse: second
          second: {task: {to: subject}}
          closed: {end: done}
        tests:
          - name: a low rating
            people: {subject: ann, manager: bob}
            play: ["bob rate": {rating: 2}]
            expect: {ended: done}
        """)

    assert told.passed
    assert told.coverage.states == 3
    assert told.coverage.states_missed == ("second",)
    assert told.coverage.transitions_missed == (
        "rate: submit {if: data.rating >= 4, go: second} → second",
        "rate: refuse → second",
        "second: submit → closed",
    )


def test_one_failing_scenario_does_not_stop_the_next():
    told = report("""\
        process: two
        version: 1
        states:
          ask: {task: {to: subject}}
          closed: {end: done}
        tests:
          - {name: wrong, people: {subject: ann}, play: [bob ask]}
          - {name: right, people: {subject: ann}, play: [ann ask], expect: {ended: done}}
        """)

    assert [(result.name, result.failure is None) for result in told.results] == [
        ("wrong", False),
        ("right", True),
    ]
    assert not told.passed


def test_without_scenarios_nothing_fails_and_nothing_is_covered():
    told = report("""\
        process: bare
        version: 1
        states:
          ask: {task: {to: subject}}
          closed: {end: done}
        """)

    assert told.passed
    assert told.results == ()
    assert told.coverage.states_missed == ("ask", "closed")


def test_the_reference_names_every_step_and_every_expectation():
    page = (Path(__file__).parents[2] / "docs" / "reference" / "tests.md").read_text("utf-8")

    assert [verb for verb in _VERBS if f"`{verb}: " not in page] == []
    assert [name for name in _CHECKS if f"`{name}: " not in page] == []


def test_a_signal_is_kept_until_the_case_waits_for_it():
    passes("""
        process: kept
        version: 1
        states:
          say: {do: {emit: desk.ready, with: {room: '"B1"'}}}
          ask: {task: {to: subject}}
          desk: {wait: {for: desk.ready, match: 'event.room == "B1"'}}
          laptop: {wait: {for: laptop.ready}}
          look: {task: {to: subject}}
          closed: {end: done}
        tests:
          - name: what the case sends, and what comes from elsewhere too early
            people: {subject: ann}
            play:
              - expect: {at: ask}
              - signal: {laptop.ready: {}}
              - ann ask
            expect: {at: look}
    """)


def test_a_signal_to_somebody_else_is_not_taken_by_the_case_itself():
    passes("""
        process: kept
        version: 1
        states:
          say: {do: {emit: desk.ready, to: '"another"'}}
          desk: {wait: {for: desk.ready}}
          closed: {end: done}
        tests:
          - name: it waits
            people: {subject: ann}
            expect: {at: desk}
    """)


def test_a_button_alone_confirms_a_page_that_also_shows_something_worked_out():
    passes("""\
        process: twice
        version: 1
        people: {manager: subject.manager}
        data: {level: {type: integer}}
        states:
          say: {task: {to: subject, fields: [level]}}
          confirm:
            task:
              to: manager
              fields:
                - said: {type: computed, label: They say, compute: string(data.level)}
                - level
          closed: {end: done}
        tests:
          - name: it is so
            people: {subject: ann, manager: bob}
            play:
              - ann say: {level: 3}
              - bob confirm
            expect: {ended: done, data: {level: 3}}
        """)


def test_a_scenario_says_which_positions_somebody_holds_and_the_roles_find_them():
    passes("""\
        process: seats
        version: 1
        people: {partner: {role: hr-partner, of: subject.department}}
        states:
          look:
            decide:
              - {if: '"head-of-sales" in subject.roles', go: hand_on}
              - {otherwise: closed}
          hand_on: {task: {to: partner}}
          closed: {end: done}
        tests:
          - name: somebody with a seat
            people: {subject: ann, ann: {department: Sales, roles: [head-of-sales]}, eve: {roles: [hr-partner@Sales]}}
            play: [eve hand_on]
            expect: {ended: done}
          - name: somebody without one
            people: {subject: ann}
            expect: {ended: done}
        """)  # fmt: skip


def test_an_event_names_somebody_without_a_manager_by_their_id_like_everybody_else():
    passes("""
        process: pick
        version: 1
        subject: none
        people: {one: data.first}
        data:
          first: {type: person, from: start}
          rows: {type: table, columns: {who: {type: person}}, required: false}
          both: {type: people, required: false}
        states:
          ask:
            task: {to: one, title: Whom, fields: [rows]}
          send: {do: [{emit: they.came, with: {people: "data.rows.map(r, r.who)"}}]}
          hear: {wait: {for: they.came, match: 'event.people == ["cy", "ann"]'}, set: {both: event.people}}
          tell: {each: each_one in data.both, task: {to: each_one, title: You are on it}}
          closed: {end: done}
        tests:
          - name: the chief is named
            start: {first: ann}
            play:
              - change: {ann.manager: cy}
              - ann ask: {rows: [{who: cy}, {who: ann}]}
            expect: {data: {both: [cy, ann]}, tasks: [cy tell, ann tell]}
    """)
