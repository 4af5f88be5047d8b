"""Phrases have one meaning each, and whatever else is written is refused at the word."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.core.time import Span, Unit
from engine.loader.durations import PhraseRefused, duration
from engine.loader.phrases import due, enough, key, loop, looping, reminder, retry

DURATIONS = {
    "10 workdays": (10, Unit.WORKDAYS),
    "1 workday": (1, Unit.WORKDAYS),
    "2 weeks": (2, Unit.WEEKS),
    " 4 hours ": (4, Unit.HOURS),
    "90 minutes": (90, Unit.MINUTES),
    "3 months": (3, Unit.MONTHS),
    "1 year": (1, Unit.YEARS),
    "0 days": (0, Unit.DAYS),
    "P14D": (14, Unit.DAYS),
    "P1M": (1, Unit.MONTHS),
    "PT1M": (1, Unit.MINUTES),
    "P1Y": (1, Unit.YEARS),
    "P1Y6M": (18, Unit.MONTHS),
    "P2W": (2, Unit.WEEKS),
    "P1W3D": (10, Unit.DAYS),
    "PT36H": (36, Unit.HOURS),
    "PT1H30M": (90, Unit.MINUTES),
}


@pytest.mark.parametrize("text", DURATIONS)
def test_a_length_of_time_keeps_its_unit(text: str):
    amount, unit = DURATIONS[text]

    assert duration(text) == Span(amount=amount, unit=unit)


REFUSED = {
    "10": (0, 2),
    "ten workdays": (0, 12),
    "10 wrkdays": (3, 7),
    "5bd": (1, 2),
    "-3 days": (0, 7),
    "1.5 days": (0, 8),
    "P": (0, 1),
    "PT": (0, 2),
    "P1DT2H": (0, 6),
    "P1M2D": (0, 5),
    "999999999 days": (0, 14),
    "": (0, 1),
}


@pytest.mark.parametrize("text", REFUSED)
def test_what_is_no_length_of_time_is_refused_at_the_word(text: str):
    with pytest.raises(PhraseRefused) as refused:
        duration(text)

    assert (refused.value.offset, refused.value.length) == REFUSED[text]
    assert refused.value.help


def test_a_number_in_words_is_told_as_digits():
    with pytest.raises(PhraseRefused) as refused:
        duration("ten workdays")

    assert refused.value.help == "write `10 workdays`"


def test_a_due_date_counts_from_the_opening_or_from_a_date():
    plain, before, after = (
        due("5 workdays"),
        due("3 workdays before data.start"),
        due("P1M after x"),
    )
    at, date = due("at data.start"), due("data.start")

    assert (plain.anchor, plain.before) == (None, False)
    assert (before.anchor, before.anchor_offset, before.before) == ("data.start", 18, True)
    assert after.span == Span(amount=1, unit=Unit.MONTHS)
    assert (at.span, at.anchor, at.anchor_offset) == (None, "data.start", 3)
    assert (date.span, date.anchor) == (None, "data.start")


@pytest.mark.parametrize("text", ["- 3", "", "  ", "3 workdays until x", "3 bd before data.x"])
def test_what_is_no_due_date_is_refused(text: str):
    with pytest.raises(PhraseRefused) as refused:
        due(text)

    assert refused.value.help


def test_whatever_begins_like_a_name_is_left_to_the_expression():
    assert due("before data.start").anchor == "before data.start"


def test_reminders():
    assert reminder("at due").span is None
    assert reminder("3 workdays before due").before
    repeated = reminder("every 2 workdays after due")
    assert (repeated.repeats, repeated.before, repeated.span) == (
        True,
        False,
        Span(amount=2, unit=Unit.WORKDAYS),
    )
    assert not reminder("1 day after due").repeats


@pytest.mark.parametrize(
    "text",
    ["due", "every 2 days before due", "every 0 days after due", "3 days before start", "at du"],
)
def test_what_is_no_reminder_is_refused(text: str):
    with pytest.raises(PhraseRefused) as refused:
        reminder(text)

    assert refused.value.help


def test_enough_is_a_count_a_share_or_either():
    assert (enough("3").count, enough("3").share) == (3, None)
    assert (enough("80%").count, enough("80%").share) == (None, 0.8)
    assert (enough("3 or 80%").count, enough("3 or 80%").share) == (3, 0.8)


@pytest.mark.parametrize("text", ["", "0", "most", "3 or", "3 or 4", "120%", "0%", "3 and 80%"])
def test_what_is_no_answer_to_how_many_is_refused(text: str):
    with pytest.raises(PhraseRefused):
        enough(text)


def test_keys_retries_and_loops():
    assert key("one per cycle, subject") == (("cycle", 8), ("subject", 15))
    assert key("one per subject") == (("subject", 8),)
    assert retry("5 over 1 day") == (5, Span(amount=1, unit=Unit.DAYS))
    assert retry("3 times over P1W") == (3, Span(amount=1, unit=Unit.WEEKS))
    found = loop("peer in data.peers")
    assert (found.item, found.items, found.offset) == ("peer", "data.peers", 8)


@pytest.mark.parametrize(
    ("read", "text"),
    [
        (key, "one"),
        (key, "one per"),
        (key, "one per a,,b"),
        (key, "two per subject"),
        (retry, "5"),
        (retry, "0 over 1 day"),
        (retry, "5 over night"),
        (loop, "data.peers"),
        (loop, "a b in c"),
        (looping, "0 days"),
    ],
)
def test_other_phrases_are_refused(read, text: str):
    with pytest.raises(PhraseRefused):
        read(text)


@given(
    st.sampled_from([duration, due, reminder, enough, key, retry, loop, looping]),
    st.one_of(
        st.text(max_size=40),
        st.lists(
            st.sampled_from(
                [
                    "3",
                    "80",
                    "%",
                    "or",
                    "P1M",
                    "every",
                    "at",
                    "due",
                    "before",
                    "after",
                    "workdays",
                    "days",
                    "in",
                    "one",
                    "per",
                    "over",
                    ",",
                    "data.x",
                ]
            ),
            max_size=8,
        ).map(" ".join),
    ),
)
def test_a_phrase_is_read_or_refused_inside_the_text(read, text: str):
    refused = None
    try:
        read(text)
    except PhraseRefused as found:
        refused = found

    assert refused is None or 0 <= refused.offset <= len(text)
    assert refused is None or refused.length >= 1
