"""Running cases go over to a new version: what would become of each, and then exactly that."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import bindparam, func, select, update

from engine.audit.migrated import migrated_line
from engine.core.chart import Definition
from engine.core.facts import Facts
from engine.core.mapping import MigrationRule
from engine.core.migration import Moved, migrate
from engine.directory import RecordingFacts
from engine.service.cases import CASE, COLUMNS, CaseFile, from_columns, load_named
from engine.service.definitions import Version
from engine.service.errors import Refused
from engine.service.history import lines_of_migration
from engine.service.macrostep import Undone, write_step
from engine.service.tools import Tools
from engine.store import Statement, Transaction, to_micros
from engine.store.statements import table_of
from engine.store.tables import DefinitionRow
from engine.store.transaction import Row
from engine.versions import CasePlan, Outcome, Plan, Planned, case_plan

_DEFINITION = table_of(DefinitionRow)
_OPEN = Statement(
    select(*COLUMNS, _DEFINITION.c.version)
    .join(_DEFINITION, _DEFINITION.c.id == CASE.c.definition_id)
    .where(
        CASE.c.process == bindparam("process"),
        CASE.c.closed_at.is_(None),
        CASE.c.id > bindparam("after"),
        _DEFINITION.c.version < bindparam("below"),
    )
    .order_by(CASE.c.id)
    .limit(bindparam("most"))
)
_RUNNING = Statement(
    select(_DEFINITION.c.version, func.count())
    .select_from(CASE)
    .join(_DEFINITION, _DEFINITION.c.id == CASE.c.definition_id)
    .where(
        CASE.c.process == bindparam("process"),
        CASE.c.closed_at.is_(None),
        _DEFINITION.c.version < bindparam("below"),
    )
    .group_by(_DEFINITION.c.version)
    .order_by(_DEFINITION.c.version)
)
_BY_VERSION = Statement(
    select(_DEFINITION.c.id).where(
        _DEFINITION.c.process == bindparam("process"), _DEFINITION.c.version == bindparam("of")
    )
)
_BY_HASH = Statement(select(_DEFINITION.c.id).where(_DEFINITION.c.sha256 == bindparam("of")))
_SWITCH = Statement(
    update(CASE).where(CASE.c.id == bindparam("of")).values(definition_id=bindparam("to"))
)


class Became(StrEnum):
    """What a run did about one case."""

    MOVED = "moved"  # as planned
    MOVED_ANEW = "moved anew"  # it had moved on since the plan, was planned again, and moved
    BEFORE = "before"  # an earlier run had moved it
    STAYED = "stayed"  # as planned
    CLOSED = "closed"  # it ended since the plan
    LEFT = "left"  # it moved on since the plan, and now a person has to look


@dataclass(frozen=True, kw_only=True, slots=True)
class Result:
    """One case of a plan, done."""

    case: str
    became: Became
    outcome: Outcome  # what it was planned for last
    note: str | None  # MOVED_ANEW and LEFT: a sentence


@dataclass(frozen=True, kw_only=True, slots=True)
class PlannedBatch:
    """Some of the running cases, planned."""

    cases: tuple[Planned, ...]
    after: int | None  # goes into the next call; None: these were the last


def plan_batch(
    tools: Tools,
    tx: Transaction,
    new: Version,
    rules: Mapping[int, MigrationRule],
    after: int,
    limit: int,
    facts: Facts,
    now: datetime,
) -> PlannedBatch:
    """What would become of the next running cases of older versions; writes nothing."""
    rows = older(tx, new, after, limit)
    cases = []
    for row in rows:
        case, version = from_columns(tools, tx, row), row[11]
        plan, _, _ = look(case, new, rules[version], facts, now)
        cases.append(Planned(case=case.name, version=version, revision=case.revision, plan=plan))
    return PlannedBatch(cases=tuple(cases), after=rows[-1][0] if len(rows) == limit else None)


def older(tx: Transaction, new: Version, after: int, limit: int) -> list[Row]:
    """Running cases of versions before `new`: COLUMNS, and the number of their version."""
    definition = new.definition
    return tx.all(
        _OPEN,
        {
            "process": definition.process,
            "after": after,
            "below": definition.version,
            "most": limit,
        },
    )


def look(
    case: CaseFile, new: Version, rule: MigrationRule, facts: Facts, now: datetime
) -> tuple[CasePlan, Moved | None, RecordingFacts]:
    """What would become of a case, and how; None where it would not move."""
    old = case.version.definition
    recording = RecordingFacts(facts=facts, attributes=new.attributes | case.version.attributes)
    assert case.snapshot is not None
    found = migrate(old, new.definition, case.snapshot, rule, now, recording)
    plan = case_plan(old, new.definition, case.snapshot, found, now)
    return plan, found if isinstance(found, Moved) else None, recording


def running(tx: Transaction, process: str, below: int) -> dict[int, int]:
    """How many running cases each version before `below` has."""
    return dict(tx.all(_RUNNING, {"process": process, "below": below}))


def published(
    tools: Tools, tx: Transaction, process: str, versions: Sequence[int]
) -> dict[int, Definition]:
    """Published versions by their number; what is not published is left out."""
    found = {}
    for version in versions:
        row = tx.one(_BY_VERSION, {"process": process, "of": version})
        if row is not None:
            found[version] = tools.definitions.get(tx, row[0]).definition
    return found


def version_of_plan(tools: Tools, tx: Transaction, plan: Plan) -> Version:
    """The published version that a plan is about. Raises Refused."""
    row = tx.one(_BY_HASH, {"of": plan.sha256})
    if row is None:
        latest = tools.definitions.latest(tx, plan.process)
        if latest is not None and latest.definition.version >= plan.version:
            raise Refused(
                f"Version {plan.version} of {plan.process} was published with another text than "
                "the one that was planned with. Make the plan anew with that text."
            )
        raise Refused(
            f"Version {plan.version} of {plan.process} is not published yet, so no case can run "
            "under it. Publish the file that was planned with, then migrate."
        )
    return tools.definitions.get(tx, row[0])


def check_plan(plan: Plan) -> None:
    """Raises Refused for a plan that would strand a case."""
    stranded = plan.having(Outcome.STRANDED)
    if stranded:
        first = stranded[0]
        more = f" and {len(stranded) - 1:,} more" if len(stranded) > 1 else ""
        raise Refused(
            f"{first.case}{more} would have no place in version {plan.version}: "
            f"{first.plan.why}. Nothing is moved. Say under `migrate:` what becomes of such "
            "cases, and plan again."
        )


def migrate_batch(
    tools: Tools,
    tx: Transaction,
    plan: Plan,
    cases: Sequence[Planned],
    facts: Facts,
    by: str | None,
    now: datetime,
) -> tuple[Result, ...]:
    """Does what the plan says about these cases; one that was done before stays as it is."""
    new = version_of_plan(tools, tx, plan)
    done = []
    for planned in cases:
        done.append(_do(tools, tx, plan, planned, new, facts, by, now))
        tools.failpoints.reach("migrate.between")
    return tuple(done)


def _do(
    tools: Tools,
    tx: Transaction,
    plan: Plan,
    planned: Planned,
    new: Version,
    facts: Facts,
    by: str | None,
    now: datetime,
) -> Result:
    expected = planned.plan.outcome

    def result(became: Became, outcome: Outcome = expected, note: str | None = None) -> Result:
        return Result(case=planned.case, became=became, outcome=outcome, note=note)

    case = load_named(tools, tx, planned.case)
    if case is None:
        raise Refused(f"There is no case {planned.case}: the plan was made for another database.")
    if case.version.id == new.id:
        return result(Became.BEFORE)
    if case.closed_at is not None:
        return result(Became.CLOSED)
    if expected is Outcome.STAYS:
        return result(Became.STAYED)
    if case.version.definition.version != planned.version:
        ruled = case.version.definition.version
        note = f"it went to version {ruled} since the plan; plan again to move it"
        return result(Became.LEFT, note=note)
    rule = plan.rules[planned.version]
    found, moved, recording = look(case, new, rule, facts, now)
    as_planned = case.revision == planned.revision and found.same_as(planned.plan)
    if moved is None:
        return result(Became.LEFT, found.outcome, _why_left(found))
    if not as_planned and found.mails > planned.plan.mails:
        note = f"it moved on since the plan, and would send {found.mails} mails; plan again"
        return result(Became.LEFT, found.outcome, note)
    try:
        with tx.savepoint():
            move_case(tools, tx, case, new, rule, moved, recording, by, now)
    except Undone as undone:
        return result(Became.LEFT, found.outcome, undone.incident.message)
    if as_planned or found.same_as(planned.plan):
        return result(Became.MOVED)
    note = f"it moved on since the plan: {expected.value} became {found.outcome.value}"
    return result(Became.MOVED_ANEW, found.outcome, note)


def _why_left(found: CasePlan) -> str:
    if found.outcome is Outcome.STAYS:
        return f"it moved on since the plan, to `{found.place}`, whose cases stay"
    return f"it moved on since the plan, and has no place any more: {found.why}"


def move_case(
    tools: Tools,
    tx: Transaction,
    case: CaseFile,
    new: Version,
    rule: MigrationRule,
    moved: Moved,
    recording: RecordingFacts,
    by: str | None,
    now: datetime,
) -> None:
    """Writes a case that goes to another version: its rows, its letters and its history."""
    was, micros = case.version, to_micros(now)
    first = migrated_line(
        rule,
        moved,
        recording.recorded(),
        was=was.definition.version,
        actor=by,
        request=None,
        at=micros,
    )
    lines = lines_of_migration(first, was, new, moved.step, micros)
    case.version = new
    tx.run(_SWITCH, {"of": case.id, "to": new.id})
    write_step(tools, tx, case, None, lines, moved.step, recording, now, under=was)
