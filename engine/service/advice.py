"""Analytics for whoever has a task: run over a frozen table, and written into the history.

The line keeps the table, the parameters and what was found, so that an auditor can run the same
again. Nothing of it enters the case's state: an analytic can never take a transition.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, assert_never

import orjson
from sqlalchemy import bindparam, or_, select

from engine.audit.advice import KIND, input_hash
from engine.audit.chain import Line
from engine.core.advice import CATALOGUE, Contract, Table
from engine.core.effects import AskAdvice
from engine.directory.facts import RosterFacts
from engine.service.cases import CASE, TASK, CaseFile
from engine.service.evidence import evidence, named
from engine.service.tools import Analyst
from engine.store import Statement, Transaction, to_micros
from engine.store.statements import constant, table_of
from engine.store.tables import RecordRow

Rows = list[dict[str, Any]]

_YEAR = timedelta(days=365)
_RECORD = table_of(RecordRow)
_VALID = Statement(
    select(_RECORD.c.about, _RECORD.c.value)
    .where(
        _RECORD.c.kind == bindparam("of_kind"),
        _RECORD.c.valid_from <= bindparam("now"),
        or_(_RECORD.c.valid_until.is_(None), _RECORD.c.valid_until > bindparam("now")),
    )
    .order_by(_RECORD.c.valid_from, _RECORD.c.id)
)
_TASKS = Statement(
    select(TASK.c.state, TASK.c.opened_at, TASK.c.closed_at, TASK.c.due_at)
    .join(CASE, CASE.c.id == TASK.c.case_id)
    .where(
        CASE.c.process == bindparam("of_process"),
        TASK.c.opened_at >= bindparam("since"),
        TASK.c.status != constant("withdrawn"),
    )
    .order_by(TASK.c.id)
)


def advise(
    analysts: Mapping[str, Analyst],
    tx: Transaction,
    case: CaseFile,
    asked: AskAdvice,
    facts: RosterFacts,
    now: datetime,
) -> Line:
    """The line that tells what was found, for whoever has the task."""
    analyst = analysts[asked.analytic]
    rows = _table(tx, case, CATALOGUE[asked.analytic], asked.parameters, facts, now)
    found = analyst.run(rows, asked.parameters)
    given: dict[str, Any] = {"parameters": dict(asked.parameters), "input": rows}
    return Line(
        kind=KIND,
        at=to_micros(now),
        object=asked.task,
        public={
            "analytic": asked.analytic,
            "version": analyst.version,
            "rows": len(rows),
            "findings": len(found),
        },
        private={**given, "sha256": input_hash(given), "findings": found},
    )


def _table(
    tx: Transaction,
    case: CaseFile,
    contract: Contract,
    parameters: Mapping[str, Any],
    facts: RosterFacts,
    now: datetime,
) -> Rows:
    match contract.table:
        case Table.PEOPLE:
            return _people(facts)
        case Table.RECORDS:
            return _records(tx, str(parameters["kind"]), facts, now)
        case Table.SUCCESSORS:
            position = str(parameters["position"]) or None
            return evidence(tx.connection, named(tx.connection, now, position), facts, now)
        case Table.TASKS:
            return _tasks(tx, case, now)
        case _:
            assert_never(contract.table)


def _people(facts: RosterFacts) -> Rows:
    people = facts.roster.people
    return [
        {"person": person, "manager": known["manager"], "unit": known["department"]}
        for person, known in sorted(people.items())
        if known["active"]
    ]


def _records(tx: Transaction, kind: str, facts: RosterFacts, now: datetime) -> Rows:
    newest: dict[str, Any] = {}
    for about, value in tx.all(_VALID, {"of_kind": kind, "now": to_micros(now)}):
        newest[about] = orjson.loads(value)
    people = facts.roster.people
    return [
        {"person": about, "unit": people[about]["department"], "value": value}
        for about, value in sorted(newest.items())
        if about in people and people[about]["active"]
    ]


def _tasks(tx: Transaction, case: CaseFile, now: datetime) -> Rows:
    asked = {"of_process": case.version.definition.process, "since": to_micros(now - _YEAR)}
    until = to_micros(now)
    return [
        {
            "state": state,
            "opened_at": opened_at,
            "closed_at": closed_at,
            "due_at": due_at,
            "until": until,
        }
        for state, opened_at, closed_at, due_at in tx.all(_TASKS, asked)
    ]
