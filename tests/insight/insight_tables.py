"""Tables by hand, in the words of a day: for rules that a whole company would only hide."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

from analytics.insight import History

TODAY = datetime(2028, 3, 1, 12, tzinfo=UTC)
_NUMBER = count(1)

Row = tuple[str, Mapping[str, Any]]  # the table, and a row of it


def ago(days: float) -> datetime:
    return TODAY - timedelta(days=days)


def case(process: str, subject: str, opened: float, closed: float | None = None,
         outcome: str = "done", name: str | None = None, parent: str | None = None,
         **data: Any) -> Row:  # fmt: skip
    return "cases", {
        "case": name or f"{process[:3].upper()}-{next(_NUMBER)}",
        "process": process,
        "subject": subject,
        "opened_at": ago(opened),
        "closed_at": None if closed is None else ago(closed),
        "outcome": None if closed is None else outcome,
        "parent": parent,
        "data": data,
    }


def told(event: str, days: float, by: str | None = None, **body: Any) -> Row:
    return "events", {"event": event, "at": ago(days), "by": by, "body": body}


def record(kind: str, about: str, days: float, value: Any = 1, until: float | None = None,
           name: str = "REC-1", **attributes: Any) -> Row:  # fmt: skip
    return "records", {
        "kind": kind,
        "about": about,
        "value": value,
        "attributes": attributes,
        "valid_from": ago(days),
        "valid_until": None if until is None else ago(until),
        "case": name,
    }


def task(of: str, process: str, state: str, opened: float, closed: float | None = None,
         due: float | None = None, outcome: str = "submit") -> Row:  # fmt: skip
    return "tasks", {
        "case": of,
        "task": f"{state}#{next(_NUMBER)}",
        "process": process,
        "state": state,
        "opened_at": ago(opened),
        "due_at": None if due is None else ago(due),
        "closed_at": None if closed is None else ago(closed),
        "outcome": None if closed is None else outcome,
    }


def person(name: str, since: float = 1000, *, active: bool = True, unit: str = "Sales",
           employment: str = "employee", manager: str | None = None,
           title: str | None = None, grade: str | None = None) -> Row:  # fmt: skip
    return "people", {
        "person": name,
        "valid_from": ago(since).date(),
        "active": active,
        "title": title,
        "department": unit,
        "grade": grade,
        "employment": employment,
        "manager": manager,
    }


def seat(position: str, name: str) -> Row:
    row = {"position": position, "person": name, "valid_from": date(2020, 1, 1)}
    return "positions", {**row, "valid_until": None}


def history(rows: Iterable[Row], at: datetime = TODAY) -> History:
    """In the order of the tables: events and records as they came."""
    tables: dict[str, list[Mapping[str, Any]]] = {
        name: []
        for name in ("cases", "events", "records", "tasks", "assignments", "people", "positions",
                     "handovers")
    }  # fmt: skip
    for name, row in rows:
        tables[name].append(row)
    tables["events"].sort(key=lambda row: row["at"])
    tables["records"].sort(key=lambda row: row["valid_from"])
    tables["people"].sort(key=lambda row: (row["person"], row["valid_from"]))
    return History.of(tables, at)
