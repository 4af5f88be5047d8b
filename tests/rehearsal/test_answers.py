"""Answers fit every page, come when the habits say, and behaviour is refused in sentences."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from support.rehearsals import FIRST

from engine.core.form import FieldType
from engine.directory import Calendars
from engine.loader import load_text
from engine.rehearsal import Behaviour, BehaviourUnknown, behaviour_of, processes_of
from engine.rehearsal.behaviour import answers_at, at_work, dice
from engine.rehearsal.values import Drawing, answers

DEFINITIONS = sorted((Path(__file__).parents[2] / "definitions").glob("*.yaml"))
EVERYTHING = """\
process: everything
version: 1
subject: person
states:
  ask:
    task:
      to: subject
      title: Everything
      fields:
        a: {type: text, min: 3, max: 12}
        b: {type: longtext, min: 200}
        c: {type: integer, min: 3, max: 4}
        d: {type: number}
        e: {type: money}
        f: {type: percent, max: 0.5}
        g: {type: date}
        h: {type: datetime}
        i: {type: yes_no}
        j: {type: choice, options: [one, two]}
        k: {type: choices, options: [one, two, three], min: 2}
        l: {type: scale, min: 1, max: 5}
        m: {type: person}
        n: {type: people, min: 1, max: 6}
        file: {type: file}
        o: {type: table, columns: {what: {type: text}, who: {type: person}, due: {type: date}}}
        p: {type: attest}
        q: {type: text, required: false}
        r: {type: longtext, required_if: i}
        s: {type: guest}
  closed: {end: done}
"""
PEOPLE = tuple(f"p{number}" for number in range(12))


def pages():
    for text in [EVERYTHING, *(path.read_text("utf-8") for path in DEFINITIONS)]:
        definition = load_text(text, "process.yaml").definition
        process = processes_of([definition]).by_name[definition.process]
        tasks = [
            task for state in definition.states for task in (state.task, *state.side_tasks) if task
        ]
        for task in tasks:
            if task.form is not None:
                yield process, task.form


@pytest.mark.parametrize("optional", [0, 50, 100])
def test_made_up_answers_are_taken_by_every_page(optional):
    asked = set()
    for process, form in pages():
        asked |= {field.type for field in form.fields}
        for seed in range(25):
            draw = Drawing(
                rolled=dice(seed),
                behaviour=behaviour_of([f"optional={optional}"]),
                hints=process.hints,
                people=PEOPLE,
                but=frozenset({"p1"}),
                by={"name": "Ann"},
                now=FIRST,
                data={},
            )
            given = answers(form, {}, draw)

            assert process.takes(form, given, {}, PEOPLE) == (), (process.name, form.name, given)
    assert asked >= set(FieldType) - {FieldType.COMPUTED}


def test_what_stands_there_is_mostly_left_but_an_empty_list_is_filled():
    source = """\
process: list
version: 1
data: {rows: {type: table, min: 1, columns: {what: {type: text}}}}
states:
  ask: {task: {to: subject, fields: [rows]}}
  closed: {end: done}
"""
    definition = load_text(source, "list.yaml").definition
    process = processes_of([definition]).by_name["list"]
    (form,) = (state.task.form for state in definition.states if state.task)

    def given(rows: list, seed: int) -> list:
        draw = Drawing(
            rolled=dice(seed),
            behaviour=Behaviour(),
            hints=process.hints,
            people=PEOPLE,
            but=frozenset(),
            by={},
            now=FIRST,
            data={"rows": rows},
        )
        return answers(form, {"rows": rows}, draw)["rows"]

    known = [{"what": "known"}]
    assert sum(given(known, seed) == known for seed in range(100)) > 60
    assert all(given([], seed) for seed in range(100))


def test_nobody_is_named_who_answers_or_whom_the_case_is_about():
    (process, form), *_ = pages()
    for seed in range(50):
        draw = Drawing(
            rolled=dice(seed),
            behaviour=Behaviour(),
            hints=process.hints,
            people=PEOPLE[:3],
            but=frozenset({"p0", "p1"}),
            by={},
            now=FIRST,
            data={},
        )
        given = answers(form, {}, draw)

        assert (given["m"], given["n"]) == ("p2", ["p2"])


QUORUM = """\
process: quorum
version: 1
subject: person
data:
  committee: {type: people}
  rows: {type: table, columns: {who: {type: person}}}
  present: {type: people}
  about: {type: person}
