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
        id="CN7",
        title="What the last hires lacked, for those who hire next",
        why="It compares what a seat asks for with what its holder can do. A requisition says the "
        "first in words, the skills of somebody are kept in levels; no number joins the two.",
    ),
    Absent(
        id="CN11",
        title="Whether other systems are connected",
        why="A signal or an import that never came leaves nothing behind here that could be "
        "counted; what did come is told by `tenure export events`.",
    ),
    Absent(
        id="FM18",
        title="The wrong tool for the job",
        why="No data say what a company bought it for; what each process is for stands at the "
        "head of its page.",
    ),
)
