"""Every fault gets one message: its code, and the exact words it is about, marked «like this»."""

import re
from textwrap import dedent

import pytest

from engine.document import Severity
from engine.loader import LOADER_CODES, load_text

HEAD = """\
process: review
version: 1
people:
  manager: subject.manager
  hrbp: {role: hr-partner, of: subject.department}
data:
  rating: {type: scale}
  why: {type: longtext}
  starts: {type: date, from: start}
  peers: {type: people}
  level: {type: choice, options: [junior, senior]}
  score: number
"""
FORMS = """\
forms:
  mark: {fields: [rating, why]}
"""
TALK = "  talk: {task: {to: manager, form: mark, due: 5 workdays}}\n"
END = "  closed: {end: done}\n"


def states(*lines: str) -> str:
    """A sound definition whose first state is `rate`, written as given."""
    body = "\n".join(f"  {line}" for line in dedent("\n".join(lines)).strip("\n").split("\n"))
    return HEAD + FORMS + "states:\n" + body + "\n" + TALK + END


def state(*lines: str) -> str:
    inner = "\n".join(f"  {line}" for line in dedent("\n".join(lines)).strip("\n").split("\n"))
    return states("rate:\n" + inner)


def data(line: str) -> str:
    head = HEAD.replace("  score: number\n", f"  score: number\n  {line}\n")
    return head + FORMS + "states:\n" + TALK + END


def top(line: str) -> str:
    return HEAD + FORMS + line + "\nstates:\n" + TALK + END


