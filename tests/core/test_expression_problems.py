"""What an author is told about an expression that cannot work."""

import datetime as dt
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.core.expression import (
    BOOL,
    CODES,
    DATE,
    DATETIME,
    NUMBER,
    TEXT,
    Environment,
    ExpressionFailed,
    ExpressionRefused,
    choice,
    list_of,
    person,
    record,
)

ENVIRONMENT = Environment(
    {
        "data": record(
            {
                "rating": NUMBER,
                "x": NUMBER,
                "grade": choice("L4", "L5", "on-hold"),
                "why": TEXT,
                "start": DATE,
                "peers": list_of(person({})),
            }
        ),
        "subject": person({}),
        "answers": list_of(record({"vote": choice("yes", "no"), "mark": NUMBER})),
        "event": record(),
        "today": DATE,
        "now": DATETIME,
    }
)


def problems(source, wants=None):
    with pytest.raises(ExpressionRefused) as refused:
        ENVIRONMENT.compile(source, wants=wants)
    return refused.value.problems


@pytest.mark.parametrize(
    ("source", "code", "marked", "help_"),
    [
        ("data.rating > 3 and data.x > 1", "E301", "and", "data.rating > 3 && data.x > 1"),
        ("data.rating > 3 or data.x > 1", "E301", "or", "data.rating > 3 || data.x > 1"),
        ("data.rating > 3 & data.x > 1", "E301", "&", "data.rating > 3 && data.x > 1"),
        ("data.rating > 3 | data.x > 1", "E301", "|", "data.rating > 3 || data.x > 1"),
        ("not has(data.x)", "E301", "not", "!has(data.x)"),
        ("not data.x > 3", "E301", "not", "!(data.x > 3)"),
        ("data.rating = 3", "E301", "=", "data.rating == 3"),
        ("data.rating === 3", "E301", "===", "data.rating == 3"),
        ("data.rating <> 3", "E301", "<>", "data.rating != 3"),
        ("data.rating => 3", "E301", "=>", "data.rating >= 3"),
        ("data.rating ≥ 3", "E301", "≥", "data.rating >= 3"),
        ("1 < data.x < 5", "E301", "<", "1 < data.x && data.x < 5"),
        ('data.grade not in ["L4"]', "E301", "not in", '!(data.grade in ["L4"])'),
        ("True", "E301", "True", "true"),
        ("data.x if has(data.x) else 0", "E301", "if", "has(data.x) ? data.x : 0"),
        ("if has(data.x) then data.x else 0", "E301", "if", "has(data.x) ? data.x : 0"),
        ("data.grade == “L4”", "E301", "“L4”", 'data.grade == "L4"'),
        ('data.why == "abc', "E301", '"abc', 'data.why == "abc"'),
        ("data.rating == 80%", "E301", "%", "data.rating == 80"),
        ("data.grade == L4", "E302", "L4", 'data.grade == "L4"'),
        ("data.grade == l4", "E302", "l4", 'data.grade == "L4"'),
        ("data.grade == on-hold", "E302", "on-hold", 'data.grade == "on-hold"'),
        ("data.grade in [L4]", "E302", "L4", None),
        ("rating > 3", "E302", "rating", "data.rating > 3"),
        ("subjct.name", "E302", "subjct", "subject.name"),
        ("len(data.peers)", "E302", "len", "Write size(…)."),
        ("starts(data.why)", "E302", "starts", None),
        ("data.ratng >= 4", "E303", "ratng", "data.rating >= 4"),
        ("subject.nme", "E303", "nme", "subject.name"),
        ('answers.exists(a, a.vot == "no")', "E303", "vot", 'answers.exists(a, a.vote == "no")'),
        ('mean(answers, "marc")', "E303", '"marc"', 'mean(answers, "mark")'),
        ("data.peers.length", "E303", "length", "size(data.peers)"),
        ('data.why + 3 == ""', "E304", "data.why + 3", 'data.why + string(3) == ""'),
        ("data.start + 5", "E304", "data.start + 5", "data.start + days(5)"),
        ("data.?x > 3", "E304", "data.?x", "data.?x.orValue(…)"),
        ('date("2027-02-30")', "E304", '"2027-02-30"', None),
        ('duration("5 days")', "E304", '"5 days"', "days(5)"),
        ("data.peers.contains(subject)", "E304", None, "subject in data.peers"),
        ('"a" in data.why', "E304", None, 'data.why.contains("a")'),
        ('data.grade > "L4"', "E304", None, 'data.grade in ["L4", "L5", "on-hold"]'),
        ('has(data.x) ? 1 : "a"', "E304", None, None),
        ("size(3)", "E304", "3", None),
        ('answers["a"]', "E304", '"a"', None),
        ("data.rating && true", "E305", "data.rating", "data.rating > 0"),
        ("true || data.why", "E305", "data.why", "has(data.why)"),
        ("!data.rating", "E305", "data.rating", "data.rating > 0"),
        ("data.why ? 1 : 2", "E305", "data.why", None),
        ("answers.exists(a, a.mark)", "E305", "a.mark", "a.mark > 0"),
        ('data.grade == "L9"', "E306", '"L9"', None),
        ('data.grade == "L 4"', "E306", '"L 4"', 'data.grade == "L4"'),
        ('data.grade in ["L4", "l5"]', "E306", '"l5"', 'data.grade in ["L4", "L5"]'),
        ('data.rating == "4"', "E306", None, None),
        ('data.rating > "4"', "E306", None, None),
        ('data.start > "2027-01-01"', "E306", '"2027-01-01"', 'data.start > date("2027-01-01")'),
        ('subject == "ann"', "E306", "subject", 'subject.id == "ann"'),
        ("data.x == null", "E306", None, "!has(data.x)"),
        ("data.x != None", "E306", None, "has(data.x)"),
        ("data.start == now", "E306", None, "date(now)"),
        ("subject.id in data.peers", "E306", None, None),
        ("(" * 40, "E307", None, None),
        ("answers.map(a, answers.map(b, answers.map(c, 1)))", "E307", "map", None),
        ("+".join(["1"] * 200), "E307", None, None),
        ("1" * 501, "E307", None, None),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_place_and_the_way_out(source, code, marked, help_):
    found = problems(source)
    first = next((p for p in found if p.code == code), None)
    assert first is not None, found
    if marked is not None:
        assert source[first.column : first.column + first.length] == marked
    if help_ is not None:
        assert first.help is not None
        assert help_ in first.help


@pytest.mark.parametrize(
    "source",
    [
        "data.rating > 3 and data.x > 1",
        "not data.x > 3",
        'data.grade not in ["L4"]',
        "1 < data.x < 5",
        "data.x if has(data.x) else 0",
        "data.grade == l4",
        "data.ratng >= 4",
        "data.x == null",
        'data.start > "2027-01-01" or data.grade = L4 and not subject == "ann"',
    ],
)
def test_the_corrected_text_compiles(source):
    help_ = problems(source)[0].help
    assert help_ is not None
    corrected = help_.partition("Write: ")[2]
    assert ENVIRONMENT.compile(corrected).source == corrected


def test_all_problems_are_found_at_once():
    found = problems('data.ratng > 3 and data.grade == L4 || foo && data.rating == "a"')
    assert [p.code for p in found] == ["E303", "E301", "E302", "E302", "E306"]


@pytest.mark.parametrize(
    "before", ['"ü" == data.why', '"😀😀" == data.why', "'日本語' == data.why"]
)
def test_columns_count_characters(before):
    source = f"{before} || data.ratng > 3"
    (problem,) = problems(source)
    assert source[problem.column : problem.column + problem.length] == "ratng"


@pytest.mark.parametrize("source", ["data.rating", "data.why", "data.peers", "subject", "1 + 1"])
def test_a_condition_must_be_yes_or_no(source):
    (problem,) = problems(source, wants=BOOL)
    assert problem.code == "E305"


@pytest.mark.parametrize(
    ("source", "wants", "code"),
    [
        ("data.why", NUMBER, "E304"),
        ("now", DATE, "E304"),
        ("subject", list_of(person()), "E304"),
        ('"L9"', choice("L4", "L5"), "E306"),
    ],
)
def test_another_type_than_wanted_is_refused(source, wants, code):
    assert [p.code for p in problems(source, wants=wants)] == [code]


@pytest.mark.parametrize(
    ("source", "wants"),
    [
        ("event.anything.at.all > 3", BOOL),
        ("event.x", NUMBER),
        ("subject.manager.manager.manager", person()),
        ("data.peers", list_of(person())),
        ("event.when < today && now > today", BOOL),
    ],
)
def test_what_is_only_known_later_is_not_refused_now(source, wants):
    assert ENVIRONMENT.compile(source, wants=wants).source == source


def test_every_code_that_is_told_is_listed():
    assert set(CODES) == {f"E30{n}" for n in range(1, 9)}


WORDS = [
    "data.rating",
    "data.x",
    "data.grade",
    "data.why",
    "data.peers",
    "answers",
    "event",
    "subject",
    "today",
    "now",
    "1",
    "2.5",
    "'a'",
    '"L4"',
    "true",
    "null",
    "L4",
    "[",
    "]",
    "(",
    ")",
    "{",
    "}",
    ":",
    "?",
    ".",
    ",",
    "+",
    "-",
    "*",
    "/",
    "%",
    "==",
    "!=",
    "<",
    ">=",
    "&&",
    "||",
    "!",
    "=",
    "<>",
    "&",
    "|",
    "and",
    "or",
    "not",
    "in",
    "if",
    "else",
    "is",
    "has(",
    "size(",
    "mean(",
    "days(",
    "date(",
    ".exists(a,",
    ".map(a,",
    "a.vote",
    "a",
    ".orValue(",
    ".?x",
    "ü",
    "😀",
    "\\",
]


@settings(max_examples=1500, deadline=None)
@given(
    source=st.lists(st.sampled_from(WORDS), max_size=10).map(" ".join) | st.text(max_size=40),
    wants=st.sampled_from([None, BOOL, NUMBER, TEXT]),
)
def test_whatever_the_text_it_compiles_or_is_refused_with_a_place_inside_it(source, wants):
    try:
        expr = ENVIRONMENT.compile(source, wants=wants)
    except ExpressionRefused as refused:
        found = refused.problems
    else:
        found = ()
        with suppress(ExpressionFailed):
            expr.eval({"data": {"rating": 3}, "today": dt.date(2027, 1, 1), "answers": []})
    for problem in found:
        assert problem.code in CODES
        assert 0 <= problem.column <= len(source)
        assert problem.column + problem.length <= max(1, len(source) + 1)
