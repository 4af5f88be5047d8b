"""A planted secret is looked for in everything that anybody reads, by role and over time."""

import pytest
from privacy_ways_out import WayOut, ways_out
from support.office import Office

from engine.audit.verify import verify

VERDICT = "VERDICT-4711"  # seen by manager and boss until the talk
IBAN = "IBAN-4712"  # sensitive: in no mail, log, list or plain export
REMARK = "REMARK-4713"  # a sensitive answer of a task's own

SECRETS = """
process: secrets
version: 1
subject: person
key: one per iban
people: {manager: subject.manager, boss: subject.manager.manager}
data:
  iban:    {type: text, sensitive: true, from: start}
  verdict: {type: longtext, seen_by: [manager, boss], until: talk}
  echo:    {type: computed, compute: 'data.verdict + "!"'}
  twin:    {type: computed, compute: 'data.iban + "!"'}
  grade:   {type: text, required: false, max: 8, sensitive: true}
forms:
  fill: {fields: {verdict: {}, remark: {type: text, sensitive: true}}}
  page:
    title: "A page on {{ data.verdict }}"
    intro: "It says {{ data.verdict }}."
    fields:
      - verdict
      - echo
      - mine: {type: text, prefill: data.verdict, required: false}
states:
  fill:
    task: {to: manager, form: fill, due: 1 workday}
    set: {grade: '"ok"'}
    on:
      submit:
        - {if: 'data.iban != "" && data.verdict != "" && fill.remark != "" && data.twin != ""', go: both}
        - {otherwise: both}
  both:
    parallel:
      own:
        task:
          to: subject
          form: page
          due: 1 workday
          text: "Of {{ data.verdict }} and {{ data.iban }} and {{ fill.remark }} and {{ data.echo }}"
        late: {after: 1 workday, tell: case.opened_by}
      other:
        task: {to: boss, title: "Do you agree with {{ data.verdict }}?", due: 1 workday}
        late: {after: 1 workday, tell: subject}
      news:
        do:
          - {tell: subject, title: "News on {{ data.verdict }}", text: "{{ data.iban }} {{ data.echo }}"}
          - {incident: "Look at {{ data.iban }} and {{ data.twin }} and {{ fill.remark }}"}
  talk:
    task: {to: subject, form: page, due: 1 workday}
  closed: {end: done}
"""


@pytest.fixture
def case(office: Office) -> str:
    office.world.publish_unproved(SECRETS)
    name = office.world.service.start("secrets", "p_ann", {"iban": IBAN}, "p_dan", office.world.now)
    office.world.answer("fill", "bob", verdict=VERDICT, remark=REMARK)
    return name


def leaks(found: list[WayOut], *, told_to: set[str]) -> list[str]:
    """Which of these tell something that their reader may not see."""
    wrong = []
    for way in found:
        if way.reader is None or way.name.startswith("mail"):
            wrong += [
                f"{way.name} shows {secret}" for secret in (IBAN, REMARK) if secret in way.text
            ]
        if VERDICT in way.text and way.reader is not None and way.reader not in told_to:
            wrong.append(f"{way.name} shows {VERDICT} to {way.reader}")
    return wrong


def test_no_way_out_tells_a_secret_before_its_time(office, case):
    found = list(ways_out(office, case))
    office.world.later(days=4)  # both tasks are late, and others are told
    office.world.advance()
    found += ways_out(office, case)

    assert leaks(found, told_to={"bob", "cy"}) == []
    assert verify(office.world.database).ok
    names = {way.name.partition(" #")[0] for way in found}
    assert {"mail task", "mail note", "mail escalation", "page /task", "history"} <= names
    assert len([way for way in found if way.reader == "ann"]) > 5


def test_who_may_see_it_does(office, case):
    found = list(ways_out(office, case))

    to_boss = [way.text for way in found if way.name.startswith("mail") and way.reader == "cy"]
    assert any(VERDICT in text for text in to_boss)
    assert any(VERDICT in way.text for way in found if way.name == "case")


def test_from_its_time_on_everybody_on_the_case_sees_it(office, case):
    office.world.answer("both.own", "ann", verdict=VERDICT)
    office.world.answer("both.other", "cy")
    found = list(ways_out(office, case))

    assert leaks(found, told_to={"ann", "bob", "cy"}) == []
    mine = [way for way in found if way.reader == "ann" and way.name == "page /task"]
    assert any(VERDICT in way.text for way in mine)


def test_a_task_that_changes_hands_leaves_what_the_next_owner_may_not_see(office, case):
    task = office.world.task("both.other")
    office.world.service.reassign(task, "p_fay", None, "on leave", office.world.now)
    found = list(ways_out(office, case))

    assert [way for way in found if way.reader == "fay"]
    assert verify(office.world.database).ok
    assert leaks(found, told_to={"bob", "cy"}) == []


def test_an_incident_does_not_quote_a_sensitive_value(office):
    office.world.publish_unproved(SECRETS.replace("'\"ok\"'", "data.iban"))
    name = office.world.start("secrets", iban=IBAN)
    office.world.answer("fill", "bob", verdict=VERDICT, remark=REMARK)
    found = list(ways_out(office, name))

    (incident,) = office.world.incidents()
    assert "(not shown)" in incident.message
    assert leaks(found, told_to={"bob", "cy"}) == []
