"""The drawing of a problem, letter by letter, and what must hold for any drawing."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.document import Diagnostic, Mark, Severity, Span, frame
from engine.document.cells import cells, width_of


def at(line, column, length=1):
    return Span(line=line, column=column, end_line=line, end_column=column + length)


TARGET = Diagnostic(
    code="E201",
    message="state `calibraton` does not exist",
    file="mid-year.yaml",
    span=at(2, 15, 10),
    label="did you mean `calibration`?",
    also=(Mark(span=at(4, 3, 11), label="declared here"),),
)
SOURCE = "    on:\n      submit: calibraton\n\n  calibration:\n"


def test_a_problem_is_drawn_with_its_line_and_its_second_place():
    assert frame(TARGET, SOURCE, color=False, unicode=True) == (
        "error[E201]: state `calibraton` does not exist\n"
        "  ╭─ mid-year.yaml:2:15\n"
        "1 │     on:\n"
        "2 │       submit: calibraton\n"
        "  │               ^^^^^^^^^^ did you mean `calibration`?\n"
        "  ┆\n"
        "4 │   calibration:\n"
        "  │   ─────────── declared here"
    )


def test_without_unicode_it_is_plain_ascii():
    found = replace(TARGET, help="write “calibration” … or nothing")

    assert frame(found, SOURCE.replace("on:", "ö:", 1), color=False, unicode=False) == (
        "error[E201]: state `calibraton` does not exist\n"
        "  --> mid-year.yaml:2:15\n"
        "1 |     ?:\n"
        "2 |       submit: calibraton\n"
        "  |               ^^^^^^^^^^ did you mean `calibration`?\n"
        "  :\n"
        "4 |   calibration:\n"
        "  |   ----------- declared here\n"
        '  = help: write "calibration" ... or nothing'
    )


def test_colour_marks_the_head_the_carets_and_the_gutter():
    drawn = frame(TARGET, SOURCE, color=True, unicode=True)

    assert drawn.startswith("\x1b[1;31merror[E201]\x1b[0m\x1b[1m: state")
    assert "\x1b[1;31m^^^^^^^^^^\x1b[0m" in drawn
    warning = replace(TARGET, severity=Severity.WARNING)
    assert "\x1b[1;33mwarning" in frame(warning, SOURCE, color=True, unicode=True)


@pytest.mark.parametrize(
    ("text", "column", "length", "under"),
    [
        ("日本: x", 5, 1, "      ^"),
        ("a: 😀 y", 6, 1, "      ^"),
        ("a: 😀", 4, 1, "   ^^"),
        ("\ta: y", 5, 1, "       ^"),
        ("ab\tc", 4, 1, "    ^"),
        ("e\u0301: y", 5, 1, "   ^"),
        ("👩\u200d💻: y", 6, 1, "    ^"),
        ("a", 2, 0, " ^"),
    ],
)
def test_carets_stand_under_wide_combined_and_tabbed_text(text, column, length, under):
    found = Diagnostic(code="E1", message="m", file="f", span=at(1, column, length))

    assert frame(found, text, color=False, unicode=True).split("\n")[3] == f"  │ {under}"


def test_a_long_line_is_cut_around_the_place():
    found = Diagnostic(code="E1", message="m", file="f", span=at(1, 5001, 3), label="here")
    drawn = frame(found, "x" * 5000 + "abc" + "y" * 5000, color=False, unicode=True, width=60)
    line, under = drawn.split("\n")[2:4]

    assert len(line) == 60
    assert line.startswith("1 │ …xxx")
    assert line.endswith("yyy…")
    assert line.index("abc") == under.index("^^^")


def test_a_long_context_line_is_cut_at_its_end():
    found = Diagnostic(code="E1", message="m", file="f", span=at(2, 1))
    drawn = frame(found, "x" * 500 + "\nab", color=False, unicode=True, width=50)

    assert drawn.split("\n")[2] == "1 │ " + "x" * 45 + "…"


def test_a_terminal_is_given_no_commands():
    found = Diagnostic(
        code="E1", message="\x1b[2Jm\n", file="f\x1b", span=at(1, 1), help="\x07x\u202e"
    )
    drawn = frame(found, "a\x1b[31m\x9b", color=False, unicode=True)

    assert not {"\x1b", "\x07", "\x9b", "\u202e"} & set(drawn)
    assert drawn.count("\n") == 4


def test_without_a_source_the_place_and_the_help_are_enough():
    found = Diagnostic(code="E101", message="no such file", file="f", span=at(1, 1, 0), help="look")

    assert frame(found, "", color=False, unicode=True) == (
        "error[E101]: no such file\n  ╭─ f:1:1\n  = help: look"
    )


def test_two_places_on_one_line_are_drawn_below_each_other():
    found = Diagnostic(
        code="E1",
        message="m",
        file="f",
        span=at(1, 4),
        label="b",
        also=(Mark(span=at(1, 1), label="a"),),
    )

    assert frame(found, "a: b", color=False, unicode=True).split("\n")[2:] == [
        "1 │ a: b",
        "  │    ^ b",
        "  │ ─ a",
    ]


SPANS = st.builds(
    Span,
    line=st.integers(1, 9),
    column=st.integers(1, 250),
    end_line=st.integers(1, 12),
    end_column=st.integers(1, 250),
)


@settings(deadline=None)
@given(
    source=st.text(alphabet="ab \t\r\n日😀\u200d\ufe0f\u0301\x1b#:", max_size=200),
    span=SPANS,
    width=st.integers(1, 120),
    color=st.booleans(),
    unicode=st.booleans(),
)
def test_any_place_in_any_text_can_be_drawn_within_the_width(source, span, width, color, unicode):
    found = Diagnostic(code="E1", message="m", file="f", span=span, label="l" * (span.column % 90))
    drawn = frame(found, source, color=color, unicode=unicode, width=width)

    assert unicode or drawn.replace("\x1b", "").isascii()
    if not color:
        for each in drawn.split("\n")[2:]:
            assert width_of(cells(each, unicode=True)) <= max(width, 40) + 1
