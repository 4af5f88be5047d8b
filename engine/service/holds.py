"""Legal holds: while one stands, nothing of the case is erased, whatever its definition says."""

from datetime import datetime

from sqlalchemy import bindparam, select, update

from engine.audit.chain import Line
from engine.service.cases import CaseFile, load_named, tell
from engine.service.errors import Refused, Unknown
from engine.service.tools import Tools
from engine.store import Statement, Transaction, to_micros
from engine.store.statements import insert_into, table_of
from engine.store.tables import HoldRow

_HOLD = table_of(HoldRow)
_PLACE = insert_into(HoldRow, without=("id", "lifted_at", "lifted_by"))
_STANDING = Statement(
    select(_HOLD.c.id).where(_HOLD.c.case_id == bindparam("of"), _HOLD.c.lifted_at.is_(None))
)
_LIFT = Statement(
    update(_HOLD)
    .where(_HOLD.c.id == bindparam("of"))
    .values(lifted_at=bindparam("at"), lifted_by=bindparam("by"))
)


def place_hold(
    tools: Tools, tx: Transaction, name: str, by: str | None, reason: str, now: datetime
) -> None:
    """Raises Unknown, or Refused for a case that is held already."""
    case = _named(tools, tx, name)
    if is_on_hold(tx, case):
        raise Refused(f"{name} is held already; a case has one hold at a time.")
    at = to_micros(now)
    row = {"case_id": case.id, "reason": reason, "placed_at": at, "placed_by": by}
    tx.run(_PLACE, row)
    _told(tools, tx, case, "hold.placed", by, reason, at)


def lift_hold(
    tools: Tools, tx: Transaction, name: str, by: str | None, reason: str, now: datetime
) -> None:
    """Raises Unknown, or Refused for a case that is not held."""
    case = _named(tools, tx, name)
    standing = tx.one(_STANDING, {"of": case.id})
    if standing is None:
        raise Refused(f"{name} is not held.")
    at = to_micros(now)
    tx.run(_LIFT, {"of": standing[0], "at": at, "by": by})
    _told(tools, tx, case, "hold.lifted", by, reason, at)


def is_on_hold(tx: Transaction, case: CaseFile) -> bool:
    return tx.one(_STANDING, {"of": case.id}) is not None


def _named(tools: Tools, tx: Transaction, name: str) -> CaseFile:
    case = load_named(tools, tx, name)
    if case is None:
        raise Unknown(f"There is no case {name}. `tenure cases --status all` lists them.")
    return case


def _told(
    tools: Tools, tx: Transaction, case: CaseFile, kind: str, by: str | None, reason: str, at: int
) -> None:
    tell(tools, tx, case, [Line(kind=kind, at=at, actor=by, public={}, private={"reason": reason})])
