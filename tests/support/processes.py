"""Small processes for tests, each about one thing."""

LAPTOP = """
process: laptop-return
version: 1
title: Laptop return
subject: person
states:
  ask:    {task: {to: subject, form: laptop_return, due: 5 workdays}}
  check:  {task: {to: {role: it-desk}, form: received, due: 3 workdays}}
  closed: {end: done}
forms:
  laptop_return: {fields: {sent_on: {type: date}, tracking: {type: text, required: false}}}
  received:      {fields: {condition: {type: choice, options: [good, damaged]}}}
"""

# One hour to answer; then the manager is told, and a day later the case goes on without.
LATE = """
process: feedback
version: 1
subject: person
states:
  ask:
    task: {to: subject, title: Your feedback, fields: {words: {type: text}}, due: 2 hours}
    remind: [1 hours before due]
    late:
      - {after: 1 hours, tell: subject.manager}
      - {after: 5 hours, go: missed}
  thanks: {end: given}
  missed: {end: missed}
"""

# A second look at a mark; `check` fails while nobody filled `mark`.
RATING = """
process: rating
version: 1
subject: person
key: one per cycle, subject
data:
  cycle: {type: text, from: start}
  goal: {type: text, from: start, required: false}
  mark: {type: scale, min: 1, max: 5}
forms:
  mark: {fields: [mark]}
states:
  rate:
    task: {to: subject.manager, form: mark, due: 5 workdays}
    on:
      submit:
        - {if: "data.mark >= 4", go: second}
        - {otherwise: closed}
  second:
    task: {to: subject.manager.manager, form: mark, due: 3 workdays, buttons: [approve, reject]}
    on: {approve: closed, reject: rate}
  closed: {end: done}
on:
  person.left: {end: withdrawn}
"""

# The condition reads a field that nobody filled until somebody repairs it.
STUCK = """
process: stuck
version: 1
subject: person
data:
  limit: {type: integer, from: start, required: false}
  amount: {type: integer}
forms:
  amount: {fields: [amount]}
states:
  both:
    parallel:
      ask:
        task: {to: subject, form: amount, due: 2 workdays}
        on:
          submit:
            - {if: "data.amount > data.limit", go: done}
            - {otherwise: done}
      other:
        task: {to: subject.manager, title: Anything else, due: 2 workdays}
  closed: {end: done}
"""

QUEUE = """
process: equipment
version: 1
subject: person
states:
  prepare: {task: {to: {queue: it}, title: Prepare the laptop, due: 2 workdays}}
  closed: {end: done}
"""

SHARED = """
process: shared
version: 1
subject: person
states:
  decide: {task: {to: {queue: it}, title: Decide, due: 2 workdays}}
  closed: {end: done}
"""

WAITING = """
process: calibration
version: 1
subject: person
key: one per subject
data:
  grade: {type: text}
states:
  begin: {task: {to: subject, title: Begin, due: 2 workdays}}
  calibrate:
    wait: {for: calibration.published, match: "event.department == subject.department"}
    set: {grade: event.grade}
  closed: {end: done}
"""

EMITTER = """
process: announcement
version: 1
subject: person
data:
  department: {type: text, from: start}
states:
  publish:
    do:
      - {emit: calibration.published, with: {department: data.department, grade: "'L5'"}}
  closed: {end: done}
"""

PARENT = """
process: parent
version: 1
subject: person
states:
  open: {task: {to: subject, title: Open it, due: 2 workdays}}
  child:
    start: {process: laptop-return}
  thanks: {task: {to: subject, title: Thanks, due: 2 workdays}}
  closed: {end: done}
on:
  stop.it: {end: stopped}
"""

# Started by the calendar alone, at noon UTC in winter, and about nobody.
SCHEDULED = """
process: plan
version: 1
subject: none
starts: {every: day, at: "13:00"}
states:
  plan: {do: {emit: plan.made}}
  closed: {end: done}
"""