WRONG = {
    # the definition itself
    "E231 a process id in capitals": top("").replace("process: review", "process: «Review»"),
    "E204 a version with a point": top("").replace("version: 1", "version: «1.10»"),
    "E202 an unknown top-level key": top("«pepole»: {a: subject}"),
    "E204 people that are a list": top("").replace("people:\n  manager: subject.manager\n  hrbp: {role: hr-partner, of: subject.department}\n", "people: «[manager]»\n").replace("to: manager", "to: subject"),
    "E220 a key without the word per": top("key: «only subject»"),
    "E211 a key of an unknown field": top("key: one per «cycel», subject"),
    "E220 a key that is not known at the start": top("key: one per «score»"),
    "E303 a calendar of an unknown field": top("calendar: subject.«locaton»"),
    "E204 a calendar of nothing": top("calendar: «[]»"),
    # people
    "E303 a role from an unknown field": top("").replace("manager: subject.manager", "manager: subject.«manger»"),
    "E202 a misspelt option of a role": top("").replace("of: subject", "«off»: subject"),
    "E210 a role called subject": top("").replace("  hrbp:", "  «subject»: case.opened_by\n  hrbp:"),
    "E213 roles in a circle": top("").replace("  hrbp: {", "  one: «two»\n  two: one\n  hrbp: {"),
    "E204 two look-ups in one rule": top("").replace("of: subject.department", "«queue»: desk"),
    # data and forms
    "E205 an unknown type": data("size: {type: «nummer»}"),
    "E203 a field without a type": data("«size»: {label: Size}"),
    "E227 a file that nobody was asked for": data("«letter»: {type: file, from: start}"),
    "E227 a file in a table": data("letters: {type: table, columns: {letter: {type: «file»}}}"),
    "E227 a choice without options": data("«size»: choice"),
    "E227 a minimum above the maximum": data("«size»: {type: number, min: 5, max: 1}"),
    "W206 a share out of a hundred": data("size: {type: percent, max: «100»}"),
    "E204 a minimum in words": data("size: {type: number, min: «one»}"),
    "E213 a field seen by nobody known": data("size: {type: number, seen_by: [subject, «manger»]}"),
    "E201 a field hidden until an unknown state": data("size: {type: number, until: «tlak»}"),
    "E216 a redaction after nonsense": data("size: {type: text, redact_after: 2 «yeers»}"),
    "E304 a prefill over text and number": data("size: {type: number, prefill: «data.why + 1»}"),
    "E209 a field with a hyphen": data("«my-size»: text"),
    "E209 a field with a word of the language": data("«in»: text"),
    "E211 a form that asks an unknown field": states(*TALK.splitlines()).replace("fields: [rating,", "fields: [«ratng»,").replace("  rate", "  rate").replace("  talk: {task: {to: manager, form: mark, due: 5 workdays}}\n  talk", "  talk"),
    "E229 a field asked twice": top("").replace("[rating, why]", "[rating, «rating»]"),
    "E210 a data field declared again in a form": top("").replace("[rating, why]", "{«rating»: {type: text}}"),
    "E210 an answer with the name of a role": top("").replace("[rating, why]", "{«manager»: {type: text}}"),
    # states
    "E206 a state without a kind": state("«rate»:").replace("    «rate»:\n", "").replace("  rate:", "  «rate»: {then: talk}"),
    "E207 two kinds": state("task: {to: manager}", "«wait»: {until: data.starts}"),
    "E202 a misspelt kind": state("«tsak»: {to: manager}"),
    "E208 a key of another kind": state("do: {tell: manager}", "«enough»: 3"),
    "E209 a state called done": states("«done»: {task: {to: manager}}"),
    "E209 a state in capitals": states("«Rate»: {task: {to: manager}}"),
    "E210 a state with the name of a role": states("«manager»: {task: {to: subject}}"),
    "E233 one person alone": state("task: {to: manager, «anonymous»: true, fields: {note: text}}"),
    "E233 buttons": state("each: peer in data.peers", "task: {to: peer, «anonymous»: true, buttons: [good, bad], fields: {note: text}}"),
    "E233 a signature": state("each: peer in data.peers", "task: {to: peer, «anonymous»: true, sign: true, fields: {note: text}}"),
    "E233 a vote": state("each: peer in data.peers", "task: {to: peer, «anonymous»: true, fields: {note: text}}", "quorum: {submit: 2}"),
    "E233 a field of the case": state("each: peer in data.peers", "task: {to: peer, «anonymous»: true, fields: [score]}"),
    "E233 nothing to keep apart": state("each: peer in data.peers", "task: {to: peer, «anonymous»: true}"),
    "E233 an attestation": state("each: peer in data.peers", "task: {to: peer, «anonymous»: true, fields: {sure: attest}}"),
    "E302 an answer that nobody may read alone": state("each: peer in data.peers", "task: {to: peer, anonymous: true, fields: {note: text}}", "on: {submit: [{if: «note» == 'x', go: done}, {otherwise: done}]}"),
    "E302 answers before the round is over": state("each: peer in data.peers", "task: {to: peer, anonymous: true, fields: {note: text}}", "enough_if: size(«answers») > 1"),
    "E205 advice of nobody": state("advise: {run: «bias», to: manager}"),
    "E230 assurance": state("task: {to: manager, assurance: «code»}"),
    "E208 somebody else after the last day": state("task: {to: manager, «even_if_left»: true}"),
    "E208 a role after the last day": state("task: {to: {role: hr-partner, «even_if_left»: true}}"),
    "E208 an undo in the wrong place": state("task: {to: manager}", "«undo»: done_states"),
    # tasks
    "E203 a task for nobody": state("task: {«form»: mark}"),
    "E213 a task for an unknown role": state("task: {to: «manger», form: mark}"),
    "E213 a task for a date": state("task: {to: «data.starts»}"),
    "E212 an unknown form": state("task: {to: manager, form: «marks»}"),
    "E204 a form and fields": state("task: {to: manager, «form»: mark, fields: [why]}"),
    "E216 a due date in unknown units": state("task: {to: manager, due: 5 «wrkdays»}"),
    "E303 a due date before an unknown field": state("task: {to: manager, due: 3 workdays before data.«start»}"),
    "E217 a due date before a number": state("task: {to: manager, due: 3 workdays before «data.score»}"),
    "E217 a due date of signs": state('task: {to: manager, due: "«- 3 -»"}'),
    "E303 a title with an unknown field": state('task: {to: manager, title: "For {{ subject.«nam» }}"}'),
    "E229 a button twice": state("task: {to: manager, buttons: [yes_sure, «yes_sure»]}"),
    "E205 an unknown change of owners": state("task: {to: manager, on_owner_change: «forget»}"),
    # rows and targets
    "E201 an unknown target": state("task: {to: manager}", "then: «tlak»"),
    "E214 an unknown button": state("task: {to: manager, buttons: [accept]}", "on: {accept: talk, «acept»: talk}"),
    "W201 a button without a row": state("task: {to: manager, buttons: [accept, return]}", "«on»: {accept: talk}"),
    "E305 a condition that is a number": state("task: {to: manager, form: mark}", "on: {submit: [{if: «rating + 1», go: talk}, {otherwise: talk}]}"),
    "E306 text against a number": state("task: {to: manager}", "on: {submit: [{if: «data.why > 4», go: talk}, {otherwise: talk}]}"),
    "E303 an unknown field, inside quotes": state("task: {to: manager}", "on:", "  submit:", '    - {if: "data.«ratng» >= 4", go: talk}', "    - {otherwise: talk}"),
    "E306 an impossible choice": state("task: {to: manager}", "on: {submit: [{if: 'data.level == «\"boss\"»', go: talk}, {otherwise: talk}]}"),
    "E225 a row after otherwise": state("task: {to: manager}", "on: {submit: [{otherwise: talk}, «{if: data.score > 1, go: talk}»]}"),
    "E208 otherwise with a condition": state("task: {to: manager}", "on: {submit: [{«if»: data.score > 1, otherwise: talk}]}"),
    "E211 setting an unknown field": state("task: {to: manager}", "set: {«scor»: 1}"),
    "E304 setting a number to text": state("task: {to: manager}", "set: {score: «data.why»}"),
    "E222 done at the top": state("task: {to: manager}", "then: «done»"),
    "E222 a last state that leads nowhere": (HEAD + FORMS + "states:\n" + TALK + END).replace(TALK + END, END + TALK).replace("  closed: {end: done}\n  talk", "  first: {wait: {until: data.starts}, then: talk}\n  closed: {end: done}\n  «talk»").replace("task: {to: manager, form: mark, due: 5 workdays}", "task: {to: manager, form: mark}"),
    "E215 an event in one word": top("on: {«left»: {end: withdrawn}}"),
    # walls
    "E221 out of a branch": state("parallel:", "  a: {task: {to: manager}, then: «talk»}", "  b: {task: {to: subject}}"),
    "E221 into a branch": state("parallel:", "  a: {states: {x: {task: {to: manager}}}}", "  b: {task: {to: subject}}").replace("due: 5 workdays}}", "due: 5 workdays}, then: «x»}"),
    "E221 between branches": state("parallel:", "  a: {task: {to: manager}, then: «b»}", "  b: {task: {to: subject}}"),
    "E221 out of an instance": state("each: peer in data.peers", "task: {to: peer}", "on: {submit: «talk»}"),
    "E222 done for a whole each": state("parallel:", "  a: {each: peer in data.peers, task: {to: peer}, after: {5 days: «done»}}", "  b: {task: {to: subject}}"),
    # each, parallel, votes
    "E220 each without in": state("each: «data.peers»", "task: {to: manager}"),
    "E304 each over a text": state("each: one in «data.why»", "task: {to: manager}"),
    "E302 each over nothing known": state("each: one in «peeple»", "task: {to: manager}"),
    "E210 an item called subject": state("each: «subject» in data.peers", "task: {to: manager}"),
    "E206 each without a body": state("«each»: peer in data.peers"),
    "E219 enough of what": state("each: peer in data.peers", "task: {to: peer}", "enough: 3 or «most»"),
    "E219 more branches than there are": state("parallel: {a: {task: {to: manager}}, b: {task: {to: subject}}}", "enough: «3»"),
    "E214 a quorum of an unknown button": state("each: peer in data.peers", "task: {to: peer, buttons: [approve, reject]}", "quorum: {«aprove»: 2, veto: any}"),
    "W205 a quorum without veto": state("each: peer in data.peers", "task: {to: peer, buttons: [approve, reject]}", "quorum: «{approve: 2}»"),
    "E219 a veto nobody can cast": state("each: peer in data.peers", "task: {to: peer, buttons: [approve]}", "quorum: {approve: 2, «veto»: any}"),
    # clocks
    "E218 a reminder in the wrong words": state("task: {to: manager, due: 5 workdays}", "remind: [«2 days early»]"),
    "E226 a reminder without a due date": state("task: {to: manager}", "remind: «[at due]»"),
    "E226 late without a due date": state("task: {to: manager}", "late: «{after: 2 days, tell: hrbp}»"),
    "E203 late without anything to do": state("task: {to: manager, due: 5 days}", "late: «{after: 2 days}»"),
    "E204 late with two things to do": state("task: {to: manager, due: 5 days}", "late: {after: 2 days, tell: hrbp, «go»: talk}"),
    "E208 reassigning what is no task": state("wait: {until: data.starts}", "late: {after: 2 days, «reassign»: hrbp}"),
    "E216 after nonsense": state("wait: {until: data.starts}", "after: {soon: talk}").replace("soon", "«soon»"),
    "E216 every nothing": state("wait: {until: data.starts}", "every: {period: «0 days», do: {tell: manager}}"),
    # the other kinds
    "E203 a wait for nothing": state("wait: «{match: event.x == 1}»").replace("«{match: event.x == 1}»", "«{}»"),
    "E215 a wait for one word": state("wait: {for: «published»}"),
    "E303 a match over an unknown field": state("wait: {for: a.b, match: event.x == subject.«departmnt»}"),
    "E202 an unknown effect": state("do: [{«notify»: manager}]"),
    "E220 a retry without over": state("do: {call: payroll, retry: «5 times»}"),
    "E228 reading what another row sets": state("decide:", "  hit: all", "  rows:", "    - {if: data.rating > 1, set: {score: 1}}", "    - «{if: data.score > 1, set: {why: data.level}}»", "    - {otherwise: next}"),
    "E228 setting twice with all": state("decide:", "  hit: all", "  rows:", "    - {if: data.rating > 1, set: {score: 1}}", "    - «{if: data.rating > 2, set: {score: 2}}»", "    - {otherwise: next}"),
    "E228 adding texts": state("decide:", "  hit: sum", "  rows:", "    - «{if: data.rating > 1, set: {why: data.level}}»", "    - {otherwise: next}"),
    "E205 an unknown hit": state("decide: {hit: «best», rows: [{otherwise: next}]}"),
    "E205 a version that is no version": state("start: {process: plan, version: «newest»}"),
    "E231 a sub-case of a name in capitals": state("start: {process: «Plan»}"),
    # ways
    "E223 a state behind a jump": states("rate: {task: {to: manager}, then: talk}", "«lost»: {task: {to: manager}}"),
    "E224 a circle without a way out": states("«rate»: {task: {to: manager, form: mark}, then: rate}", "@").replace("  @\n" + TALK, ""),
    "W204 a form nobody asks": top("").replace("forms:\n", "forms:\n  «idle»: {fields: [score]}\n"),
    "E208 a pause that leads away": top("on: {person.paused: {pause: person.resumed, «end»: withdrawn}}"),
    "E208 a pause of one state": state("task: {to: manager}", "on: {person.paused: {«pause»: person.resumed}}"),
    "E203 a pause without an end": top("on: {person.paused: {pause: {«match»: event.person == subject.id}}}"),
    "E234 a pause that ends as it begins": top("on: {person.paused: {pause: «person.paused»}}"),
    "E234 a pause in two ways": top("on: {«person.paused»: [{if: event.long, pause: person.resumed}, {unless: event.long, pause: leave.ended}]}"),
    "E215 a pause until one word": top("on: {person.paused: {pause: «back»}}"),
    "W203 an undo": top("on: {person.left: {end: withdrawn, «undo»: done_states}}"),
    # what comes later is checked for its shape
    "E220 a migration from nowhere": top("migrate: {«2»: {else: stay}}").replace("«2»", "«version 2»"),
    "E202 a retention of something else": top("retention: {«photos»: 2 years}"),
    "E216 a retention in workdays": top("retention: {answers: «10 workdays»}"),
    "E216 a retention of nonsense": top("retention: {answers: 2 «yeers»}"),
    "E204 tests that are no list": top("tests: «{name: x}»"),
}  # fmt: skip


