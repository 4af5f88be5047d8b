"""What a rehearsal must find: planted faults, each in a process that is otherwise fine."""

from datetime import date

import pytest
from support.rehearsals import EARLY, NOBODY, seen

from engine.core.snapshot import OpenTask
from engine.rehearsal.days import _look_for_strays
from engine.rehearsal.run import _Begins, _play

ROUND = """\
process: round
version: 1
subject: person
states:
  write: {task: {to: subject, title: Write it, due: 2 workdays}}
  read:  {task: {to: subject.manager, title: Read it, due: 2 workdays, buttons: [again, fine]}, on: {again: write, fine: closed}}
  closed: {end: done}
"""


def test_a_case_that_never_ends_is_told_with_the_place_it_comes_back_to():
    report = seen(ROUND, behaviour=(*EARLY, "first=100")).report

    (part,) = report.processes
    assert part.open == 2
    assert {found.where for found in report.rounds} == {"write", "read"}
    assert all(found.cases == 2 for found in report.rounds)
    assert report.rounds[0].why == "one case came here 252 times"
    assert part.coverage.states_missed == ("closed",)
    assert part.coverage.transitions_missed == ("read: fine → closed",)


def test_a_way_that_nobody_takes_is_told_and_one_that_somebody_takes_is_not():
    taken = seen(ROUND, behaviour=(*EARLY, "first=0")).report.processes[0].coverage

    assert taken.states_missed == ()
    assert taken.transitions_missed == ("read: again → write",)


def test_guards_are_visited_on_both_sides():
    text = """\
process: guards
version: 1
subject: person
states:
  ask:
    task: {to: subject, title: Say, due: 2 workdays, fields: {amount: {type: integer, min: 0, max: 100000}, grade: {type: text}}}
    on:
      submit:
        - {if: "amount == 4711", go: exact}
        - {if: 'grade == "L6"', go: senior}
        - {otherwise: other}
  exact:  {end: exact}
  senior: {end: senior}
  other:  {end: other}
"""
    people = "number,name,email\n" + "".join(f"{n},N{n},n{n}@firm.test\n" for n in range(60))
    subjects = tuple(str(n) for n in range(60))
    report = seen(text, people=people, subjects=subjects, behaviour=EARLY).report

    assert {ending.outcome for ending in report.processes[0].endings} == {
        "exact",
        "senior",
        "other",
    }


SIGNED = """\
process: signed
version: 1
subject: person
people:
  boss: subject.manager
states:
  sign:   {task: {to: boss, title: Sign it, due: 60 workdays}}
  closed: {end: done}
on:
  person.left: {end: left}
"""
CHANGES = "number,from,leaves,name,email,manager\n"


def test_tasks_of_a_leaver_go_to_whom_the_directory_names_then():
    """Bob leaves on the 11th; Ann then reports to Cy. Dan reports to nobody who is here."""
    changes = CHANGES + "2,2027-01-11,yes,,,\n3,2027-01-11,,,,1\n4,2027-01-11,,,,\n"
    report = seen(SIGNED, changes=changes, behaviour=NOBODY).report

    (day,) = report.changes
    assert (day.day, day.leaves, day.changes) == (date(2027, 1, 11), 1, 2)
    assert (day.told, day.handed, day.nobody) == (2, 1, 1)
    assert report.strays == ()
    assert report.handed == {"the directory changed": 2}
    assert report.mail.kinds == {"task": 2, "handed_over": 1}  # Bob has no address here any more
    (stuck,) = report.stuck
    assert (stuck.where, stuck.cases, stuck.examples) == ("sign", 1, ("SIG-0002",))
    assert "nobody has the task `sign`" in stuck.why
    assert [(found.kind, found.cases) for found in report.incidents] == [("no-owner", 1)]
    assert not report.sound


def test_who_leaves_ends_their_own_case():
    changes = CHANGES + "3,2027-01-11,yes,,,\n"
    report = seen(SIGNED, changes=changes, behaviour=NOBODY).report

    (ending,) = report.processes[0].endings
    assert (ending.outcome, ending.cases, ending.median) == ("left", 1, 6.6)
    assert report.changes[0].ended == 1
    assert report.mail.kinds["no_longer_needed"] == 1


