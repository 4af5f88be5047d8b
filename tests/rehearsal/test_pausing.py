"""A pause in a rehearsal: made-up events begin and end it, and one that nobody ends is told."""

from support.rehearsals import EARLY, seen

PLAN = """
process: plan
version: 1
subject: person
people: {manager: subject.manager}
states:
  work: {wait: {until: 90 days}}
  judge: {task: {to: manager, title: Was it reached?, due: 5 workdays}}
  closed: {end: done}
on:
  person.paused:
    if: event.person == subject.id
    pause: {until: person.resumed, match: event.person == subject.id}
"""


def test_a_pause_that_happens_is_ended_by_what_ends_it_and_costs_its_time():
    paused = seen(PLAN, behaviour=(*EARLY, "happens=100"))
    never = seen(PLAN, behaviour=(*EARLY, "happens=0"))

    assert paused.tally.invented["plan", "person.paused"] == 2
    assert paused.tally.invented["plan", "person.resumed"] == 2
    assert len(paused.tally.ended["plan", "done"]) == len(never.tally.ended["plan", "done"]) == 2
    assert min(paused.tally.ended["plan", "done"]) > max(never.tally.ended["plan", "done"])


def test_a_pause_that_nobody_ends_is_told():
    report = seen(PLAN, behaviour=(*EARLY, "happens=100", "signals=0")).report

    assert [line.why for line in report.stuck] == [
        "it is paused until `person.resumed`, and none came that fits"
    ]