def unmarked(text: str) -> tuple[str, tuple[int, int, int, int]]:
    """The text without marks, and where the marked words stand in it."""
    start, end = text.index("«"), text.index("»") - 1
    plain = text.replace("«", "").replace("»", "")

    def place(at: int) -> tuple[int, int]:
        before = plain[:at]
        return before.count("\n") + 1, at - (before.rfind("\n") + 1) + 1

    return plain, (*place(start), *place(end))


# What the walk over the states says is not asked for here: it needs all targets.
@pytest.mark.parametrize("case", WRONG, ids=lambda case: case.replace(" ", "-"))
def test_a_fault_is_told_once_and_at_the_words_it_is_about(case: str):
    code = case.split(" ", 1)[0]
    text, place = unmarked(WRONG[case])

    found = load_text(text, "review.yaml").diagnostics

    told = [
        (d.code, (d.span.line, d.span.column, d.span.end_line, d.span.end_column)) for d in found
    ]
    listing = "\n".join(
        f"{d.span.line}:{d.span.column} {d.code} {d.message} ({d.label}) {d.help}" for d in found
    )
    assert told == [(code, place)], listing


@pytest.mark.parametrize("case", WRONG, ids=lambda case: case.replace(" ", "-"))
def test_a_message_is_a_sentence_with_a_way_out(case: str):
    text, _ = unmarked(WRONG[case])

    for found in load_text(text, "review.yaml").diagnostics:
        assert found.message
        assert not found.message.endswith(".")
        assert "None" not in found.message
        assert found.help or found.label or re.search(r"E3|E205", found.code)
        assert found.code.startswith("E3") or found.code in LOADER_CODES
        assert (found.severity is Severity.WARNING) == found.code.startswith("W")


