"""Texts with placeholders: what people read, and what authors are told."""

import datetime as dt

import pytest

from engine.core.expression import (
    BOOL,
    DATE,
    DATETIME,
    NUMBER,
    Environment,
    ExpressionFailed,
    ExpressionRefused,
    list_of,
    person,
    record,
)

ENVIRONMENT = Environment(
    {
        "subject": person({}),
        "data": record({"share": NUMBER, "on": DATE, "agreed": BOOL, "peers": list_of(person({}))}),
        "now": DATETIME,
        "event": record(),
    }
)
VALUES = {
    "subject": {"id": "ann", "name": "Ann"},
    "data": {
        "share": 200 / 3,
        "on": dt.date(2027, 6, 1),
        "agreed": True,
        "peers": [{"id": "bob", "name": "Bob"}, {"id": "cy"}],
    },
    "now": dt.datetime(2027, 1, 1, 23, 5, tzinfo=dt.UTC),
    "event": {"list": [1, {"a": 1}], "person": {"name": "Dee"}},
}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("No placeholder at all", "No placeholder at all"),
        ("", ""),
        ("Rate {{ subject.name }}'s year", "Rate Ann's year"),
        ("{{subject}} {{ subject.id }}", "Ann ann"),
        ("{{ data.share }} and {{ 3.0 }} and {{ 12345678.5 }}", "66.666667 and 3 and 12345678.5"),
        ("on {{ data.on }}", "on 1 June 2027"),
        ("at {{ now }}", "at 1 January 2027, 23:05"),
        ("agreed: {{ data.agreed }}", "agreed: yes"),
        ("{{ data.peers }}", "Bob, cy"),
        ('{{ "}}" + "{{" }}', "}}{{"),
        ('{{ {"a": {"b": 1}}["a"]["b"] }}', "1"),
        ("{{ event.person }} {a} }", "Dee {a} }"),
    ],
)
def test_values_are_shown_as_people_write_them(text, expected):
    assert ENVIRONMENT.template(text).render(VALUES) == expected


def test_times_are_shown_on_the_clock_of_the_case():
    template = ENVIRONMENT.template("{{ now }}")
    shown = template.render({**VALUES, "$zone": "Europe/Berlin"})
    assert shown == "2 January 2027, 00:05"


def test_another_language_is_shown_by_the_caller():
    template = ENVIRONMENT.template("{{ data.on }}: {{ data.share }}")
    shown = template.render(VALUES, lambda value, type_: f"<{type_}>")
    assert shown == "<date>: <number>"


@pytest.mark.parametrize("text", ["{{ subject.email }}", "x {{ event.list }}", "{{ event.none }}"])
def test_what_cannot_be_shown_fails(text):
    template = ENVIRONMENT.template(text)
    with pytest.raises(ExpressionFailed):
        template.render(VALUES)


@pytest.mark.parametrize(
    ("text", "code", "marked"),
    [
        ("Dear {{ subject.nme }}", "E303", "nme"),
        ("😀 ü {{   subject.nme }}", "E303", "nme"),
        ("Dear {{ }}", "E308", "{{ }}"),
        ("Dear {{ subject.name", "E308", "{{"),
        ("Dear subject.name }}", "E308", "}}"),
        ("{{ data }}", "E308", "data"),
        ("{{ now - now }}", "E308", "now - now"),
        ("{{ data.share and true }}", "E301", "and"),
    ],
)
def test_problems_stand_in_columns_of_the_whole_text(text, code, marked):
    with pytest.raises(ExpressionRefused) as refused:
        ENVIRONMENT.template(text)
    problem = next(p for p in refused.value.problems if p.code == code)
    assert text[problem.column : problem.column + problem.length] == marked


def test_all_placeholders_are_checked_at_once():
    with pytest.raises(ExpressionRefused) as refused:
        ENVIRONMENT.template("{{ subject.nme }} {{ foo }} {{ }} {{ data.shar }}")
    assert [p.code for p in refused.value.problems] == ["E303", "E302", "E308", "E303"]


def test_a_template_knows_what_it_reads():
    template = ENVIRONMENT.template("{{ subject.name }} {{ data.share > 3 }}")
    assert template.reads == {("subject", "name"), ("data", "share")}
