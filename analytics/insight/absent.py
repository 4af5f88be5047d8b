"""What the catalogue of figures and failures names and tenure does not tell, and why."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, kw_only=True, slots=True)
class Absent:
    id: str
    title: str
    why: str


ABSENT: Final = (
    Absent(
        id="MT7",
        title="Engagement",
        why="No process that ships asks about it; a survey of your own has its own figures.",
    ),
    Absent(
        id="MT15",
        title="Cost of recruiting, and leads by channel",
        why="What an ad or an agency costs is not asked anywhere in recruiting.",
    ),
    Absent(
        id="CN3",
        title="Signals that somebody may leave, and nobody looked",
        why="Nothing that ships writes records `flight_risk`; those that a process of yours "
        "writes count in stale data and in the best who left unseen.",
    ),
    Absent(
        id="CN5",
        title="Cycles on an outdated profile of the role",
        why="No process that ships publishes profiles of what roles will ask for.",
    ),
    Absent(
        id="CN9",
        title="Actions after an exit that are not done",
        why="They are tasks of the exit case: see its overdue tasks.",
    ),
    Absent(
        id="FM6",
        title="Pay decided on data that were not calibrated",
        why="No process that ships decides pay; other decisions on such data are told.",
    ),
    Absent(
        id="FM10",
        title="Training only after a complaint",
        why="A development plan says for which occasion it was begun, and a complaint is none of "
        "them.",
    ),
    Absent(
        id="FM15",
        title="People who are never recognised",
        why="No process that ships is for recognition; who hears no feedback is told.",
    ),
)
