"""The five parts of a readiness: what each rests on, how old that is, and what is missing."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

WEIGHTS: Final[Mapping[str, int]] = MappingProxyType(
    {"performance": 25, "potential": 20, "skills": 30, "proof": 15, "plan": 10}
)
COVERED: Final = 0.8  # of the skills, for "ready now"

_DAY = 86_400_000_000  # µs
_MARKS: Final = {1: 0.0, 2: 0.2, 3: 0.6, 4: 1.0, 5: 1.0}
_LEVELS: Final = {"high": 1.0, "middle": 0.6, "low": 0.2}
_UNCONFIRMED = 0.7
_HALF_LIFE = 365.25  # days
_RATERS = 2


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """One line of the checklist."""

    name: str  # a key of WEIGHTS
    share: float  # of its weight, 0 to 1
    said: str  # what it rests on
    days: int | None  # how old that is; None: there is nothing
    source: str | None  # the case that it comes from
    missing: str | None  # what would bring it further; None: nothing is missing


def parts_of(row: Mapping[str, Any]) -> tuple[Part, ...]:
    """In the order of WEIGHTS."""
    now = int(row["now"])
    return (
        _performance(row["rating"], now),
        _potential(row["potential"], row["rating"], now),
        _skills(row, now),
        _proof(row, now),
        _plan(row["development"], now),
    )


def _performance(rating: Mapping[str, Any] | None, now: int) -> Part:
    if rating is None:
        return _nothing("performance", "never rated", "a calibrated rating")
    said = f"rated {rating['value']:g}"
    wrong = _wrong_with(rating, now)
    if wrong is not None:
        return _kept("performance", rating, now, 0.0, f"{said}, {wrong}", "a new calibrated rating")
    share = _MARKS.get(round(rating["value"]), 0.0)
    missing = None if share == 1.0 else "work that is seen as above what the role asks"
    return _kept("performance", rating, now, share, f"{said}, calibrated", missing)


def _wrong_with(rating: Mapping[str, Any], now: int) -> str | None:
    if _expired(rating, now):
        return "expired"
    if not rating["calibrated"]:
        return "not calibrated"
    if rating["rater_left"]:
        return "whoever rated has left"
    return "in another role" if rating["role_changed"] else None


def _potential(
    potential: Mapping[str, Any] | None, rating: Mapping[str, Any] | None, now: int
) -> Part:
    wanted = "a view of their potential by two people"
    if potential is None:
        return _nothing("potential", "never assessed", wanted)
    said = f"{potential['value']}, seen by {potential['raters']}"
    if _expired(potential, now):
        return _kept("potential", potential, now, 0.0, f"{said}, expired", wanted)
    if potential["raters"] < _RATERS:
        return _kept("potential", potential, now, 0.0, said, wanted)
    share = _LEVELS.get(potential["value"], 0.0)
    if rating is not None and rating["at"] > potential["at"]:
        said += ", before the last rating"
    missing = None if share == 1.0 else "a task in which they can show more"
    return _kept("potential", potential, now, share, said, missing)


def _skills(row: Mapping[str, Any], now: int) -> Part:
    skills, needs = row["skills"], row["needs"]
    if not needs and row["covers"] is not None:
        share = min(1.0, row["covers"] / 100)
        missing = None if share >= COVERED else "more of what the position takes"
        said = f"covers {row['covers']:g} % of what it takes, as the committee sees it"
        return _kept("skills", row["named"], now, share, said, missing)
    if not needs:
        return _nothing("skills", "nobody said what it needs", "a list of what the position needs")
    names = ", ".join(need["skill"] for need in needs)
    if skills is None:
        return _nothing("skills", "no skills are known", f"their skills: {names}")
    if _expired(skills, now):
        again = f"their skills anew: {names}"
        return _kept("skills", skills, now, 0.0, "skills have expired", again)
    covered = {need["skill"]: _covered(need, skills, now) for need in needs}
    gaps = [skill for skill, share in covered.items() if share < COVERED]
    share = sum(covered.values()) / len(covered)
    said = f"{share:.0%} of {len(needs)} needed" + (
        "" if skills["verified"] else ", not confirmed by their manager"
    )
    return _kept("skills", skills, now, share, said, ", ".join(gaps) or None)


def _covered(need: Mapping[str, Any], skills: Mapping[str, Any], now: int) -> float:
    """How much of the level that is needed is there, between 0 and 1."""
    sure = 1.0 if skills["verified"] else _UNCONFIRMED
    levels = [
        each["level"] * sure * 0.5 ** (max(0.0, (now - each["used"]) / _DAY) / _HALF_LIFE)
        for each in skills["value"]
        if each["skill"] == need["skill"]
    ]
    return min(1.0, max(levels, default=0.0) / need["level"]) if need["level"] else 1.0


def _proof(row: Mapping[str, Any], now: int) -> Part:
    acting, development = row["acting"], row["development"]
    if acting is not None and not _expired(acting, now):
        return _kept("proof", acting, now, 1.0, "has acted in such a role", None)
    if row["shown"]:
        said = f"has done such a thing: {row['shown']}"
        return _kept("proof", row["named"], now, 1.0, said, None)
    stretched = development is not None and development["stretch"] and development["done"]
    if stretched and not _expired(development, now):
        said = "has done a stretch task"
        return _kept("proof", development, now, 0.5, said, "to act in the role for some weeks")
    return _nothing("proof", "nothing of the kind was done yet", "a stretch task of the position")


def _plan(development: Mapping[str, Any] | None, now: int) -> Part:
    if development is None:
        return _nothing("plan", "no plan was finished", "a development plan")
    said = f"{development['done']} of {development['of']} actions done"
    if _expired(development, now):
        return _kept("plan", development, now, 0.0, f"{said}, expired", "a new development plan")
    share = min(1.0, development["done"] / development["of"]) if development["of"] else 0.0
    return _kept("plan", development, now, share, said, None if share == 1 else "the open actions")


def _nothing(name: str, said: str, missing: str) -> Part:
    return Part(name=name, share=0.0, said=said, days=None, source=None, missing=missing)


def _kept(
    name: str, record: Mapping[str, Any], now: int, share: float, said: str, missing: str | None
) -> Part:
    return Part(
        name=name,
        share=share,
        said=said,
        days=(now - record["at"]) // _DAY,
        source=record["case"],
        missing=missing,
    )


def _expired(record: Mapping[str, Any], now: int) -> bool:
    return record["until"] is not None and record["until"] <= now
