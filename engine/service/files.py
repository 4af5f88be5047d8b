"""Files: kept in the database with the draft, bound to the case by the answer that names them.

A kill at any moment leaves a file that belongs to a draft, or none; what no answer came to name
is swept once its task is closed.
"""

from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import bindparam, delete, exists, false, select, true, update
from sqlmodel import Session

from engine.core.form import FieldType, Form
from engine.forms.files import file_name
from engine.service.cases import TASK
from engine.service.errors import Refused
from engine.service.holders import ASSIGNMENT
from engine.service.outcomes import NotYours
from engine.service.tools import Tools
from engine.store import Statement, Transaction, to_micros
from engine.store.statements import insert_into, table_of
from engine.store.tables import FileRow

_FILE = table_of(FileRow)
_ID_BYTES = 16
_PUT = insert_into(FileRow)
_TASK = Statement(
    select(TASK.c.id, TASK.c.case_id).where(
        TASK.c.public_id == bindparam("of"),
        TASK.c.status == "open",
        exists().where(
            ASSIGNMENT.c.task_id == TASK.c.id,
            ASSIGNMENT.c.person == bindparam("by"),
            ASSIGNMENT.c.ended_at.is_(None),
            ASSIGNMENT.c.candidate == false(),
        ),
    )
)
_REPLACE = Statement(
    delete(_FILE).where(
        _FILE.c.task_id == bindparam("of"),
        _FILE.c.field == bindparam("field"),
        _FILE.c.bound == false(),
    )
)
_KNOWN = Statement(
    select(_FILE.c.name, _FILE.c.size, _FILE.c.sha256).where(
        _FILE.c.id == bindparam("of"), _FILE.c.case_id == bindparam("in_case")
    )
)
_BIND = Statement(update(_FILE).where(_FILE.c.id == bindparam("of")).values(bound=true()))
_SWEEP = Statement(
    delete(_FILE).where(
        _FILE.c.bound == false(),
        exists().where(TASK.c.id == _FILE.c.task_id, TASK.c.status != "open"),
    )
)


def keep_file(
    tools: Tools,
    tx: Transaction,
    task: str,
    field: str,
    given: str,
    content: bytes,
    by: str,
    now: datetime,
) -> dict[str, Any] | NotYours:
    """Keeps a file for an open task in place of the last one; how an answer names it.

    Raises FileRefused.
    """
    name = file_name(given, content)
    found = tx.one(_TASK, {"of": task, "by": by})
    if found is None:
        return NotYours()
    number, case = found
    tx.run(_REPLACE, {"of": number, "field": field})
    row = {
        "id": tools.entropy(_ID_BYTES).hex(),
        "task_id": number,
        "case_id": case,
        "field": field,
        "name": name,
        "size": len(content),
        "sha256": sha256(content).hexdigest(),
        "content": content,
        "bound": False,
        "uploaded_at": to_micros(now),
    }
    tx.run(_PUT, row)
    tools.failpoints.reach("file.kept")
    return {key: row[key] for key in ("id", "name", "size", "sha256")}


def bind_files(tx: Transaction, case: int, form: Form | None, answers: Mapping[str, Any]) -> None:
    """The files that an answer names are the case's from now on. Raises Refused for another's."""
    for field in () if form is None else form.fields:
        value = answers.get(field.name)
        if field.type is not FieldType.FILE or value is None:
            continue
        known = tx.one(_KNOWN, {"of": value.get("id"), "in_case": case})
        if known is None or known != (value["name"], value["size"], value["sha256"]):
            raise Refused(f"{field.label}: the file is not here any more. Please choose it again.")
        tx.run(_BIND, {"of": value["id"]})


def sweep_files(tx: Transaction) -> int:
    """Deletes what was handed in with drafts that no answer came of; how many."""
    return tx.run(_SWEEP, {})


def read_file(session: Session, number: str) -> FileRow | None:
    """A file by its random number. Whether somebody may see it is the caller's to ask."""
    return session.get(FileRow, number)
