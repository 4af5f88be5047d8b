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


JOINERS = {"Nora Feld": 28, "Théo Marchand": 28, "Ava Patel": 42}  # days until the first day
TEAM = (
    "Camille Petit",
    "Léa Fontaine",
    "Marco Bianchi",
    "Julie Caron",
    "Ethan Brooks",
    "Zoe Campbell",
    "Malik Johnson",
)
PEERS = {
    "Camille Petit": "Léa Fontaine, Marco Bianchi, Julie Caron",
    "Léa Fontaine": "Camille Petit, Julie Caron, Ethan Brooks",
    "Marco Bianchi": "Julie Caron, Camille Petit",
    "Julie Caron": "Marco Bianchi, Léa Fontaine, Zoe Campbell",
    "Ethan Brooks": "Zoe Campbell, Malik Johnson",
    "Zoe Campbell": "Malik Johnson, Camille Petit",
    "Malik Johnson": "Zoe Campbell, Marco Bianchi",
    "Aylin Demir": "Ben Fischer",
    "Antoine Girard": "Camille Petit",
    "Rachel Stone": "Oliver Byrne",
}
RATINGS = {
    "Camille Petit": "5",
    "Léa Fontaine": "3",
    "Marco Bianchi": "4",
    "Julie Caron": "3",
    "Ethan Brooks": "3",
    "Zoe Campbell": "2",
    "Malik Johnson": "3",
}
CALIBRATED = {**RATINGS, "Camille Petit": "4"}
HABITS = {
    "Marco Bianchi": Habits(ignores_first=frozenset({"goals", "self-review"})),
    "Denise Walker": Habits(never=frozenset({"Zoe Campbell's year"})),
    "Julie Caron": Habits(never=frozenset({"Feedback for Camille"})),
    "Malik Johnson": Habits(replies={"agrees": "I disagree", "comment": "Nobody told me before."}),
    "Aylin Demir": Habits(ignores_first=frozenset({"The first week"})),
}
LEAVES = "Ethan Brooks"
ORDINARY = Habits()


def replies(person: str, habits: Habits, title: str, today: date) -> dict[str, str]:
    """What somebody types on a page with this title, by the names of its controls."""
    said = {**_SAID, "legal_name": person}
    for name in _TODAY_FIELDS:
        said.update(_date(name, today))
    said.update(_date("due", today + timedelta(days=150)))
    said["buddy"] = PEERS.get(person, "Ben Fischer")
    said["peers"] = PEERS.get(person, "")
    about = next((name for name in RATINGS if name in title), None)
    said["rating"] = RATINGS[about] if about else "3"
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
