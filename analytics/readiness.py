"""How far somebody is from being ready for a position: a checklist in which evidence expires.

Nothing is learned from data. It is an additive value model (Keeney & Raiffa, *Decisions with
Multiple Objectives*, 1976): five parts, each between nothing and all of its weight, added up to a
hundred. A part counts only while its evidence holds:

* performance (25): the calibrated rating of the last twelve months, by a rater who is still here,
  in the role of today
* potential (20): as at least two people saw it
* skills (30): how much of what the position needs is there; a level halves with every year in
  which the skill was not used, and one that nobody confirmed counts for seven tenths
* proof (15): somebody has acted in such a role, or has done a stretch task for it
* plan (10): how much of the development plan is done

The weights are a judgement and not a measurement. So each is also moved by a fifth, up and down,
in every combination with the others: what then changes hangs on the weights, and is told so.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any, Final

from analytics.checklist import COVERED, WEIGHTS, Part, parts_of
from analytics.findings import Finding, Parameters, Rows, not_enough

_MOVED: Final = (0.8, 1.0, 1.2)
_NOW, _YEAR, _TWO_YEARS = 80, 60, 35  # scores from which a band begins


@dataclass(frozen=True, kw_only=True, slots=True)
class Readiness:
    """Somebody on the way to a position."""

    person: str
    position: str
    risk: float  # of the position: the higher, the sooner somebody is wanted
    parts: tuple[Part, ...]  # in the order of WEIGHTS
    low: float  # the score with the weights moved against them
    high: float

    @property
    def score(self) -> float:
        return score(self.parts, WEIGHTS)

    @property
    def evidence(self) -> int:
        """How many parts rest on something."""
        return sum(part.days is not None for part in self.parts)

    @property
    def missing(self) -> tuple[str, ...]:
        """What to work on, the heaviest first: the plan of the next ninety days."""
        open_parts = [part for part in self.parts if part.missing is not None]
        open_parts.sort(key=lambda part: -WEIGHTS[part.name] * (1 - part.share))
        return tuple(str(part.missing) for part in open_parts)

    @property
    def band(self) -> str:
        """Ready now wants three things whatever the score; without them it is a year at least."""
        shares = {part.name: part.share for part in self.parts}
        proven = shares["performance"] > 0 and shares["proof"] > 0 and shares["skills"] >= COVERED
        if self.score >= _NOW and proven:
            return "now"
        if self.score >= _YEAR:
            return "within a year"
        return "in one or two years" if self.score >= _TWO_YEARS else "in three years or more"


@dataclass(frozen=True, kw_only=True, slots=True)
class Choice:
    """Who is furthest from ready, and how much that hangs on the weights."""

    chosen: Readiness
    trials: int  # combinations of weights that were tried
    same: int  # of these chose the same
    others: tuple[Readiness, ...]  # whom the rest chose


def score(parts: Sequence[Part], weights: Mapping[str, float]) -> float:
    """0 to 100, whatever the weights add up to."""
    return 100 * sum(weights[part.name] * part.share for part in parts) / sum(weights.values())


def assess(rows: Rows) -> tuple[Readiness, ...]:
    """Each person for each position, in the order of the rows."""
    return tuple(_assessed(row) for row in rows)


def furthest(people: Sequence[Readiness]) -> Choice | None:
    """Ties, to the whole point, go to the position of the higher risk. None: nobody is named."""
    if not people:
        return None
    chosen = _furthest(people, WEIGHTS)
    trials = [_furthest(people, weights) for weights in _moved_weights()]
    others = {id(each): each for each in trials if each is not chosen}
    return Choice(
        chosen=chosen,
        trials=len(trials),
        same=sum(each is chosen for each in trials),
        others=tuple(others.values()),
    )


def find(rows: Rows, parameters: Parameters) -> tuple[Finding, ...]:
    del parameters  # which position they are for was asked when the table was made
    people = assess(rows)
    choice = furthest(people)
    if choice is None:
        return not_enough("named successors", 0, 1)
    return (_overall(choice, people), *(_told(each, choice) for each in people))


# --- the choice ---


def _assessed(row: Mapping[str, Any]) -> Readiness:
    parts = parts_of(row)
    scores = [score(parts, weights) for weights in _moved_weights()]
    return Readiness(
        person=str(row["person"]),
        position=str(row["position"]),
        risk=float(row["risk"]),
        parts=parts,
        low=min(scores),
        high=max(scores),
    )


def _moved_weights() -> list[dict[str, float]]:
    return [
        {name: WEIGHTS[name] * by for name, by in zip(WEIGHTS, moved, strict=True)}
        for moved in product(_MOVED, repeat=len(WEIGHTS))
    ]


def _furthest(people: Sequence[Readiness], weights: Mapping[str, float]) -> Readiness:
    return min(people, key=lambda each: (round(score(each.parts, weights)), -each.risk))


# --- in words ---


def _overall(choice: Choice, people: Sequence[Readiness]) -> Finding:
    chosen = choice.chosen
    share = 100 * choice.same / choice.trials
    hangs = (
        "It stays the same however the weights are moved by a fifth."
        if choice.same == choice.trials
        else f"With the weights moved by a fifth it is so in {share:.0f} % of the trials."
    )
    known = "" if any(each.evidence for each in people) else " Nothing is known of anybody yet."
    return Finding(
        about="all",
        subject=None,
        statement=(
            f"{len(people)} named. Furthest from ready is the one for {chosen.position}, with "
            f"{chosen.score:.0f} of 100. {hangs}{known}"
        ),
        number=round(share, 4),
        low=None,
        high=None,
        n=len(people),
        notable=False,
    )


def _told(one: Readiness, choice: Choice) -> Finding:
    parts = "; ".join(
        f"{part.name} {WEIGHTS[part.name] * part.share:.0f} of {WEIGHTS[part.name]} ({part.said}"
        + ("" if part.days is None else f", {part.days} days old, {part.source}")
        + ")"
        for part in one.parts
    )
    next_steps = f" Next: {'; '.join(one.missing)}." if one.missing else ""
    return Finding(
        about="person",
        subject=one.person,
        statement=(
            f"{{subject}} for {one.position}: {one.score:.0f} of 100, ready {one.band}. "
            f"{parts}.{next_steps}"
        ),
        number=round(one.score, 4),
        low=round(one.low, 4),
        high=round(one.high, 4),
        n=one.evidence,
        notable=one is choice.chosen,
    )
