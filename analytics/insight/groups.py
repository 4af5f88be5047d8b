"""Groups of people that may be told of, so that no number says something about fewer than LEAST."""

from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from typing import Final, TypeVar

from analytics.insight.measures import LEAST

REST: Final = "all smaller groups together"

T = TypeVar("T", bound=Hashable)
Groups = list[tuple[str, list[T]]]


def told_groups(groups: Mapping[str, Sequence[T]]) -> Groups[T]:
    """Groups that may be told of, by name, and last the small ones together.

    Where the small ones are fewer than LEAST together, the smallest of the others joins them: else
    what is told of all, less what is told of these, would tell of them. Nothing is left where all
    of them are fewer.
    """
    by_size = sorted(groups, key=lambda name: (len(groups[name]), name))
    small = [name for name in by_size if len(groups[name]) < LEAST]
    while small and len(small) < len(by_size) and sum(len(groups[one]) for one in small) < LEAST:
        small.append(by_size[len(small)])
    return _told(groups, small)


def told_splits(
    people: Sequence[T], keys: Sequence[Callable[[T], str | None]]
) -> Sequence[Groups[T]]:
    """The same people in groups by several things, such as department and manager.

    What is told of two groups may not tell of fewer than LEAST either: a manager's team less the
    department that all but one of them are in. So the groups by each further thing are put
    together until every part that they share with those before is empty or has LEAST people. Where
    nothing is left but everybody, or nobody has such a thing, nothing is told by it.
    """
    cells: list[frozenset[T]] = [frozenset(people)]
    splits: list[Groups[T]] = []
    for key in keys:
        groups: dict[str, list[T]] = defaultdict(list)
        for person in people:
            groups[key(person) or ""].append(person)
        told = [] if set(groups) <= {""} else _sound(groups, cells)
        if [name for name, _ in told] == [REST]:
            told = []
        splits.append(told)
        if told:
            cells = [cell & frozenset(group) for cell in cells for _, group in told]
    return splits


def _sound(groups: Mapping[str, Sequence[T]], cells: Sequence[frozenset[T]]) -> Groups[T]:
    """Groups that share nothing small with the cells; at worst everybody is one."""
    told = told_groups(groups)
    while told:
        shared = {
            name: [len(cell & frozenset(group)) for cell in cells if cell & frozenset(group)]
            for name, group in told
        }
        bad = {name for name, sizes in shared.items() if min(sizes) < LEAST}
        if not bad:
            break
        large = sorted((name for name in shared if name != REST), key=lambda one: len(groups[one]))
        together = {name for name in groups if name not in large} | (bad - {REST} or {large[0]})
        told = _told(groups, together)
    return told


def _told(groups: Mapping[str, Sequence[T]], together: Collection[str]) -> Groups[T]:
    """These together, and every other one by itself; nothing where all of them are fewer."""
    told = [(name, list(groups[name])) for name in sorted(groups) if name not in together]
    rest = [one for name in groups if name in together for one in groups[name]]
    return [*told, (REST, rest)] if len(rest) >= LEAST else told
