"""A definition is loaded while its author types: forty states within a tenth of a second."""

import time

from engine.loader import load_text

HEAD = (
    "process: big\nversion: 1\npeople: {manager: subject.manager}\n"
    "data:\n  rating: {type: scale}\n"
    "forms:\n  rate: {title: 'Rate {{ subject.name }}', fields: [rating]}\nstates:\n"
)
STATE = (
    "    task: {to: manager, form: rate, due: 5 workdays, title: 'Rate {{ subject.name }}'}\n"
    "    remind: [3 workdays before due, at due]\n"
    "    late: {after: 2 workdays, tell: manager, text: 'Late: {{ subject.name }}'}\n"
    "    on:\n      submit:\n"
    "        - {if: 'rating >= 4 || data.rating == 1', go: next}\n"
    "        - {otherwise: s0}\n"
)


def test_forty_states_load_within_a_tenth_of_a_second():
    text = HEAD + "".join(f"  s{n}:\n{STATE}" for n in range(39)) + "  closed: {end: done}\n"
    spent = []
    for _ in range(5):
        begun = time.process_time()
        found = load_text(text, "big.yaml")
        spent.append(time.process_time() - begun)

    assert found.definition is not None
    assert min(spent) < 0.1
