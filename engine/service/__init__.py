"""The engine as others use it: every verb is one transaction that decides and remembers."""

from engine.service.briefs import Brief, Cancelled, Person, TaskBrief
from engine.service.definitions import Definitions
from engine.service.drafts import Stale, opened_draft
from engine.service.errors import PublishRefused, Refused, ServiceError, StartRefused, Unknown
from engine.service.failpoints import Failpoints
from engine.service.files import read_file
from engine.service.notes import LONGEST as LONGEST_NOTE
from engine.service.notes import NoteKept
from engine.service.outbox import OutboxClaim
from engine.service.outcomes import (
    Accepted,
    Advanced,
    AlreadyRecorded,
    Answered,
    Claimed,
    CohortLine,
    Due,
    Held,
    Launched,
    NeedsAssurance,
    NotYours,
    Published,
    Submission,
)
from engine.service.retention import Erasure
from engine.service.service import Service
from engine.service.tools import Tools
from engine.service.versions import Versions

__all__ = [
    "LONGEST_NOTE",
    "Accepted",
    "Advanced",
    "AlreadyRecorded",
    "Answered",
    "Brief",
    "Cancelled",
    "Claimed",
    "CohortLine",
    "Definitions",
    "Due",
    "Erasure",
    "Failpoints",
    "Held",
    "Launched",
    "NeedsAssurance",
    "NotYours",
    "NoteKept",
    "OutboxClaim",
    "Person",
    "PublishRefused",
    "Published",
    "Refused",
    "Service",
    "ServiceError",
    "Stale",
    "StartRefused",
    "Submission",
    "TaskBrief",
    "Tools",
    "Unknown",
    "Versions",
    "opened_draft",
    "read_file",
]