states:
  ask:
    task: {to: subject, title: Who is here, fields: [present, about]}
    on:
      submit:
        - {if: "size(data.present.filter(p, p in data.committee)) * 2 > size(data.committee) && data.rows.exists(r, r.who == data.about)", go: enough}
        - {otherwise: too_few}
  enough:  {end: enough}
  too_few: {end: too_few}
"""


def test_people_are_mostly_named_from_where_a_condition_looks_for_them():
    process = processes_of([load_text(QUORUM, "quorum.yaml").definition]).by_name["quorum"]
    form = next(state.task.form for state in process.definition.states if state.task)
    committee, listed = ["p1", "p2", "p3", "p4"], ["p8", "p9"]
    data = {"committee": committee, "rows": [{"who": person} for person in listed]}
    draw = {"behaviour": Behaviour(), "hints": process.hints, "people": PEOPLE, "by": {}}
    given = [
        answers(form, data, Drawing(rolled=dice(n), **draw, but=frozenset(), now=FIRST, data=data))
        for n in range(100)
    ]

    there = [one for one in given if len(set(one["present"]) & set(committee)) > 2]
    assert 60 < len(there) < 100  # the other side of the condition is visited as well
    assert 75 < sum(1 for one in given if one["about"] in listed) < 100


@pytest.mark.parametrize("habit", ["early", "due", "late"])
def test_habits_decide_between_opening_and_due_date(habit):
    """Opened on Wednesday, due ten working days later, over Easter in Berlin."""
    berlin = Calendars().of("DE-BE", "Europe/Berlin")
    opened = datetime(2027, 3, 24, 10, 30, tzinfo=UTC)
    due = datetime(2027, 4, 9, 15, tzinfo=UTC)
    only = behaviour_of(
        [f"{name}={100 * (name == habit)}" for name in ("early", "due", "late", "never")]
    )
    for seed in range(100):
        at = answers_at(only, dice(seed), opened, due, berlin)
        local = at.astimezone(berlin.zone)

        assert at > opened
        assert 9 <= local.hour < 17
        assert berlin.add_workdays(local.date(), 0) == local.date()
        match habit:
            case "early":
                assert local.date() <= date(2027, 4, 2)
            case "due":
                assert date(2027, 4, 7) <= local.date()
                assert at < due
            case _:
                assert at > due


def test_a_task_that_is_due_in_hours_is_answered_in_hours():
    due = FIRST + timedelta(hours=2)
    weekdays = Calendars().of("", "UTC")
    early = answers_at(behaviour_of(["due=0", "late=0", "never=0"]), dice(1), FIRST, due, weekdays)

    assert FIRST < early < FIRST + timedelta(hours=1)


def test_after_hours_the_next_working_day_is_meant():
    friday = datetime(2027, 1, 8, 20, tzinfo=UTC)

    found = at_work(Calendars().of("", "UTC"), friday.date(), 0, friday, dice(1))

    assert found.date() == date(2027, 1, 11)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("laet=3", "Did you mean `late`?"),
        ("late", "Write one as late=30"),
        ("late=many", "late is a percentage from 0 to 100"),
        ("late=101", "late is a percentage from 0 to 100"),
    ],
)
def test_a_behaviour_that_is_none_is_refused_with_the_way_out(given, said):
    with pytest.raises(BehaviourUnknown, match="`") as refused:
        behaviour_of([given])

    assert said in str(refused.value)


def test_shares_that_are_all_nothing_are_refused():
    with pytest.raises(BehaviourUnknown, match="nobody does anything"):
        behaviour_of(["early=0", "due=0", "late=0", "never=0"])
