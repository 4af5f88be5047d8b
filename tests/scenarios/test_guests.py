"""People from outside in a scenario: named in an answer, at the start, or among `people:`."""

from textwrap import dedent

from engine.core.form import FieldType
from engine.loader import load_text
from engine.loader.schema import schema
from engine.scenarios import play_all

PANEL = """\
process: panel
version: 1
people: {recruiter: subject.manager}
data:
  first: {type: guest, from: start, required: false}
  candidates:
    type: table
    required: false
    columns: {who: guest, band: {type: choice, options: [A, B]}}
  where: {type: text, required: false}
states:
  collect: {task: {to: recruiter, fields: [candidates], due: 2 workdays}}
  ask:
    each: one in data.candidates.map(row, row.who.id)
    task: {to: one, fields: {yes: yes_no}, due: 5 workdays}
  note: {do: [{set: {where: "data.candidates[0].who.name + ' ' + data.candidates[0].who.email"}}]}
  first:
    if: has(data.first)
    task: {to: data.first, fields: {yes: yes_no}, due: 5 workdays}
  closed: {end: done}
tests:
"""


def played(test: str) -> list[str | None]:
    source = PANEL + "".join(f"  {line}\n" for line in dedent(test).splitlines())
    found = load_text(source, "panel.yaml")
    assert found.definition is not None, found.diagnostics
    results = play_all(found).results
    return [one.failure and one.failure.sentence for one in results]


def test_guests_of_a_table_are_asked_by_their_names():
    assert played("""\
        - name: two candidates
          people: {subject: ann, recruiter: rita}
          play:
            - "rita collect: {candidates: [{who: cara, band: A}, {who: dan, band: B}]}"
            - expect: {tasks: [cara ask, dan ask]}
            - "cara ask: {yes: true}"
            - "dan ask: {yes: false}"
          expect: {ended: done, data: {where: Cara cara@example.com}}
        """) == [None]


def test_a_guest_written_out_is_found_again_by_the_address():
    assert played("""\
        - name: one candidate, twice
          people: {subject: ann, recruiter: rita, other: {name: dora, guest: true}}
          start: {first: {name: Cara Doe, email: cara.doe@example.org}}
          play:
            - rita collect:
                candidates:
                  - {who: {name: C. Doe, email: CARA.DOE@example.org}, band: A}
                  - {who: {name: Who, email: dora@example.com}, band: B}
            - expect: {tasks: [cara ask, dora ask]}
            - "cara ask: {yes: true}"
            - "dora ask: {yes: true}"
            - expect: {tasks: [cara first]}
            - "cara first: {yes: true}"
          expect: {ended: done, data: {where: Cara Doe cara.doe@example.org}}
        """) == [None]


def test_what_the_page_would_refuse_of_a_guest_fails_the_test():
    (failure,) = played("""\
        - name: no address
          people: {subject: ann, recruiter: rita}
          play:
            - "rita collect: {candidates: [{who: {name: Cara, email: cara}, band: A}]}"
        """)

    assert failure is not None
    assert "candidates.0.who.email: Row 1: Who: “cara” is no e-mail address." in failure


def test_a_guest_may_be_what_a_case_is_about_and_has_no_manager():
    assert played("""\
        - name: about a guest
          people: {subject: {name: cara, guest: true}}
          expect: {incident: nobody}
        """) == [None]


def test_editors_offer_guests_among_the_types():
    offered = schema()["$defs"]["field_options"]["properties"]["type"]["enum"]

    assert FieldType.GUEST.value in offered
