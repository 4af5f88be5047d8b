"""How long something takes, with those that are not over: against tables computed by hand."""

import pytest

from analytics.insight.survival import Span, curve, quantile

# Weeks of remission of 21 patients, the example of many textbooks (Gehan 1965); + is censored.
GEHAN = "6 6 6 6+ 7 9+ 10 10+ 11+ 13 16 17+ 19+ 20+ 22 23 25+ 32+ 32+ 34+ 35+"
BY_HAND = {
    6: 18 / 21,
    7: 18 / 21 * 16 / 17,
    10: 18 / 21 * 16 / 17 * 14 / 15,
    13: 18 / 21 * 16 / 17 * 14 / 15 * 11 / 12,
    16: 18 / 21 * 16 / 17 * 14 / 15 * 11 / 12 * 10 / 11,
    22: 18 / 21 * 16 / 17 * 14 / 15 * 11 / 12 * 10 / 11 * 6 / 7,
    23: 18 / 21 * 16 / 17 * 14 / 15 * 11 / 12 * 10 / 11 * 6 / 7 * 5 / 6,
}
PRINTED = {6: 0.857, 7: 0.807, 10: 0.753, 13: 0.690, 16: 0.627, 22: 0.538, 23: 0.448}


def spans(text: str) -> list[Span]:
    return [Span(days=float(one.rstrip("+")), over=not one.endswith("+")) for one in text.split()]


def test_the_curve_is_that_of_the_textbook():
    points = {point.days: point.open for point in curve(spans(GEHAN))}

    assert points == pytest.approx(BY_HAND, abs=1e-12)
    assert {days: round(open_, 3) for days, open_ in points.items()} == PRINTED


def test_half_are_over_where_the_curve_falls_to_a_half():
    points = curve(spans(GEHAN))

    assert quantile(points, 0.5) == 23
    assert quantile(points, 0.9) is None  # nine of ten are not over, as far as anybody has seen


@pytest.mark.parametrize(
    ("text", "half", "most"),
    [
        ("1 2 3 4 5 6 7 8 9 10", 5, 9),  # floats: 1 - 0.9 is a little less than a tenth
        ("5", 5, 5),
        ("5+", None, None),
        ("", None, None),
        ("3 3 3+ 8", 3, 8),  # given up on the very day: still watched then
        ("1+ 1+ 4", 4, 4),
    ],
)
def test_small_tables(text, half, most):
    points = curve(spans(text))

    assert (quantile(points, 0.5), quantile(points, 0.9)) == (half, most)


def test_leaving_out_what_is_open_would_be_too_short():
    points = curve(spans("10 20 30+ 40+ 50+"))

    assert quantile(points, 0.5) is None
    assert quantile(curve(spans("10 20")), 0.5) == 10
