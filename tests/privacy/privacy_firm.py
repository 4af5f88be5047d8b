"""Sixty people, ten managers, and what is proposed about their ratings."""

from dataclasses import dataclass

MANAGERS = tuple(f"{letter}oss" for letter in "abcdefghij")
TEAMS = {boss: tuple(f"{boss[0]}{letter}q" for letter in "uvwxyz") for boss in MANAGERS}
PEOPLE = tuple(person for team in TEAMS.values() for person in team)
LEAVER, HEIR = MANAGERS[9], MANAGERS[8]
LATE = PEOPLE[7]  # whose manager rates them when the session is on
FIRM: dict[str, tuple[str | None, str]] = {
    "max": (None, "Board"),
    "sue": ("max", "Board"),
    "hal": ("max", "HR"),
    "fay": ("hal", "HR"),
    "eve": ("max", "IT"),
    "kim": ("eve", "IT"),
    **dict.fromkeys(MANAGERS, ("sue", "Sales")),
    **{person: (boss, "Sales") for boss, team in TEAMS.items() for person in team},
}
ROLES = (
    ("hr-partner", "Sales", "fay"),
    ("executive-sponsor", "Sales", "sue"),
    ("head-of-hr", None, "hal"),
)
PROCESSES = (
    "pcer-year",
    "committee-meeting",
    "calibration-decision",
    "calibration-session",
    "rating-appeal",
)
MARKS = (3, 4, 5, 2, 4, 3, 1, 5, 3, 4)
REASON = "comparison with similar work"


@dataclass(frozen=True, kw_only=True)
class Change:
    """A rating on the table: whose, to what, and what becomes of it."""

    person: str
    to: int
    votes: str = "support"
    second: str | None = None  # what the sponsor says, if it comes to them

    @property
    def carried(self) -> bool:
        return self.votes == "support" and self.second != "decline"


CHANGES = (  # from, in the story that is not swapped
    Change(person="auq", to=2),  # 3
    Change(person="avq", to=5),  # 4
    Change(person="duq", to=4, votes="oppose"),  # 3
    Change(person="axq", to=3),  # 2
    Change(person="juq", to=2, second="approve"),  # 4, of the manager who has left
    Change(person="awq", to=2, second="decline"),  # 5
)


def told() -> tuple[str, ...]:
    return PEOPLE[::2]


def manager(person: str) -> str:
    """Of the end of the story."""
    return next(HEIR if boss == LEAVER else boss for boss in MANAGERS if person in TEAMS[boss])


def neighbour(person: str) -> str:
    return PEOPLE[(PEOPLE.index(person) + 1) % len(PEOPLE)]


def sheet_of_who_stays() -> bytes:
    """Everybody but the manager who leaves, whose people have another one."""
    lines = ["number,name,email,manager,department,location"]
    for name, (above, department) in FIRM.items():
        if name != LEAVER:
            boss = HEIR if above == LEAVER else above
            lines.append(
                f"n-{name},{name.title()},{name}@example.org,{f'n-{boss}' if boss else ''},"
                f"{department},Berlin"
            )
    return "\n".join(lines).encode()
