"""Examples for what `check` proves about a definition."""
# ruff: noqa: E501 - a wrong and a right line are compared side by side

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from tenure.cli.examples.example import Example, rows, states, text

_PRIVATE: Final = """\
process: pay
version: 1
people: {manager: subject.manager}
data:
  rating: {type: scale, from: start, seen_by: [manager]}
  iban: {type: text, from: start, sensitive: true}
states:
"""
_BUDGET: Final = """\
process: spend
version: 1
people: {manager: subject.manager}
data: {budget: {type: number, from: start}}
states:
  plan: {task: {to: subject, fields: [budget]}}
"""
_LOOK: Final = "  look:\n    task: {to: manager, buttons: [seen]}\n    on: {seen: "
_END: Final = "  closed: {end: done}\n"


def _private(wrong: str, right: str) -> Example:
    return text(*(f"{_PRIVATE}  {line}\n{_END}" for line in (wrong, right)))


PROOFS: Final[Mapping[str, Example]] = MappingProxyType(
    {
        "E401": rows(
            "- {if: rating >= 4, go: closed}\n- {if: rating <= 2, go: talk}",
            "- {if: rating >= 4, go: closed}\n- {otherwise: talk}",
        ),
        "E402": rows(
            "- {if: rating >= 3, go: closed}\n- {if: rating == 5, go: talk}\n- {otherwise: talk}",
            "- {if: rating == 5, go: talk}\n- {if: rating >= 3, go: closed}\n- {otherwise: talk}",
        ),
        "E403": rows(
            "- {if: rating > 5, go: closed}\n- {otherwise: talk}",
            "- {if: rating == 5, go: closed}\n- {otherwise: talk}",
        ),
        "E404": states(
            "rate: {task: {to: manager, form: mark}}\n"
            "weigh: {decide: {hit: unique, rows: [{if: data.rating >= 3, go: talk}, {if: data.rating <= 3, go: closed}]}}",
            "rate: {task: {to: manager, form: mark}}\n"
            "weigh: {decide: {hit: unique, rows: [{if: data.rating > 3, go: talk}, {if: data.rating <= 3, go: closed}]}}",
        ),
        "E405": states(
            "weigh: {decide: [{if: data.score > 3, go: talk}, {otherwise: closed}]}",
            "count: {task: {to: manager, fields: [score]}}\n"
            "weigh: {decide: [{if: data.score > 3, go: talk}, {otherwise: closed}]}",
        ),
        "E406": states(
            "both:\n  parallel:\n    one: {task: {to: manager, fields: [score]}}\n    two: {task: {to: hrbp, fields: [score]}}",
            "both:\n  parallel:\n    one: {task: {to: manager, fields: [score]}}\n    two: {task: {to: hrbp, fields: {second: number}}}",
        ),
        "E407": _private(
            'pay: {task: {to: manager, title: "Pay to {{ data.iban }}"}}',
            "pay: {task: {to: manager, title: Pay the bonus, fields: [iban]}}",
        ),
        "E408": states(
            "one: {decide: [{if: has(data.score), go: talk}, {otherwise: two}]}\ntwo: {do: {tell: hrbp}, then: one}",
            "one: {decide: [{if: has(data.score), go: talk}, {otherwise: two}]}\ntwo: {task: {to: hrbp, fields: [score]}, then: one}",
        ),
        "E409": text(
            f"process: peers\nversion: 1\ndata: {{peers: {{type: people, max: 3, from: start}}}}\nstates:\n  ask: {{each: peer in data.peers, task: {{to: peer}}, enough: 5}}\n{_END}",
            f"process: peers\nversion: 1\ndata: {{peers: {{type: people, max: 3, from: start}}}}\nstates:\n  ask: {{each: peer in data.peers, task: {{to: peer}}, enough: 2}}\n{_END}",
        ),
        "E410": states(
            "rate: {task: {to: subject, not: subject, form: mark}}",
            "rate: {task: {to: manager, not: subject, form: mark}}",
        ),
        "E411": states(
            "rate: {task: {to: manager, form: mark, due: 3 workdays}, remind: 5 workdays before due}",
            "rate: {task: {to: manager, form: mark, due: 3 workdays}, remind: 1 workday before due}",
        ),
        "E414": states(
            "weigh: {do: {set: {rating: 7}}}",
            "weigh: {do: {set: {rating: 5}}}",
        ),
        "E415": states(
            "ask: {task: {to: manager, form: mark}}\nhold: {wait: {for: contract.signed}}\nsign: {task: {to: subject}}\nsay: {do: {emit: contract.signed}}",
            "ask: {task: {to: manager, form: mark}}\nsign: {task: {to: subject}}\nsay: {do: {emit: contract.signed}}\nhold: {wait: {for: contract.signed}}",
        ),
        "E416": text(
            f"{_BUDGET}{_LOOK}[{{if: data.budget > 100, go: closed}}, {{otherwise: look}}]}}\n{_END}",
            f"{_BUDGET}{_LOOK}[{{if: data.budget > 100, go: closed}}, {{otherwise: plan}}]}}\n{_END}",
        ),
        "W401": states(
            "weigh: {decide: [{if: size(data.peers) > 3, go: talk}, {if: size(data.peers) < 3, go: closed}]}",
            "weigh: {decide: [{if: size(data.peers) > 3, go: talk}, {otherwise: closed}]}",
        ),
        "W405": states(
            "ask: {task: {to: manager, fields: {score: {required: false}}}}\n"
            "weigh: {decide: [{if: data.score > 3, go: talk}, {otherwise: closed}]}",
            "ask: {task: {to: manager, fields: {score: {required: false}}}}\n"
            "weigh: {decide: [{if: has(data.score) && data.score > 3, go: talk}, {otherwise: closed}]}",
        ),
        "W406": states(
            "ask: {task: {to: manager, fields: [peers]}}\npeers: {each: peer in data.peers, task: {to: peer, fields: [score]}}",
            "ask: {task: {to: manager, fields: [peers]}}\npeers: {each: peer in data.peers, task: {to: peer, fields: {given: number}}}",
        ),
        "W407": _private(
            'tell: {task: {to: {queue: payroll}, title: "Rated {{ data.rating }}"}}',
            'tell: {task: {to: manager, title: "Rated {{ data.rating }}"}}',
        ),
        "W410": states(
            "rate: {task: {to: manager, form: mark}}\nlook: {task: {to: manager, not: rate.done_by}}",
            "rate: {task: {to: manager, form: mark}}\nlook: {task: {to: manager, not: rate.done_by, if_nobody: hrbp}}",
        ),
        "W415": states(
            "ask: {task: {to: manager, buttons: [yes, no]}, on: {yes: say, no: hold}}\nsay: {do: {emit: desk.ready}}\nhold: {wait: {for: desk.ready}}",
            "ask: {task: {to: manager, buttons: [yes, no]}, on: {yes: say, no: talk}}\nsay: {do: {emit: desk.ready}}\nhold: {wait: {for: desk.ready}}",
        ),
        "W412": text(
            f"process: begin\nversion: 1\ndata: {{first: {{type: date, from: start, required: false}}}}\nstates:\n  begin: {{wait: {{until: data.first}}}}\n{_END}",
            f"process: begin\nversion: 1\ndata: {{first: {{type: date, from: start}}}}\nstates:\n  begin: {{wait: {{until: data.first}}}}\n{_END}",
        ),
        "W413": states(
            "rate: {task: {to: manager, form: mark}}\ntell: {if: data.rating >= 1, do: {tell: hrbp}}",
            "rate: {task: {to: manager, form: mark}}\ntell: {if: data.rating >= 3, do: {tell: hrbp}}",
        ),
        "W420": text(
            f"process: pulse\nversion: 1\ndata: {{team: {{type: people, from: start}}}}\nstates:\n  ask: {{each: one in data.team, task: {{to: one, anonymous: true, fields: {{why: text}}}}}}\n{_END}",
            f"process: pulse\nversion: 1\ndata: {{team: {{type: people, min: 3, from: start}}}}\nstates:\n  ask: {{each: one in data.team, task: {{to: one, anonymous: true, fields: {{why: text}}}}}}\n{_END}",
        ),
        "W421": text(
            f"process: reference\nversion: 1\ndata: {{who: guest}}\nstates:\n  name: {{task: {{to: subject, fields: [who]}}}}\n{_END}",
            f"process: reference\nversion: 1\nretention: {{answers: 1 year}}\ndata: {{who: guest}}\nstates:\n  name: {{task: {{to: subject, fields: [who]}}}}\n{_END}",
        ),
    }
)  # fmt: skip
