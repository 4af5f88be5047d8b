"""The tables, by what they are about. Importing this package registers all of them."""

from engine.store.tables.cases import (
    AssignmentRow,
    CaseRow,
    CohortMemberRow,
    CohortRow,
    DefinitionRow,
    DraftRow,
    InboxRow,
    IncidentRow,
    RecordRow,
    SignalRow,
    SubcaseRow,
    TakenRow,
    TaskRow,
    TimerRow,
    WaitRow,
)
from engine.store.tables.mail import LinkRow, OutboxRow, SessionRow
from engine.store.tables.people import (
    HolderRow,
    LocationRow,
    MemberRow,
    PersonRow,
    PersonVersionRow,
    StandInRow,
)
from engine.store.tables.privacy import FileRow, HoldRow, SealedAnswerRow
from engine.store.tables.trail import EventPrivateRow, EventRow, LeaseRow, MetaRow

__all__ = [
    "AssignmentRow",
    "CaseRow",
    "CohortMemberRow",
    "CohortRow",
    "DefinitionRow",
    "DraftRow",
    "EventPrivateRow",
    "EventRow",
    "FileRow",
    "HoldRow",
    "HolderRow",
    "InboxRow",
    "IncidentRow",
    "LeaseRow",
    "LinkRow",
    "LocationRow",
    "MemberRow",
    "MetaRow",
    "OutboxRow",
    "PersonRow",
    "PersonVersionRow",
    "RecordRow",
    "SealedAnswerRow",
    "SessionRow",
    "SignalRow",
    "StandInRow",
    "SubcaseRow",
    "TakenRow",
    "TaskRow",
    "TimerRow",
    "WaitRow",
]
