import pytest

from engine.document import did_you_mean

KNOWN = ["calibration", "coach", "evaluate", "hr-partner", "hr_partners", "due", "end"]


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("calibraton", "calibration"), ("Coach", "coach"), ("hr_partner", "hr-partner"),
        ("evalaute", "evaluate"), ("deu", None), ("zebra", None), ("", None), ("x" * 500, None),
        ("coach", None),
    ],
)  # fmt: skip
def test_only_a_near_word_is_proposed(word, expected):
    assert did_you_mean(word, KNOWN) == expected


def test_equal_candidates_are_decided_by_the_alphabet():
    assert did_you_mean("rate_x", ["rate_b", "rate_a"]) == "rate_a"
