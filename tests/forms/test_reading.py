"""What people type becomes answers, or a sentence that helps."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from engine.core.expression import BOOL, NUMBER, compile_expression, record
from engine.core.form import Field, FieldType, Form
from engine.forms import (
    check,
    read,
    renumbered,
    schema,
    typed,
    validator,
    with_guests,
    written,
)

NOW = datetime(2027, 1, 4, 9, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")


def field(name, kind, **more):
    plain = {
        "label": name.replace("_", " ").capitalize(),
        "help": None,
        "required": True,
        "required_if": None,
        "min": None,
        "max": None,
        "options": (),
        "anchors": {},
        "columns": (),
        "prefill": None,
        "compute": None,
        "seen_by": None,
        "until": None,
        "sensitive": False,
        "from_start": False,
        "redact_after": None,
    }
    return Field(name=name, type=FieldType(kind), **{**plain, **more})


def form(*fields):
    return Form(name="f", title=None, intro=None, fields=fields, shared=frozenset())


def reading(the_form, pairs, known=None):
    return read(
        the_form,
        typed(pairs, the_form),
        known=known or {},
        exists=lambda person: person in ("dan", "eve"),
        zone=BERLIN,
        now=NOW,
    )


@pytest.mark.parametrize(
    ("kind", "pairs", "value"),
    [
        ("text", [("f", "  hello ")], "hello"),
        ("longtext", [("f", "a\r\nb")], "a\nb"),
        ("integer", [("f", "1 200")], 1200),
        ("number", [("f", "1.234,5")], 1234.5),
        ("number", [("f", "1,234.5")], 1234.5),
        ("number", [("f", "1,234,567")], 1234567),
        ("number", [("f", "0.125")], 0.125),
        ("number", [("f", "1.2340")], 1.234),
        ("integer", [("f", "1,234")], 1234),
        ("percent", [("f", "12 %")], 0.12),
        ("money", [("f.amount", "50,000"), ("f.currency", "EUR")],
         {"amount": "50000", "currency": "EUR"}),
        ("money", [("f.amount", "50.000"), ("f.currency", "EUR")],
         {"amount": "50000", "currency": "EUR"}),
        ("money", [("f.amount", "50.5"), ("f.currency", "EUR")],
         {"amount": "50.5", "currency": "EUR"}),
        ("money", [("f.amount", "1'234.50"), ("f.currency", "eur")],
         {"amount": "1234.50", "currency": "EUR"}),
        ("date", [("f.day", "1"), ("f.month", "June"), ("f.year", "2027")], "2027-06-01"),
        ("datetime", [("f.day", "1"), ("f.month", "6"), ("f.year", "2027"), ("f.time", "9.30")],
         "2027-06-01T09:30:00+02:00"),
        ("yes_no", [("f", "no")], False),
        ("scale", [("f", "4")], 4),
        ("person", [("f", "dan")], "dan"),
        ("people", [("f", "dan"), ("f", "eve"), ("f", "dan")], ["dan", "eve"]),
        ("guest", [("f.name", " Zoe  Gast "), ("f.email", "Zoe@EXAMPLE.org ")],
         {"name": "Zoe Gast", "email": "Zoe@example.org"}),
        ("attest", [("f.name", "Ann")], {"name": "Ann", "at": "2027-01-04T09:00:00+00:00"}),
    ],
)  # fmt: skip
def test_spellings_of_a_value_are_understood(kind, pairs, value):
    found = reading(form(field("f", kind)), pairs)

    assert found.faults == ()
    assert found.answers == {"f": value}


@pytest.mark.parametrize(
    ("kind", "more", "pairs", "at", "sentence"),
    [
        ("text", {}, [], "f", "F: please fill this in."),
        ("text", {"label": "Whom shall we call?"}, [], "f", "Answer “Whom shall we call?”"),
        ("longtext", {"min": 20}, [("f", "short")], "f",
         "F: write at least 20 characters; there are 5."),
        ("text", {}, [("f", "x" * 501)], "f", "F: shorten it to 500 characters; there are 501."),
        ("integer", {}, [("f", "3.5")], "f", "Enter a whole number; 3.5 has a fraction."),
        ("integer", {"max": 12}, [("f", "13")], "f", "F: enter 12 or less; 13 is too large."),
        ("number", {}, [("f", "many")], "f", "Enter a number; “many” is none."),
        ("number", {}, [("f", "1,234")], "f",
         "“1,234” could be 1234 or 1.2340. Write it as one of these two."),
        ("money", {}, [("f.amount", "1.234"), ("f.currency", "KWD")], "f.amount",
         "“1.234” could be 1234 or 1.2340. Write it as one of these two."),
        ("number", {}, [("f", "NaN")], "f", "Enter a number; “NaN” is none."),
        ("date", {}, [("f.day", "31"), ("f.month", "2"), ("f.year", "2027")], "f.day",
         "This day is in no calendar. Enter a date such as 24 12 2027."),
        ("date", {}, [("f.day", "1"), ("f.month", "2"), ("f.year", "27")], "f.year",
         "Enter the year with four digits, such as 2027."),
        ("date", {}, [("f.day", "1"), ("f.month", ""), ("f.year", "2027")], "f.month",
         "Enter the month too."),
        ("date", {}, [], "f.day", "F: enter a date such as 24 12 2027."),
        ("choice", {"options": ("a", "b")}, [("f", "c")], "f", "F: choose one of a, b."),
        ("choice", {"options": ("a", "b")}, [], "f", "F: choose one."),
        ("person", {}, [("f", "zed")], "f", "“zed” is nobody we know. Search by name and choose."),
        ("people", {"max": 1}, [("f", "dan"), ("f", "eve")], "f", "F: at most 1; there are 2."),
        ("money", {}, [("f.amount", "12")], "f.currency",
         "Enter the currency as three letters, such as EUR."),
        ("guest", {}, [], "f.name", "F: enter a name and an e-mail address."),
        ("guest", {}, [("f.name", "Zoe")], "f.email",
         "Enter their e-mail address too, so that they can be asked."),
        ("guest", {}, [("f.email", "zoe@example.org")], "f.name", "Enter their name too."),
        ("guest", {}, [("f.name", "Zoe"), ("f.email", "zoe at example")], "f.email",
         "This is no e-mail address: An email address must have an @-sign."),
        ("attest", {}, [], "f.name", "F: type your name to confirm."),
    ],
)  # fmt: skip
def test_every_fault_says_what_to_do_at_the_input_to_put_right(kind, more, pairs, at, sentence):
    found = reading(form(field("f", kind, **more)), pairs)

    assert [(fault.at, fault.sentence) for fault in found.faults] == [(at, sentence)]


def test_rows_of_a_table_are_read_and_empty_ones_forgotten():
    goals = field("goals", "table", columns=(field("goal", "text"), field("due", "date")))
    pairs = [
        ("goals.0.goal", "Ship it"),
        ("goals.0.due.day", "1"),
        ("goals.0.due.month", "6"),
        ("goals.0.due.year", "2027"),
        ("goals.1.goal", ""),
        ("goals.2.goal", "Half"),
    ]

    found = reading(form(goals), pairs)

    assert found.answers["goals"] == [{"goal": "Ship it", "due": "2027-06-01"}, {"goal": "Half"}]
    assert [fault.at for fault in found.faults] == ["goals.2.due.day"]
    assert found.faults[0].sentence == "Row 3: enter due."


def test_a_question_is_required_only_when_its_condition_holds():
    scope = {"data": record({"rating": NUMBER}), "rating": NUMBER}
    why = field(
        "why",
        "longtext",
        required=False,
        required_if=compile_expression("rating == 1", scope, wants=BOOL),
    )
    the_form = form(field("rating", "scale", min=1, max=5), why)

    assert reading(the_form, [("rating", "3")]).faults == ()
    assert [fault.at for fault in reading(the_form, [("rating", "1")]).faults] == ["why"]


def test_answers_from_elsewhere_are_held_against_the_same_schema():
    the_form = form(field("rating", "scale", min=1, max=5))

    faults = check(the_form, {"rating": "five", "more": 1}, known={}, exists=lambda _: True)

    assert {fault.at: fault.sentence for fault in faults} == {
        "rating": "Rating: this must be a whole number of the scale.",
        "more": "There is no question “more” on this page.",
    }


@pytest.mark.parametrize(
    ("value", "at", "sentence"),
    [
        ({"name": "Zoe"}, "f.email", "F: enter a name and an e-mail address."),
        ({"name": "Zoe", "email": "zoe"}, "f.email", "F: “zoe” is no e-mail address."),
        (5, "f.name", "F: this must be a name and an e-mail address."),
        ("zed", "f", "“zed” is nobody we know. Search by name and choose."),
    ],
)
def test_a_guest_from_elsewhere_has_a_name_and_an_address(value, at, sentence):
    found = check(form(field("f", "guest")), {"f": value}, known={}, exists=lambda _: False)

    assert [(fault.at, fault.sentence) for fault in found] == [(at, sentence)]


def test_guests_become_ids_also_in_a_table_and_who_is_one_stays():
    asked = (
        field("who", "guest"),
        field("rows", "table", columns=(field("who", "guest"), field("n", "integer"))),
    )
    zoe, typed_in = {"name": "Zoe", "email": "zoe@example.org"}, []

    def enlist(guest):
        typed_in.append(guest)
        return f"p{len(typed_in)}"

    answers = {"who": "p_known", "rows": [{"who": zoe, "n": 1}, {"n": 2}], "more": zoe}

    assert with_guests(asked, answers, enlist) == {
        "who": "p_known", "rows": [{"who": "p1", "n": 1}, {"n": 2}], "more": zoe,
    }  # fmt: skip
    assert typed_in == [zoe]


def test_the_published_schema_says_what_is_required():
    the_form = form(field("a", "text"), field("b", "text", required=False))

    assert schema(the_form)["required"] == ["a"]
    assert schema(the_form)["additionalProperties"] is False


ANSWERS = st.fixed_dictionaries(
    {
        "text": st.text(min_size=1, max_size=40).map(str.strip).filter(bool),
        "count": st.integers(-1000, 1000),
        "day": st.dates().map(lambda day: day.isoformat()).filter(lambda day: day >= "1000"),
        "yes": st.booleans(),
        "some": st.lists(st.sampled_from(["x", "y"]), unique=True, min_size=1),
        "share": st.integers(0, 1000).map(lambda thousandth: thousandth / 1000),
        "figure": st.integers(-(10**6), 10**6).map(
            lambda n: n // 1000 if n % 1000 == 0 else n / 1000
        ),
        "pay": st.decimals(0, 10**7, places=2).map(
            lambda amount: {"amount": f"{amount:f}", "currency": "EUR"}
        ),
    }
)
ALL = form(
    field("text", "text"),
    field("count", "integer"),
    field("day", "date"),
    field("yes", "yes_no"),
    field("some", "choices", options=("x", "y")),
    field("share", "percent"),
    field("figure", "number"),
    field("pay", "money"),
)


@given(ANSWERS)
def test_what_is_written_back_into_a_page_reads_as_the_same_answers(answers):
    values = written(ALL, answers, BERLIN)
    found = read(ALL, values, known={}, exists=lambda _: True, zone=BERLIN, now=NOW)

    assert found.faults == ()
    assert found.answers == answers


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["text", "count", "day.day", "day.year", "some", "share", "yes", "z"]),
            st.text(max_size=30),
        ),
        max_size=20,
    )
)
def test_whatever_is_typed_gives_answers_or_sentences_and_never_an_exception(pairs):
    found = reading(ALL, pairs)

    assert all(fault.sentence and fault.at for fault in found.faults)


def test_rows_are_counted_without_gaps_and_empty_ones_can_be_left_out():
    goals = form(field("goals", "table", columns=(field("goal", "text"), field("due", "date"))))
    values = {
        "goals.0.goal": ("",),
        "goals.3.goal": ("ship",),
        "goals.3.due.day": ("1",),
        "goals.7.-": ("",),
        "other": ("x",),
    }

    assert renumbered(values, goals) == {
        "other": ("x",),
        "goals.0.goal": ("",),
        "goals.1.goal": ("ship",),
        "goals.1.due.day": ("1",),
        "goals.2.-": ("",),
    }
    assert renumbered(values, goals, keep_empty=False) == {
        "other": ("x",),
        "goals.0.goal": ("ship",),
        "goals.0.due.day": ("1",),
    }


EVERYTHING = form(
    field("text", "text", min=2, max=4),
    field("count", "integer", min=0),
    field("scale", "scale", min=1, max=3, required=False),
    field("yes", "yes_no"),
    field("day", "date", required=False),
    field("one", "choice", options=("x", "y"), required=False),
)


@given(
    st.dictionaries(
        st.sampled_from([*(one.name for one in EVERYTHING.fields), "more"]),
        st.one_of(
            st.text(max_size=6),
            st.integers(-1, 4),
            st.floats(-1, 4),
            st.booleans(),
            st.none(),
            st.sampled_from(["x", "2027-01-01"]),
        ),
    )
)
@example({"text": "abc", "count": 1, "yes": True})
@example({"text": "abc", "count": True, "yes": True})
@example({"text": "abcde", "count": 1, "yes": True})
@example({"text": "abc", "count": -1, "yes": True})
@example({"text": "abc", "count": 1, "yes": True, "scale": 4})
@example({"text": "abc", "count": 1, "yes": True, "day": "tomorrow"})
@example({"text": "abc", "count": 1, "yes": True, "one": "z"})
@example({"text": "abc", "count": 1, "yes": True, "more": 1})
@example({"text": "abc", "count": 1})
def test_answers_are_right_when_the_published_schema_says_so(answers):
    faults = check(EVERYTHING, answers, known={}, exists=lambda _: True)

    assert (faults == ()) == validator(EVERYTHING).is_valid(answers)
