"""Where the places of a case go in a new version, before anything is done about it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from engine.core.chart import Shape
from engine.core.draft import index_of
from engine.core.index import Chart
from engine.core.mapping import Fate, Fates, Kind, keys_of, place_in
from engine.core.places import ROOT
from engine.core.questions import known_place
from engine.core.snapshot import Place, Snapshot


@dataclass(frozen=True, kw_only=True, slots=True)
class Stays:
    """Its author has it end under the old version."""

    place: Place  # which says so


class NoPlace(Exception):  # noqa: N818 - it says what a case has, and not that we failed
    def __init__(self, place: Place, why: str) -> None:
        super().__init__(why)
        self.place = place
        self.why = why


@dataclass(frozen=True, kw_only=True, slots=True)
class Way:
    """Where the parts of a case go."""

    carried: Mapping[Place, Place]  # old places to new ones; without the root
    entered: Mapping[Place, Place]  # innermost old places to what begins anew
    dropped: tuple[Place, ...]  # innermost old places that nothing comes for


def way_of(old: Chart, new: Chart, fates: Fates, snapshot: Snapshot) -> Way | Stays:
    carried: dict[Place, Place] = {}
    entered: dict[Place, Place] = {}
    dropped: list[Place] = []
    for leaf in innermost_places(snapshot.configuration):
        fate = fates[index_of(old, leaf)]
        known = known_place(old, leaf)
        match fate.kind:
            case Kind.STAY:
                return Stays(place=known)
            case Kind.GONE:
                raise NoPlace(known, "the new version has nothing for it")
            case Kind.DROP:
                dropped.append(leaf)
                head = _dropped_from(old, new, fates, leaf)
            case Kind.ENTER | Kind.CARRY:
                head = _target_of(new, fate, leaf, known)
                if fate.kind is Kind.ENTER:
                    entered[leaf] = head
                else:
                    carried[leaf] = head
        _carry_around(old, new, fates, carried, leaf, head)
    _one_each(new, carried, entered)
    return Way(carried=carried, entered=entered, dropped=tuple(dropped))


def _target_of(new: Chart, fate: Fate, leaf: Place, known: Place) -> Place:
    keys = keys_of(leaf)
    place = place_in(new, fate.target, keys)
    if place is None:
        target = new.nodes[fate.target].state.id
        why = f"`{target}` has one copy per item, and `{known}` belongs to no item of it"
        raise NoPlace(known, why)
    return place


def _dropped_from(old: Chart, new: Chart, fates: Fates, leaf: Place) -> Place:
    """The new place of what the dropped branch belonged to."""
    index = index_of(old, leaf)
    line = [index, *old.nodes[index].ancestors]
    top = next(at for at in reversed(line) if fates[at].kind is Kind.DROP)
    fork = old.nodes[top].parent
    stays = fates[fork].kind is Kind.CARRY and old.nodes[fork].shape is Shape.PARALLEL
    place = place_in(new, fates[fork].target, keys_of(leaf)) if stays else None
    if place is None:
        known = known_place(old, leaf)
        raise NoPlace(
            known,
            f"`{known}` is to be dropped, and it is no branch of a `parallel` that goes on: "
            "the case would stand nowhere",
        )
    return f"{place}."  # whatever is around a branch of it


def _carry_around(
    old: Chart,
    new: Chart,
    fates: Fates,
    carried: dict[Place, Place],
    leaf: Place,
    head: Place,
) -> None:
    """What is around a place goes on with it, where it is around its new place as well."""
    keys = keys_of(leaf)
    for index in old.nodes[index_of(old, leaf)].ancestors[:-1]:
        fate = fates[index]
        depth = sum(old.nodes[at].in_each for at in (index, *old.nodes[index].ancestors))
        if fate.kind is not Kind.CARRY:
            continue
        to = place_in(new, fate.target, keys[:depth])
        if to is not None and head.startswith((f"{to}.", f"{to}[")):
            around = place_in(old, index, keys[:depth])
            assert around is not None
            carried[around] = to


def _one_each(new: Chart, carried: Mapping[Place, Place], entered: Mapping[Place, Place]) -> None:
    """Refuses places that cannot be active together."""
    chosen: dict[Place, tuple[Place, Place]] = {}
    for was, place in (*carried.items(), *entered.items()):
        for above, below in line_of(new, place):
            if new.nodes[index_of(new, above)].shape is not Shape.COMPOUND:
                continue
            other, of = chosen.setdefault(above, (below, was))
            if other != below:
                raise NoPlace(
                    was,
                    f"the case is in `{of}` and in `{was}`, which would be in `{other}` and in "
                    f"`{below}` of the new version, and it can be in one of these only",
                )


def line_of(chart: Chart, place: Place) -> Iterable[tuple[Place, Place]]:
    """Each place around a place, with the one inside of it, the innermost first."""
    index, keys = index_of(chart, place), keys_of(place)
    below = place
    for above in chart.nodes[index].ancestors:
        depth = sum(chart.nodes[at].in_each for at in (above, *chart.nodes[above].ancestors))
        around = place_in(chart, above, keys[:depth]) or ROOT
        yield around, below
        below = around


def innermost_places(configuration: Iterable[Place]) -> tuple[Place, ...]:
    """The active places without an active place inside, lowered ones as they are."""
    places = tuple(configuration)
    around = {
        place[:at] for place in places for at, sign in enumerate(place) if at and sign in ".["
    }
    return tuple(place for place in places if place not in around)
