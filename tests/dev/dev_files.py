"""A small review, as an author might have written it."""

REVIEW = """\
process: review
version: 1
title: Review
subject: person
people:
  manager: subject.manager
  boss: subject.manager.manager
data:
  year: {type: text, from: start}
  goals: {type: table, columns: {goal: {type: text}, by: {type: date}}, required: false}
  peers: {type: people, required: false}
  rating: {type: scale, min: 1, max: 5, seen_by: [manager, boss], until: talk}
  bonus: {type: money, required: false, seen_by: [manager]}
forms:
  self: {title: "Your year {{ data.year }}", fields: [goals, peers]}
  rating: {fields: [rating, bonus]}
states:
  self:
    task: {to: subject, form: self, due: 10 workdays}
    remind: [3 workdays before due, at due]
  rate:
    task: {to: manager, form: rating, due: 5 workdays, buttons: [submit, return], title: "Rate {{ subject.name }}"}
    on: {submit: kit, return: self}
    late: {after: 3 workdays, tell: boss}
  kit: {task: {to: {queue: it-desk}, title: Take the laptop back}}
  calibrate: {wait: {for: calibration.published}}
  talk: {task: {to: manager, buttons: [told]}}
  closed: {end: done}
"""
TESTS = """\
tests:
  - name: a good year
    people: {subject: ann, manager: bob, boss: cy, it-desk: [ida, ivo]}
    start: {year: "2026"}
    play:
      - ann self: {peers: [dan]}
      - bob rate: {rating: 4}
    expect: {at: kit}
"""
