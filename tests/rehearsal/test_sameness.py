"""The same definitions, people and seed give the same story, however the work is shared out."""

import pickle
from pathlib import Path

from support.rehearsals import PEOPLE, seen, setup_of

from engine.rehearsal import add_up, rehearse, report_of
from tenure.cli.rehearsal.hands import carry_out

PCER = (Path(__file__).parents[2] / "definitions" / "pcer-year.yaml").read_text("utf-8")
ROWS = "number,name,email,manager,department,roles\n" + "".join(
    f"{n},N{n},n{n}@firm.test,{n // 5 if n > 4 else ''},{'Sales' if n % 2 else 'Law'},"
    f"{'head-of-hr' if n in (1, 2) else ''}\n"
    for n in range(1, 351)
)
DATA = {"cycle": "2027", "evaluate_from": "2027-06-01", "months_in_role": 12}
CHANGES = "number,from,leaves,manager\n3,2027-02-01,yes,\n17,2027-03-01,,2\n12,2027-07-01,yes,\n"


def cohort(count: int = 350, **more):
    subjects = tuple(str(n) for n in range(1, count + 1))
    return setup_of(PCER, people=ROWS, subjects=subjects, data=DATA, changes=CHANGES, **more)


def test_the_same_seed_gives_the_same_story_and_another_seed_another():
    first, again, other = (
        report_of(setup, rehearse(setup)) for setup in (cohort(40), cohort(40), cohort(40, seed=2))
    )

    assert first == again
    assert first.load != other.load


def test_parts_add_up_to_the_whole_and_further_processes_change_nothing():
    """350 cases are four parts: enough for a second process where there is a second core."""
    setup = cohort(letters=5)
    whole = rehearse(setup)

    shared = carry_out(setup)

    assert setup.independent
    assert report_of(setup, shared) == report_of(setup, whole)
    assert kept(shared) == kept(whole)


def kept(tally):
    return {
        kind: {lot: sorted(entries, key=lambda one: one[0]) for lot, entries in lots.items()}
        for kind, lots in tally.sample.kept.items()
    }


def test_a_tally_survives_the_way_to_another_process():
    setup = cohort(10, letters=2)
    tally = rehearse(setup)

    copied = pickle.loads(pickle.dumps(tally))

    assert report_of(setup, add_up([copied])) == report_of(setup, tally)


def test_a_case_behaves_the_same_whoever_else_is_in_the_cohort():
    alone = rehearse(cohort(350).part(range(7, 8)))
    among = rehearse(cohort(350).part(range(1, 20)))

    assert (
        alone.ended.items()
        <= {
            key: [days for days in found if days in alone.ended[key]]
            for key, found in among.ended.items()
        }.items()
    )


EMITS = """\
process: session
version: 1
subject: none
states:
  publish: {do: [{emit: calibration.published}]}
  closed: {end: done}
"""
WAITS = """\
process: waits
version: 1
subject: person
states:
  hold:   {wait: {for: calibration.published}}
  closed: {end: done}
"""


def test_cases_that_hear_each_other_are_not_taken_apart():
    found = seen(WAITS, EMITS)

    assert not found.setup.independent
    assert found.report.made_up == {}
    assert [(part.process, part.open) for part in found.report.processes] == [
        ("waits", 0),
        ("session", 0),
    ]
    assert setup_of(WAITS, people=PEOPLE).independent


PARENT = """\
process: parent
version: 1
subject: person
states:
  plan:   {start: {process: child, for: subject}}
  closed: {end: done}
"""
CHILD = """\
process: child
version: 1
subject: person
states:
  ask:    {task: {to: subject, title: Say, due: 3 workdays}}
  closed: {end: done}
"""


def test_sub_cases_are_played_where_their_process_is_given_and_made_up_where_not():
    given = seen(PARENT, CHILD, behaviour=("never=0",)).report
    alone = seen(PARENT).report

    assert {part.process: (part.started, part.open) for part in given.processes} == {
        "parent": (2, 0),
        "child": (2, 0),
    }
    assert given.made_up == {}
    assert [part.open for part in alone.processes] == [0]
    assert alone.made_up == {"a case of `child` for parent": 2}
