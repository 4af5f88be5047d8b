"""Rules that name people: who owns a task, who is told, who may see a field."""

from dataclasses import dataclass
from enum import StrEnum

from engine.core.expression import Expr


@dataclass(frozen=True, kw_only=True, slots=True)
class ByExpression:
    """People named by an expression: a person, an id, a list of either, or nothing."""

    expr: Expr  # `subject.manager`, `data.peers`, `case.opened_by`


@dataclass(frozen=True, kw_only=True, slots=True)
class ByRole:
    """Holders of a directory role, of a unit if `of` is given: `{role: hr-partner, of: …}`."""

    role: str  # the role's name in the directory
    of: Expr | None  # the unit it is held for; None: held for the whole organisation


@dataclass(frozen=True, kw_only=True, slots=True)
class ByQueue:
    """A queue: its members all see the task and one claims it."""

    queue: str  # the queue's name in the directory


class Pick(StrEnum):
    """How many of several people a rule gives."""

    ONE = "one"  # the first in the directory's order
    ALL = "all"  # all own it together; the first answer decides


@dataclass(frozen=True, kw_only=True, slots=True)
class OwnerRule:
    """Who owns something, with the way out when that is nobody."""

    label: str  # as the author wrote it, or the name from `people:`
    source: ByExpression | ByRole | ByQueue  # where to look first
    if_nobody: tuple["OwnerRule", ...]  # then here, in order
    exclude: tuple[Expr, ...]  # never these people (`not:`), wherever they come from
    pick: Pick  # one or all
    even_if_left: bool  # also after the last day, where they left an address of their own


class OnOwnerChange(StrEnum):
    """What becomes of an open task whose owner the directory now answers differently."""

    REASSIGN = "reassign"  # handed over with everything already written
    KEEP = "keep"  # stays with whom it was given to
    CO_OWN = "co_own"  # the new owner joins
