"""What goes into the verbs of the service and what comes out of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.core.chart import Assurance


@dataclass(frozen=True, kw_only=True, slots=True)
class Submission:
    """One answer to one task, decoded and valid for its form."""

    task: str  # TaskRow.public_id
    button: str
    answers: Mapping[str, Any]  # stored JSON values by field name
    by: str  # person id of the assignment, never of the request
    assurance: str = "link"  # link | code | login
    request: str | None = None  # id of the request that brought it


@dataclass(frozen=True, kw_only=True, slots=True)
class Accepted:
    """The answer is committed and the case has moved."""

    case: str  # its name
    outcome: str  # the button
    at: datetime
    reference: str  # where it stands in the history: `ONB-0042.17.` and 16 digits of its hash


@dataclass(frozen=True, kw_only=True, slots=True)
class AlreadyRecorded:
    """Somebody was first, or the task was withdrawn; nothing was changed."""

    outcome: str  # the button that counted, or `withdrawn`
    by: str | None  # person id; None: withdrawn
    at: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class NotYours:
    """The person has no hold on this task now, or it does not exist."""


@dataclass(frozen=True, kw_only=True, slots=True)
class NeedsAssurance:
    """The task wants to be surer of who answers than this session is."""

    needed: Assurance


@dataclass(frozen=True, kw_only=True, slots=True)
class Held:
    """The answer is kept, but an incident holds the case: it counts once that is repaired."""

    incident: int | None  # the open incident's number


Answered = Accepted | AlreadyRecorded | NotYours | NeedsAssurance | Held


@dataclass(frozen=True, kw_only=True, slots=True)
class Claimed:
    """The member has the task now."""

    case: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Published:
    """A version that can be run."""

    process: str
    version: int
    sha256: str
    new: bool  # False: the very same text was published before
    warnings: tuple[Any, ...]  # the loader's diagnostics that are no errors


@dataclass(frozen=True, kw_only=True, slots=True)
class Advanced:
    """What one round over the waiting cases did."""

    cases: int  # looked at
    events: int  # taken
    held: int  # cases that an incident stopped in this round
    more: bool  # whether others are waiting already


@dataclass(frozen=True, kw_only=True, slots=True)
class CohortLine:
    """One start of a bulk start."""

    line: int  # of the file it came from
    subject: str | None  # person id
    data: Mapping[str, Any]
    refused: str | None = None  # why it cannot be started, if that is known already
    not_before: datetime | None = None  # its turn in a staggered start; None: at once


@dataclass(frozen=True, kw_only=True, slots=True)
class Launched:
    """How far a bulk start is."""

    done: int  # started and refused, all rounds together
    total: int
    refused: int
    later: int  # whose turn in a staggered start has not come
    more: bool  # whether others could be started now


@dataclass(frozen=True, kw_only=True, slots=True)
class Due:
    """What waits to be done now, each counted to 1,000 at most."""

    letters: int  # outbox rows
    events: int  # timers and inbox rows
    launches: int  # members of cohorts
