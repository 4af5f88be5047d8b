"""What the people of the made-up company write, and how prompt they are."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

_TODAY_FIELDS = ("ready_on", "met_on", "told_on")
_SAID = {
    "bank": "DE02 1203 0000 0000 2020 51",
    "emergency": "Somebody at home, +00 000 0000",
    "equipment": "light laptop",
    "ship_to": "",
    "complete": "yes",
    "serial": "LM-2047-X",
    "system": "mail, code and calendar",
    "by": "the IT desk",
    "in_payroll": "yes",
    "note": "We talked about the big customer, and what to try next time.",
    "goal": "Win two customers in a new region",
    "measure": "Two signed contracts",
    "first_task": "The smallest open bug, shipped by Friday.",
    "settled": "4",
    "on_track": "on track",
    "support": "A weekly talk, and a quieter desk.",
    "agreed": "A weekly talk for two months, and one project fewer.",
    "expectations": "Grow the region, and bring a colleague along.",
    "self_mark": "4",
    "self_evidence": "The spring launch, which we shipped in spite of everything.",
    "enabled_me": "4",
    "keeps": "She listens first, and says clearly what she thinks.",
    "grow": "Ask for help a little earlier.",
    "why": "Closed the two hardest deals, and helped two others to close theirs.",
    "strengths": "Calm with difficult customers.",
    "growth": "Lead a small project.",
    "hint": "",
    "opinion": "I saw the same.",
    "comment": "",
    "answer": "We have talked it through and will look at it again in the autumn.",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Habits:
    """How somebody differs from the rest."""

    ignores_first: frozenset[str] = frozenset()  # words in a task's title: waits for the reminder
    never: frozenset[str] = frozenset()  # never answers these
    replies: Mapping[str, str] | None = None  # what they write otherwise


def replies(
    person: str,
    habits: Habits,
    peers: Mapping[str, str],
    ratings: Mapping[str, str],
    title: str,
    today: date,
) -> dict[str, str]:
    """What somebody types on a page with this title, by the names of its controls."""
    said = {**_SAID, "legal_name": person}
    for name in _TODAY_FIELDS:
        said.update(_date(name, today))
    said.update(_date("due", today + timedelta(days=150)))
    said["buddy"] = peers.get(person, "Ben Fischer")
    said["peers"] = peers.get(person, "")
    about = next((name for name in ratings if name in title), None)
    said["rating"] = ratings[about] if about else "3"
    said["agrees"] = "I agree"
    said[".decision"] = _decision(title)
    said.update(habits.replies or {})
    return said


def _decision(title: str) -> str:
    if "arrived" in title:
        return "arrived"
    if "second look" in title.lower():
        return "approve"
    return "fine" if "second pair of eyes" in title else "accept"


def _date(name: str, day: date) -> dict[str, str]:
    return {
        f"{name}.day": str(day.day),
        f"{name}.month": str(day.month),
        f"{name}.year": str(day.year),
    }
