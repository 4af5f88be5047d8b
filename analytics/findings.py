"""What an analytic says, and how one is called."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

Rows = Sequence[Mapping[str, Any]]
Parameters = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """One thing that was found; never a decision."""

    about: Literal["person", "unit", "state", "all"]
    subject: str | None  # a person id, the name of a unit, the id of a state; None: all of it
    statement: str  # a sentence; `{subject}` stands for the name
    number: float | None
    low: float | None  # of the 95 % interval, where there is one
    high: float | None
    n: int  # how many it rests on
    notable: bool  # worth talking about first


@dataclass(frozen=True, kw_only=True, slots=True)
class Analytic:
    """A named analytic. Its version rises whenever the same input may give other findings."""

    name: str
    version: int
    find: Callable[[Rows, Parameters], tuple[Finding, ...]]

    def run(self, rows: Rows, parameters: Parameters) -> list[dict[str, Any]]:
        """The findings as JSON; pure, so that an auditor gets the same from the frozen input."""
        return [asdict(finding) for finding in self.find(rows, parameters)]


def not_enough(what: str, have: int, need: int) -> tuple[Finding, ...]:
    """Too little to say anything, and how much is missing."""
    return (
        Finding(
            about="all",
            subject=None,
            statement=f"Not enough data: {have} {what}, and {need} are needed.",
            number=None,
            low=None,
            high=None,
            n=have,
            notable=False,
        ),
    )