def test_a_sound_definition_is_told_nothing():
    found = load_text(HEAD + FORMS + "states:\n" + TALK + END, "review.yaml")

    assert found.diagnostics == ()
    assert found.definition is not None


def test_a_compound_that_is_left_from_inside_has_a_way_to_an_end():
    found = load_text(
        states(
            "begin: {task: {to: manager}}",
            "rate:",
            "  states:",
            "    look: {task: {to: manager}, then: talk}",
            "  then: rate",
        ),
        "review.yaml",
    )

    assert [d.code for d in found.diagnostics] == []


CIRCLE_BESIDE = (
    "rate:",
    "  parallel:",
    "    round:",
    "      states:",
    "        one: {task: {to: manager}}",
    "        two: {task: {to: manager}, then: one}",
    "    over: {task: {to: manager}}",
)


def test_a_branch_may_go_round_for_ever_where_another_is_enough():
    enough = load_text(states(*CIRCLE_BESIDE, "  enough: 1"), "review.yaml")
    not_enough = load_text(states(*CIRCLE_BESIDE), "review.yaml")

    assert [d.code for d in enough.diagnostics] == []
    assert [d.code for d in not_enough.diagnostics] == ["E224"]


def test_one_is_not_enough_if_all_branches_go_round_for_ever():
    over = "    over: {states: {three: {task: {to: manager}, then: three}}}"
    found = load_text(states(*CIRCLE_BESIDE[:-1], over, "  enough: 1"), "review.yaml")

    assert [d.code for d in found.diagnostics] == ["E224"]


