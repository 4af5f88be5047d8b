"""Examples for what is wrong with a definition."""
# ruff: noqa: E501 - a wrong and a right line are compared side by side

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from tenure.cli.examples.example import Example, data, form, rows, states, text, top

_MANY: Final = "".join(f"  step_{number}: {{do: {{tell: subject}}}}\n" for number in range(1001))

DEFINITIONS: Final[Mapping[str, Example]] = MappingProxyType(
    {
        "E201": states("rate: {task: {to: manager}, then: tlak}", "rate: {task: {to: manager}, then: talk}"),
        "E202": states("rate: {task: {to: manager, form: mark}, remnd: at due}", "rate: {task: {to: manager, form: mark, due: 5 workdays}, remind: at due}"),
        "E203": states("rate: {task: {form: mark}}", "rate: {task: {to: manager, form: mark}}"),
        "E204": top("tests: {name: a good year}", "tests:\n  - name: a good year"),
        "E205": data("size: {type: nummer}", "size: {type: number}"),
        "E206": states("rate: {then: talk}", "rate: {task: {to: manager}, then: talk}"),
        "E207": states("rate: {task: {to: manager}, wait: {until: data.start_date}}", "begin: {wait: {until: data.start_date}}\nrate: {task: {to: manager}}"),
        "E208": states("inform: {do: {tell: manager}, enough: 3}", "inform: {do: {tell: manager}}"),
        "E209": data("first-day: {type: date}", "first_day: {type: date}"),
        "E210": states("manager: {task: {to: manager}}", "rate: {task: {to: manager}}"),
        "E211": form("mark: {fields: [ratng, why]}", "mark: {fields: [rating, why]}"),
        "E212": states("rate: {task: {to: manager, form: marks}}", "rate: {task: {to: manager, form: mark}}"),
        "E213": states("rate: {task: {to: manger, form: mark}}", "rate: {task: {to: manager, form: mark}}"),
        "E214": states(
            "agree:\n  task: {to: manager, buttons: [accept, return]}\n  on: {accept: talk, return: agree, reject: agree}",
            "agree:\n  task: {to: manager, buttons: [accept, return, reject]}\n  on: {accept: talk, return: agree, reject: agree}",
        ),
        "E215": states("calibrate: {wait: {for: published}}", "calibrate: {wait: {for: calibration.published}}"),
        "E216": states("rate: {task: {to: manager, due: 5 wrkdays}}", "rate: {task: {to: manager, due: 5 workdays}}"),
        "E217": states("rate: {task: {to: manager, due: 3 workdays before data.score}}", "rate: {task: {to: manager, due: 3 workdays before data.start_date}}"),
        "E218": states(
            "rate: {task: {to: manager, due: 5 workdays}, remind: 2 days early}",
            "rate: {task: {to: manager, due: 5 workdays}, remind: 2 days before due}",
        ),
        "E219": states(
            "peers: {each: peer in data.peers, task: {to: peer}, enough: most}",
            "peers: {each: peer in data.peers, task: {to: peer}, enough: 3 or 80%}",
        ),
        "E220": top("key: only subject", "key: one per subject"),
        "E221": states(
            "both:\n  parallel:\n    one: {task: {to: manager}, then: talk}\n    two: {task: {to: subject}}",
            "both:\n  parallel:\n    one: {task: {to: manager}, then: done}\n    two: {task: {to: subject}}",
        ),
        "E222": states("rate: {task: {to: manager}, then: done}", "rate: {task: {to: manager}, then: next}"),
        "E223": states(
            "rate: {task: {to: manager}, then: talk}\nlost: {task: {to: manager}}",
            "rate: {task: {to: manager}, then: talk}",
        ),
        "E224": text(
            "process: round\nversion: 1\nstates:\n  ask: {task: {to: subject}, then: ask}\n",
            "process: round\nversion: 1\nstates:\n  ask: {task: {to: subject}}\n  closed: {end: done}\n",
        ),
        "E225": rows(
            "- {otherwise: talk}\n- {if: data.rating >= 4, go: closed}",
            "- {if: data.rating >= 4, go: closed}\n- {otherwise: talk}",
        ),
        "E226": states(
            "rate: {task: {to: manager}, remind: at due}",
            "rate: {task: {to: manager, due: 5 workdays}, remind: at due}",
        ),
        "E227": data("size: {type: number, min: 5, max: 1}", "size: {type: number, min: 1, max: 5}"),
        "E228": states(
            "score:\n  decide:\n    hit: all\n    rows:\n"
            "      - {if: data.rating > 1, set: {score: 1}}\n"
            "      - {if: data.rating > 2, set: {score: 2}}\n"
            "      - {otherwise: next}",
            "score:\n  decide:\n    hit: first\n    rows:\n"
            "      - {if: data.rating > 2, set: {score: 2}}\n"
            "      - {if: data.rating > 1, set: {score: 1}}\n"
            "      - {otherwise: next}",
        ),
        "E229": form("mark: {fields: [rating, rating]}", "mark: {fields: [rating, why]}"),
        "E230": states("rate: {task: {to: manager, form: mark, assurance: code}}", "rate: {task: {to: manager, form: mark}}"),
        "E231": text(
            "process: Review\nversion: 1\nstates:\n  closed: {end: done}\n",
            "process: review\nversion: 1\nstates:\n  closed: {end: done}\n",
        ),
        "E232": text(
            f"process: long\nversion: 1\nstates:\n{_MANY}  closed: {{end: done}}\n",
            "process: long\nversion: 1\nstates:\n  second_half: {start: {process: longer}}\n  closed: {end: done}\n",
        ),
        "E233": states(
            "ask: {each: peer in data.peers, task: {to: peer, anonymous: true, buttons: [good, bad], fields: {note: text}}}",
            "ask: {each: peer in data.peers, task: {to: peer, anonymous: true, fields: {how: {type: choice, options: [good, bad]}, note: text}}}",
        ),
        "E234": top(
            "on: {person.paused: {pause: person.paused}}",
            "on: {person.paused: {pause: person.resumed}}",
        ),
        "W201": states(
            "agree: {task: {to: manager, buttons: [accept, return]}, on: {return: agree}}",
            "agree: {task: {to: manager, buttons: [accept, return]}, on: {accept: talk, return: agree}}",
        ),
        "W202": states(
            "rate:\n  task: {to: manager, fields: {talk: {type: yes_no}}}\n  on: {submit: [{if: talk, go: closed}, {otherwise: next}]}",
            "rate:\n  task: {to: manager, fields: {talked: {type: yes_no}}}\n  on: {submit: [{if: talked, go: closed}, {otherwise: next}]}",
        ),
        "W203": top("on: {person.left: {end: left, undo: done_states}}", "on: {person.left: {end: left}}"),
        "W204": form("mark: {fields: [rating]}\nidle: {fields: [score]}", "mark: {fields: [rating, score]}"),
        "W205": states(
            "vote:\n  each: peer in data.peers\n  task: {to: peer, buttons: [approve, reject]}\n  quorum: {approve: 2}",
            "vote:\n  each: peer in data.peers\n  task: {to: peer, buttons: [approve, reject]}\n  quorum: {approve: 2, veto: any}",
        ),
        "W206": form(
            "mark: {fields: {raise: {type: percent, max: 20}}}",
            "mark: {fields: {raise: {type: percent, max: 0.2}}}",
        ),
    }
)  # fmt: skip
