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

EVERYTHING = """\
process: all-kinds
version: 1
title: A bit of everything
subject: person
people:
  manager: subject.manager
  buddy: data.buddy
  hr: {role: hr-partner}
starts:
  - {by_hand: anybody}
  - signal: offer.accepted
    for: event.person
    if: event.country == "DE"
    with: {day: event.day}
data:
  day: {type: date, from: start}
  team: {type: people, min: 3}
  buddy: {type: person}
  letter: {type: file, label: The signed letter, seen_by: [manager, buddy]}
  mean: {type: number, required: false, seen_by: [hr]}
  double: {type: computed, compute: "data.mean * 2"}
states:
  gather:
    task: {to: manager, fields: [team, buddy, letter], due: 5 workdays}
  ask:
    each: one in data.team
    task:
      to: one
      anonymous: {at_least: 3}
      fields: {mark: {type: scale}, why: {type: longtext, required: false}}
    set: {mean: "size(ask.answers) > 0 ? mean(ask.answers.map(a, a.mark)) : 0.0"}
  note:
    each: one in data.team
    task: {to: manager, title: "About {{ one.name }}", fields: {text: {type: text}}}
  weigh:
    advise: {run: rating_distribution, to: hr, title: How are the ratings spread?}
    on: {accept: both, dismiss: both, other: both}
  both:
    parallel:
      desk: {task: {to: {queue: it-desk}}}
      talk: {task: {to: manager, buttons: [fine, not_fine]}}
  closed: {end: done}
"""
