"""Analytics by their names: what each is given, and what it may be told. None of them decides.

What they find is never part of a case's state, so no condition can read it: it goes to a person.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from engine.core.expression import Expr


class Table(StrEnum):
    """The frozen table that an analytic is given."""

    PEOPLE = "people"  # everybody who works here: person, manager, unit
    RECORDS = "records"  # the valid records of the kind `kind`: person, unit, value
    SUCCESSORS = "successors"  # who could follow as `position`, and what is known of them
    TASKS = "tasks"  # this process's tasks of the last twelve months


@dataclass(frozen=True, kw_only=True, slots=True)
class Contract:
    """What a definition may ask of an analytic."""

    table: Table
    about: str  # one sentence for authors and readers
    parameters: Mapping[str, int | str]  # what `with:` may change, and what holds if it does not


@dataclass(frozen=True, kw_only=True, slots=True)
class Advice:
    """`advise:` of a state; its task is the state's own."""

    analytic: str
    parameters: Mapping[str, Expr]


CATALOGUE: Final[Mapping[str, Contract]] = MappingProxyType(
    {
        "rating_distribution": Contract(
            table=Table.RECORDS,
            about="How ratings are spread over units; small groups are told of only together.",
            parameters=MappingProxyType({"kind": "rating", "least": 5}),
        ),
        "span_of_control": Contract(
            table=Table.PEOPLE,
            about="How many people report to each manager, and who has very few or very many.",
            parameters=MappingProxyType({"least": 3, "most": 12}),
        ),
        "succession_readiness": Contract(
            table=Table.SUCCESSORS,
            about="How far those who could follow are from ready, and what each of them lacks.",
            parameters=MappingProxyType({"position": ""}),
        ),
        "waiting_times": Contract(
            table=Table.TASKS,
            about="How long the steps of this process wait for an answer.",
            parameters=MappingProxyType({"least": 5}),
        ),
    }
)
