"""The report's figures against a cohort that was reckoned by hand."""

from datetime import date

from support.rehearsals import EARLY, NOBODY, seen

ASK = """\
process: ask
version: 1
subject: person
states:
  ask:
    task: {to: subject, title: Say something, due: 5 workdays, about_minutes: 30}
    remind: [at due]
    late:
      - {after: 1 workday, tell: subject.manager}
      - {after: 2 workdays, go: silent}
  said: {end: said}
  silent: {end: silent}
"""


def test_nobody_answers_and_everything_follows_by_the_calendar():
    """Asked on Monday the 4th at 9:00, due on the 11th at 17:00, told on the 12th, over on the 13th."""
    report = seen(ASK, behaviour=NOBODY).report

    (part,) = report.processes
    assert (part.started, part.open) == (2, 0)
    assert [(e.outcome, e.cases, e.median) for e in part.endings] == [("silent", 2, 9.3)]
    assert report.mail.kinds == {
        "escalation": 2,
        "no_longer_needed": 2,
        "reminder": 2,
        "task": 2,
    }
    assert dict(report.mail.days) == {
        date(2027, 1, 4): 2,
        date(2027, 1, 11): 2,
        date(2027, 1, 12): 2,
        date(2027, 1, 13): 2,
    }
    assert (report.mail.total, report.escalations, report.withdrawn) == (8, 2, 2)
    assert report.answers == {}
    assert part.coverage.states_missed == ("said",)
    assert part.coverage.transitions_missed == ("ask: submit → said",)
    load = {one.name: one for one in report.load.people}
    assert (load["Ann"].arrived, load["Ann"].answered, load["Ann"].most_open) == (1, 0, 1)
    assert (load["Bob"].arrived, load["Bob"].letters) == (0, 2)
    assert report.mail.most == ("Bob", date(2027, 1, 12), 2)


def test_everybody_answers_early_and_the_load_is_theirs():
    report = seen(ASK, behaviour=EARLY).report

    (part,) = report.processes
    assert [(e.outcome, e.cases) for e in part.endings] == [("said", 2)]
    assert all(e.longest < 4 for e in part.endings)  # the first half of five working days
    assert report.mail.kinds == {"task": 2}
    assert report.answers == {"in time": 2}
    assert [(one.name, one.arrived, one.answered, one.minutes) for one in report.load.people] == [
        ("Ann", 1, 1, 30),
        ("Dan", 1, 1, 30),
    ]
    assert sum(one.arrived for one in report.load.weeks) == 2
    assert report.load.weeks[-1].open == 0
    assert report.sound


def test_late_answers_are_counted_late():
    slow = ASK.replace("after: 2 workdays, go", "after: 40 workdays, go")
    report = seen(slow, behaviour=("early=0", "due=0", "late=100", "never=0")).report

    assert report.answers == {"late": 2}
    assert report.processes[0].endings[0].shortest > 7


TWO = """\
process: two
version: 1
subject: person
states:
  both:
    parallel:
      one: {task: {to: subject.manager, title: One, due: 3 workdays}, remind: [at due]}
      two: {task: {to: subject.manager, title: Two, due: 3 workdays}, remind: [at due]}
  closed: {end: done}
"""


def test_reminders_of_one_person_and_instant_are_one_digest_over_all_cases():
    """Ann's and Dan's cases ask Bob four things that are due together."""
    report = seen(TWO, behaviour=NOBODY, letters=10)

    assert report.report.mail.kinds == {"task": 4, "digest": 1}
    assert report.report.mail.reminders == 4
    (bob,) = report.report.load.people
    assert (bob.letters, bob.most_open) == (5, 4)


QUEUE = """\
process: laptop
version: 1
subject: person
states:
  check: {task: {to: {queue: desk}, title: Check it, due: 5 workdays}}
  closed: {end: done}
"""


def test_a_queue_writes_to_all_its_members_and_one_takes_the_task():
    report = seen(QUEUE, behaviour=EARLY, subjects=("3",)).report

    assert report.mail.kinds["task"] == 2
    assert sum(one.answered for one in report.load.people) == 1
    assert [one.arrived for one in report.load.people] == [1, 1]
    assert report.load.weeks[-1].open == 0
