"""How likely a group's mean is by chance, counted over every group of its size that there is."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import comb, lcm

_FINEST = 1_000  # marks are told apart to a thousandth
_WORK = 1_000_000  # additions at most: some hundredths of a second


def by_chance(group: Sequence[float], everybody: Sequence[float]) -> float | None:
    """The share of all groups of that size whose mean lies as far from the mean of all.

    None where too many sums would have to be counted: then the groups are large enough for an
    approximation. The group is one of everybody.
    """
    whole, marks = _whole(group, everybody)
    size, total = len(group), sum(mark * count for mark, count in marks.items())
    n = marks.total()
    if 2 * size > n:  # as rare as what is left over, which has fewer sums
        whole, size = total - whole, n - size
    steps = size * size * max(marks) * sum(min(count, size) + 1 for count in marks.values())
    if steps > _WORK:
        return None
    far = abs(whole * n - size * total)
    ways = _ways(marks, size)
    as_far = sum(count for sum_, count in ways.items() if abs(sum_ * n - size * total) >= far)
    return as_far / comb(n, size)


def _whole(group: Sequence[float], everybody: Sequence[float]) -> tuple[int, Counter[int]]:
    """The group's sum, and how often there is each mark, in whole steps from the lowest mark."""
    exact = {mark: Fraction(mark).limit_denominator(_FINEST) for mark in {*group, *everybody}}
    step = lcm(*(mark.denominator for mark in exact.values()))
    lowest = min(exact.values())
    whole = {mark: int((value - lowest) * step) for mark, value in exact.items()}
    return sum(whole[mark] for mark in group), Counter(whole[mark] for mark in everybody)


def _ways(marks: Mapping[int, int], size: int) -> Mapping[int, int]:
    """In how many ways so many people can be picked whose marks have each sum."""
    ways: list[dict[int, int]] = [{0: 1}, *({} for _ in range(size))]  # by people picked
    for mark, count in marks.items():
        more: list[dict[int, int]] = [defaultdict(int) for _ in range(size + 1)]
        for picked, sums in enumerate(ways):
            for taken in range(min(count, size - picked) + 1):
                choices, after = comb(count, taken), more[picked + taken]
                for sum_, found in sums.items():
                    after[sum_ + taken * mark] += found * choices
        ways = more
    return ways[size]
