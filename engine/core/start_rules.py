"""The rules of `starts:`, as records: what starts a case of a process."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from engine.core.expression import Expr
from engine.core.people import OwnerRule
from engine.core.schedule import Schedule


@dataclass(frozen=True, kw_only=True, slots=True)
class OwnHand:
    """`by_hand:` - who may start a case; a process without any `starts:` lets everybody."""

    who: OwnerRule | None  # None: everybody


ANYBODY: Final = OwnHand(who=None)


@dataclass(frozen=True, kw_only=True, slots=True)
class StartRule:
    """`signal:`, `every:` or `cohort:` - exactly one of the three is given."""

    id: str  # unique in the process, and how people read it: `every year on 11 January at 09:00`
    signal: str | None  # the event's name
    schedule: Schedule | None
    cohort: str | None  # a name; somebody starts it by hand
    condition: Expr | None  # `if:`; of a schedule or a cohort it is asked for each person
    subject: Expr | None  # `for:`; whom the signal is about
    data: Mapping[str, Expr]  # `with:`
