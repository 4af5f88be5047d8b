"""Only what can be meant in one way is mended; the rest of the text stays, byte for byte."""

from engine.loader import load_text
from engine.verify import mend
from tenure.cli.examples import EXAMPLES

WRONG = """\
process: review   # the yearly one
version: 1
people: {manager: subject.manager}
data:
  rating: {type: scael, min: 1, max: 5}     # one to five
  level: {type: choice, options: [junior, senior]}
states:

  # first the rating
  rate:
    taks: {to: manger, fields: [rating, level], due: ten workdays}
    on:
      submit:
        - {if: not data.rating >= 3 and data.levl = "junior", go: tlak}
        - {otherwise: closd}
  talk: {task: {to: 'managr', title: "Talk to {{ subject.nmae }}"}}
  closed: {end: done}
"""
RIGHT = """\
process: review   # the yearly one
version: 1
people: {manager: subject.manager}
data:
  rating: {type: scale, min: 1, max: 5}     # one to five
  level: {type: choice, options: [junior, senior]}
states:

  # first the rating
  rate:
    task: {to: manager, fields: [rating, level], due: 10 workdays}
    on:
      submit:
        - {if: '!(data.rating >= 3) && data.level == "junior"', go: talk}
        - {otherwise: closed}
  talk: {task: {to: 'manager', title: "Talk to {{ subject.name }}"}}
  closed: {end: done}
"""


def test_slips_are_mended_and_comments_and_layout_stay():
    mended = mend(WRONG, "review.yaml")

    assert mended.source == RIGHT
    assert load_text(mended.source, "review.yaml").definition is not None
    assert len(mended.made) == 12


def test_what_is_sound_is_left_alone():
    assert mend(RIGHT, "review.yaml").source == RIGHT
    assert mend(RIGHT, "review.yaml").made == ()


def test_a_name_that_could_mean_two_things_is_left_to_the_author():
    source = RIGHT.replace("data.level", "data.lvel").replace(
        "level: {type: choice", "levels: {type: text}\n  level: {type: choice"
    )

    assert mend(source, "review.yaml").source == source


def test_an_edit_in_a_text_with_escapes_keeps_them():
    source = RIGHT.replace(
        '"Talk to {{ subject.name }}"', '"\\u201cTalk\\u201d\\n{{ subject.nam }}"'
    )
    mended = mend(source, "review.yaml")

    assert '"\\u201cTalk\\u201d\\n{{ subject.name }}"' in mended.source


def test_line_ends_stay_as_they_are():
    mended = mend(WRONG.replace("\n", "\r\n"), "review.yaml")

    assert mended.source == RIGHT.replace("\n", "\r\n")


def test_mending_twice_changes_nothing_more():
    for code, example in EXAMPLES.items():
        if isinstance(example.wrong, str):
            once = mend(example.wrong, "example.yaml").source
            assert mend(once, "example.yaml").source == once, code


def test_what_was_right_is_never_touched():
    sound = {
        code: example.right
        for code, example in EXAMPLES.items()
        if load_text(example.right, "example.yaml").definition is not None
    }

    assert len(sound) > 50
    for code, right in sound.items():
        assert mend(right, "example.yaml").source == right, code
