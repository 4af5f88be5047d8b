"""Short processes that tell and record what the long ones do, under the names that figures read."""


def recording(kind: str, **attributes: str) -> str:
    """A process that writes one record about its subject, and ends."""
    more = "".join(f", {name}: data.{name}" for name in attributes)
    fields = "".join(
        f"  {name}: {{type: {type_}, from: start}}\n" for name, type_ in attributes.items()
    )
    return f"""
process: note-{kind.replace("_", "-")}
version: 1
subject: person
data:
  value: {{type: number, from: start}}
{fields}
states: {{closed: {{end: done}}}}
records: {{{kind}: {{of: subject, value: data.value, valid: 18 months{more}}}}}
"""


SKILLS = """
process: note-skills
version: 1
subject: person
data: {list: {type: table, from: start, columns: {skill: {type: text}, level: {type: integer}}}}
states: {closed: {end: done}}
records: {skills: {of: subject, value: data.list}}
"""

CRITICAL = """
process: note-critical
version: 1
subject: position
data: {why: {type: text, from: start}}
states: {closed: {end: done}}
records: {critical: {of: subject, value: data.why}}
"""

EXIT = """
process: exit
version: 1
subject: person
key: one per subject
people: {hr: {role: head-of-hr}}
data:
  last_day: {type: date, from: start}
  cause: {type: text, from: start}
  seat: {type: text, from: start, required: false}
states:
  given:
    do: [{emit: notice.given, with: {person: subject.id, last_day: data.last_day, cause: data.cause}}]
  vacated:
    if: has(data.seat)
    do: [{emit: role.vacated, with: {position: data.seat, person: subject.id, last_day: data.last_day, cause: data.cause}}]
  talk:
    task: {to: hr, title: Does it stay so?, buttons: [it_does, they_stay], due: 5 workdays}
    on: {it_does: act, they_stay: back}
  act:
    task: {to: hr, title: What we do about it, due: 30 workdays}
    then: gone
  back:
    do: [{emit: notice.withdrawn, with: {person: subject.id}}]
  stays: {end: rescinded}
  gone:  {end: left}
"""

PLANNING = """
process: succession-planning
version: 1
subject: position
data:
  listed: {type: people, from: start}
  cover: {type: people, from: start, required: false}
states:
  named:
    each: one in data.listed
    do: [{emit: successor.named, with: {person: one.id, position: subject.id, band: '"now"', furthest: "one == data.listed[0]"}}]
  closed: {end: done}
records:
  succession: {of: subject, value: 'data.listed.map(p, {"person": p.id, "band": "now"}) + (has(data.cover) ? data.cover.map(p, {"person": p.id, "band": "in an emergency"}) : [])'}
"""

ACTIVATION = """
process: succession-activation
version: 1
subject: position
key: one per subject
people: {hr: {role: head-of-hr}}
starts:
  - {signal: role.vacated, for: event.position, if: has(subject.records.succession), with: {incumbent: event.person}}
data:
  incumbent: {type: person, from: start}
  who: {type: person}
states:
  look:
    task: {to: hr, title: Who takes the seat?, fields: [who], buttons: [for_now, for_good, nobody], due: 10 workdays}
    on: {for_now: sits_in, for_good: takes, nobody: asks}
  sits_in:
    do: [{emit: role.filled, with: {position: subject.id, person: data.who.id, interim: true, from: today}}]
    then: look
  takes:
    do: [{emit: role.filled, with: {position: subject.id, person: data.who.id, interim: false, from: today}}]
  closed: {end: filled}
  asks:
    do: [{emit: requisition.requested, with: {position: subject.id, title: subject.id}}]
  over: {end: search}
  stays: {end: stays}
on:
  notice.withdrawn: {if: event.person == data.incumbent.id, go: stays}
"""

RECRUITING = """
process: recruiting
version: 1
subject: position
key: one per subject
people: {hr: {role: head-of-hr}}
starts:
  - {by_hand: anybody}
  - {signal: requisition.requested, for: event.position}
data:
  candidate: {type: person}
  cost: {type: money, required: false, from: start}
states:
  approve:
    task: {to: hr, title: May it be filled?, buttons: [yes, no], due: 3 workdays}
    on: {yes: approved, no: refused}
  approved:
    do: [{emit: requisition.approved, with: {position: subject.id}}]
  search:
    task: {to: hr, title: Whom?, fields: [candidate], buttons: [ask_them, hire_them, call_off], due: 10 workdays}
    on: {ask_them: apply, hire_them: hired, call_off: off}
  apply:
    start: {process: candidate-application, for: data.candidate, wait: none, with: {position: subject.id, source: 'data.candidate.name == "Lou" ? "agency" : "our ad"'}}
    then: search
  hired:
    do:
      - {emit: role.filled, with: {position: subject.id, person: data.candidate.id, interim: false, from: today}}
      - {emit: requisition.closed, with: {position: subject.id, outcome: '"filled"'}}
  filled: {end: filled}
  off:
    do: [{emit: requisition.closed, with: {position: subject.id, outcome: '"called_off"'}}]
  called_off: {end: called_off}
  refused: {end: refused}
"""

APPLICATION = """
process: candidate-application
version: 1
subject: person
people: {hr: {role: head-of-hr}}
data: {position: {type: text, from: start}, source: {type: text, from: start}, starts_on: {type: date}}
states:
  open:
    do: [{emit: candidate.applied, with: {person: subject.id, position: data.position, source: data.source}}]
  interview_by_hr:
    task: {to: hr, title: First talk, buttons: [on, no], due: 5 workdays}
    on: {on: interview_by_team, no: rejected}
  interview_by_team:
    task: {to: hr, title: Second talk, buttons: [again, on, no], due: 5 workdays}
    on: {again: interview_by_team, on: offer, no: rejected}
  offer:
    task: {to: hr, title: Did they accept?, fields: [starts_on], due: 5 workdays}
  accepted:
    do: [{emit: offer.accepted, with: {person: subject.id, position: data.position, start_date: data.starts_on, employment: '"employee"', remote: 'false', leads: 'false'}}]
  hired: {end: hired}
  rejected: {end: rejected}
"""

ONBOARDING = """
process: onboarding
version: 1
subject: person
people: {hr: {role: head-of-hr}}
starts:
  - {signal: offer.accepted, for: event.person, if: event.position != "night-guard", with: {start_date: event.start_date}}
data: {start_date: {type: date, from: start}}
states:
  arrival: {task: {to: hr, title: Are they here?, due: data.start_date}}
  started:
    do: [{emit: person.started, with: {person: subject.id, start_date: data.start_date}}]
  closed: {end: complete}
"""

PROCESSES = (
    recording("rating", calibrated="yes_no", rated_by="text"),
    recording("potential", rater="text"),
    recording("talent"),
    recording("flight_risk"),
    SKILLS,
    CRITICAL,
    EXIT,
    PLANNING,
    ACTIVATION,
    APPLICATION,
    RECRUITING,
    ONBOARDING,
)
SHIPPED = (
    "calibration-decision",
    "calibration-session",
    "committee-meeting",
    "development-plan",
    "engagement-pulse",
    "feedback-request",
    "goal-setting",
    "pcer-year",
    "recognition",
    "stay-interview",
)
