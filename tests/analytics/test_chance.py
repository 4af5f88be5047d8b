"""Exact chances against every group counted one by one, and against what is known of coins."""

from fractions import Fraction
from itertools import combinations
from math import comb
from random import Random

import pytest

from analytics.chance import by_chance


def counted(group, everybody):
    """Every group of that size, one by one."""
    size, marks = len(group), [Fraction(str(mark)) for mark in everybody]
    middle = sum(marks) / len(marks) * size
    far = abs(sum(Fraction(str(mark)) for mark in group) - middle)
    groups = list(combinations(marks, size))
    return sum(abs(sum(one) - middle) >= far for one in groups) / len(groups)


@pytest.mark.parametrize(
    "scale", [(1, 2, 3, 4, 5), (1, 1.5, 2, 2.5), (0, 33, 100), (0.1, 0.2, 0.3)]
)
def test_it_is_what_counting_one_by_one_gives(scale):
    dice = Random(3)
    for size in (1, 4, 5, 7, 11):
        everybody = [dice.choice(scale) for _ in range(12)]

        assert by_chance(everybody[:size], everybody) == counted(everybody[:size], everybody)


def test_all_the_ones_in_one_group_are_as_rare_as_the_hypergeometric_says():
    everybody = [1] * 6 + [0] * 14

    assert by_chance([1] * 6, everybody) == 1 / comb(20, 6)


def test_where_all_marks_are_the_same_everything_is_chance():
    assert by_chance([3] * 5, [3] * 40) == 1


def test_a_team_of_twenty_among_hundreds_is_counted_and_one_of_a_hundred_is_not():
    everybody = [1, 2, 3, 4, 5] * 80

    assert by_chance([4] * 20, everybody) == pytest.approx(0.0014, rel=0.2)  # z = 3.2
    assert by_chance(everybody[:100], everybody) is None