def test_a_change_before_the_first_day_holds_from_it_on():
    changes = CHANGES + "3,2026-12-01,,,,1\n"
    found = seen(SIGNED, changes=changes, behaviour=NOBODY)

    assert found.report.changes == ()
    assert found.setup.timeline.rosters[0].people["3"]["manager"] == "1"


def test_a_task_that_stayed_with_a_leaver_would_be_found():
    """The core hands such tasks over, so one is put there by hand."""
    found = seen(SIGNED, behaviour=NOBODY, days=1)
    play = _play(found.setup)
    case = _first_open(found.setup, play)
    (task,) = case.standing.tasks.values()
    assert isinstance(task, OpenTask)
    play.facts.roster.people["2"]["active"] = False

    _look_for_strays(play)

    assert list(play.tally.strays.of) == [("signed", "sign")]


def _first_open(setup, play):
    _Begins(start=setup.cohort[0])(play)
    (case,) = play.open.values()
    return case


def test_a_wait_for_what_nobody_sends_stands_still():
    text = """\
process: waits
version: 1
subject: person
states:
  hold:   {wait: {for: budget.free}}
  closed: {end: done}
"""
    nobody = seen(text, behaviour=("signals=0",)).report
    somebody = seen(text).report

    (stuck,) = nobody.stuck
    assert (stuck.cases, stuck.why) == (2, "it waits for `budget.free`, which nobody sends")
    assert somebody.stuck == ()
    assert somebody.made_up == {"the event `budget.free` for waits": 2}


def test_an_event_from_elsewhere_is_made_up_so_that_it_fits():
    text = """\
process: waits
version: 1
subject: person
data:
  rating: {type: scale, min: 1, max: 5}
states:
  hold:   {wait: {for: calibration.published, match: "event.department == subject.department"}, set: {rating: "event.ratings[subject.id]"}}
  closed: {end: done}
"""
    report = seen(text).report

    assert report.processes[0].open == 0
    assert report.unfit == {}


def test_an_event_that_cannot_be_made_to_fit_is_told():
    text = """\
process: waits
version: 1
subject: person
states:
  hold:   {wait: {for: x.done, match: "event.number == 3 && {never}"}}
  closed: {end: done}
"""
    for never in ("event.number == 4", "event.other > 2"):
        report = seen(text.replace("{never}", never), subjects=("3",)).report

        assert report.unfit == {"waits: x.done": 1}, never
        assert report.incidents == ()
        assert [found.cases for found in report.stuck] == [1]


def test_a_condition_that_fails_holds_the_case_and_is_an_incident():
    text = """\
process: broken
version: 1
subject: person
data:
  number: {type: integer, required: false}
states:
  ask:    {task: {to: subject, title: Say, due: 2 workdays, fields: [number]}}
  decide: {decide: [{if: data.number > 3, go: closed}, {otherwise: closed}]}
  closed: {end: done}
"""
    report = seen(text, behaviour=(*EARLY, "optional=0")).report

    assert [(found.kind, found.cases) for found in report.incidents] == [("condition-failed", 2)]
    assert [found.cases for found in report.stuck] == [2]
    assert not report.sound


def test_a_case_that_cannot_begin_is_refused_with_its_reason():
    text = SIGNED.replace("people:\n", "data:\n  year: {type: integer, from: start}\npeople:\n")
    report = seen(text, data={"year": "soon"}).report

    (refused,) = report.refused
    assert (refused.cases, refused.examples) == (2, ("SIG-0001", "SIG-0002"))
    assert "year" in refused.why


KEPT = """\
process: kept
version: 1
subject: person
states:
  first:  {wait: {for: x.done}, after: {5 workdays: second}}
  second: {wait: {for: y.done}, on: {person.left: gone}, after: {5 workdays: closed}}
  closed: {end: done}
  gone:   {end: gone}
"""


@pytest.mark.parametrize(("back", "outcome"), [("", "gone"), ("3,2027-01-08,,,,2\n", "done")])
def test_a_departure_is_kept_for_a_later_state_unless_the_person_is_back(back, outcome):
    changes = f"{CHANGES}3,2027-01-07,yes,,,\n{back}"
    report = seen(KEPT, subjects=("3",), changes=changes, behaviour=("signals=0",)).report

    assert [ending.outcome for ending in report.processes[0].endings] == [outcome]
