"""People from outside in a rehearsal: made up, written to, and never counted among the staff."""

from support.rehearsals import EARLY, setup_of

from engine.rehearsal import rehearse, report_of

REFERENCE = """\
process: reference
version: 1
subject: person
people: {manager: subject.manager}
data:
  referees: {type: table, min: 2, max: 2, columns: {who: guest}}
  lead: {type: guest, from: start}
states:
  name: {task: {to: subject, fields: [referees], due: 5 workdays}}
  ask:
    each: one in data.referees.map(row, row.who)
    task: {to: one, title: "{{ one.name }}, tell us", fields: {words: text}, due: 20 workdays}
  lead: {task: {to: data.lead, fields: {words: text}, due: 5 workdays}}
  closed: {end: done}
"""
LEAD = {"name": "Lea Lead", "email": "lea@outside.test"}


def test_guests_are_asked_and_answer_though_the_organisation_changes_meanwhile():
    setup = setup_of(
        REFERENCE, data={"lead": LEAD}, behaviour=EARLY, letters=100,
        changes="from,number,department\n2027-01-06,2,Marketing\n",
    )  # fmt: skip
    tally = rehearse(setup)
    report = report_of(setup, tally)

    assert {name: len(took) for (_, name), took in tally.ended.items()} == {"done": 2}
    assert (tally.strays.of, report.people) == ({}, 4)
    letters = [brief for lots in tally.sample.kept.values() for lot in lots.values()
               for _, _, brief in lot if brief.kind == "task"]  # fmt: skip
    outside = sorted(brief.to.email for brief in letters if brief.to.email.endswith("outside.test"))
    assert len(outside) == 6
    assert outside[-2:] == ["lea@outside.test", "lea@outside.test"]
    assert all(brief.task.title.startswith("Guest ") for brief in letters
               if brief.to.email.startswith("guest-") )  # fmt: skip


def test_a_guest_with_an_address_of_the_people_file_is_that_person():
    start = {"lead": {"name": "Robert", "email": "BOB@firm.test"}}
    setup = setup_of(REFERENCE, data=start, behaviour=EARLY, letters=100, days=200)

    tally = rehearse(setup)

    (letters,) = (lots for lots in tally.sample.kept.values() if lots)
    asked = [brief for lot in letters.values() for _, _, brief in lot]
    assert [one.to.id for one in asked if one.task.title == "Lead"] == ["2", "2"]  # Bob's number


HEARD = """\
process: heard
version: 1
subject: person
data:
  who: guest
  rows: {type: table, columns: {who: guest}}
states:
  wait:
    wait: {for: somebody.came}
    set: {who: event.person, rows: event.rows}
  ask: {task: {to: data.who, fields: {yes: yes_no}, due: 5 workdays}}
  closed: {end: done}
"""


def test_an_event_brings_somebody_by_id():
    tally = rehearse(setup_of(HEARD, behaviour=EARLY))

    assert tally.incidents.of == {}
    assert {name: len(took) for (_, name), took in tally.ended.items()} == {"done": 2}