def test_a_circle_inside_a_compound_has_no_way_to_an_end():
    found = load_text(
        states(
            "rate:",
            "  states:",
            "    one: {task: {to: manager}}",
            "    two: {task: {to: manager}, then: one}",
        ),
        "review.yaml",
    )

    told = [(d.code, d.span.line) for d in found.diagnostics]
    assert told == [("E224", 18)]


def test_the_first_state_of_a_compound_is_reached_though_a_row_jumps_past_it():
    both = states(
        "rate:",
        "  task: {to: manager, buttons: [agree, ask_again]}",
        "  on: {agree: talks, ask_again: talks.again}",
        "talks:",
        "  states:",
        "    plan: {task: {to: manager}}",
        "    again: {task: {to: manager}}",
    )
    jump_only = both.replace("agree: talks,", "agree: talks.again,")

    assert load_text(both, "review.yaml").diagnostics == ()
    (found,) = load_text(jump_only, "review.yaml").diagnostics
    assert (found.code, found.message) == ("E223", "nobody can reach `plan`")


TEN = """\
process: review
version: 1
people: {manager: subject.«manger»}
data:
  rating: {type: «scal»}
  why: {type: longtext, seen_by: [«boss»]}
forms:
  mark: {fields: [rating, «whi»]}
states:
  rate:
    task: {to: «mangr», form: mark, due: 5 «wrkdays»}
    «remnd»: at due
    on:
      submit:
        - {if: "data.why > «nothing»", go: «tlak»}
        - {otherwise: talk}
  talk: {«tsk»: {to: manager}}
  closed: {end: done}
"""


def test_ten_faults_get_ten_messages_in_the_order_of_the_file():
    marked = [
        (number, line.index("«", at) + 1 - 2 * before)
        for number, line in enumerate(TEN.split("\n"), 1)
        for before, at in enumerate(m.start() for m in re.finditer("«", line))
    ]
    text = TEN.replace("«", "").replace("»", "")

    found = load_text(text, "review.yaml").diagnostics

    assert [(d.span.line, d.span.column) for d in found] == marked
    assert [d.code for d in found] == [
        "E303",
        "E205",
        "E213",
        "E211",
        "E213",
        "E216",
        "E202",
        "E302",
        "E201",
        "E202",
    ]


def test_a_wrong_target_shows_where_the_right_one_is_declared():
    (found,) = load_text(state("task: {to: manager}", "then: tlak"), "review.yaml").diagnostics

    assert found.label == "did you mean `talk`?"
    assert [(mark.span.line, mark.label) for mark in found.also] == [(19, "declared here")]


def test_text_that_is_no_document_is_told_like_everything_else():
    found = load_text("a: [1", "review.yaml")

    assert found.definition is None
    assert [d.code for d in found.diagnostics] == ["E110"]


def test_a_list_is_no_definition():
    found = load_text("- a\n- b\n", "review.yaml")

    assert found.definition is None
    assert [d.code for d in found.diagnostics] == ["E204"]
