"""The verbs about running cases and versions of their process; each is as safe as the service's."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from engine.core.chart import Definition
from engine.core.mapping import BY_NAME, MigrationRule
from engine.loader import against
from engine.service import migrating, patching
from engine.service.definitions import Version, version_of
from engine.service.service import Service
from engine.versions import Plan, Planned

_PLANNED_AT_A_TIME = 200


@dataclass(frozen=True, kw_only=True, slots=True)
class Foreseen:
    """A plan for the newest version, as it is published."""

    new: Definition
    running: Mapping[int, int]  # how many cases run under each older version
    olds: Mapping[int, Definition]  # those versions
    rules: Mapping[int, MigrationRule]  # what the newest says about their cases
    misfits: tuple[str, ...]  # what it says that does not fit them, sentences
    plan: Plan


@dataclass(frozen=True, kw_only=True, slots=True)
class Versions:
    service: Service

    def foresee(self, process: str, most: int, now: datetime) -> Foreseen | None:
        """What would become of up to `most` running cases under the newest published version.

        None for an unknown process; writes nothing. Raises StartRefused for a version that this
        program cannot read.
        """
        tools = self.service.tools
        newest = self.service.database.write(lambda tx: tools.definitions.latest(tx, process))
        if newest is None:
            return None
        running = self.running(process, newest.definition.version)
        olds = self.definitions(process, list(running))
        rules, misfits = dict.fromkeys(olds, BY_NAME), []
        for written in newest.migrations:
            if written.version in olds:
                rules[written.version], problems = against(written, olds[written.version])
                misfits += [each.message for each in problems]
        return Foreseen(
            new=newest.definition,
            running=running,
            olds=olds,
            rules=rules,
            misfits=tuple(misfits),
            plan=self.plan(newest.definition, rules, now, most=most),
        )

    def plan(
        self,
        new: Definition,
        rules: Mapping[int, MigrationRule],
        now: datetime,
        *,
        most: int | None = None,
    ) -> Plan:
        """What would become of every running case under `new`, published or not.

        `rules` are by the version that cases come from. A few cases at a time, so that others get
        their turn; what moves on meanwhile is noticed by its revision when the plan is done. With
        `most` no more cases than that.
        """
        version = version_of(0, new, 0)
        cases: list[Planned] = []
        after: int | None = 0
        while after is not None and (most is None or len(cases) < most):
            batch = self._planned(version, rules, after, now)
            cases += batch.cases
            after = batch.after
        return Plan(
            process=new.process,
            version=new.version,
            sha256=new.sha256,
            made_at=now,
            rules=rules,
            cases=tuple(cases[:most]),
        )

    def _planned(
        self, new: Version, rules: Mapping[int, MigrationRule], after: int, now: datetime
    ) -> migrating.PlannedBatch:
        tools = self.service.tools
        return self.service.database.write(
            lambda tx: migrating.plan_batch(
                tools,
                tx,
                new,
                rules,
                after,
                _PLANNED_AT_A_TIME,
                tools.directory.facts(tx.connection, now),
                now,
            )
        )

    def migrate(
        self, plan: Plan, cases: Sequence[Planned], by: str | None, now: datetime
    ) -> tuple[migrating.Result, ...]:
        """Does what a plan says about some of its cases, in one transaction; Refused if it cannot.

        After a stop the same again: what was done before stays as it is.
        """
        migrating.check_plan(plan)
        tools = self.service.tools
        done = self.service.database.write(
            lambda tx: migrating.migrate_batch(
                tools, tx, plan, cases, tools.directory.facts(tx.connection, now), by, now
            )
        )
        tools.failpoints.reach("migrate.committed")
        return done

    def patch(self, process: str, after: int, limit: int, now: datetime) -> patching.Patched:
        """Running cases take over the texts of the newest version, if that is all that is new.

        Up to `limit` cases from behind `after`, 0 at first; again after a stop changes nothing.
        """
        tools = self.service.tools
        patched = self.service.database.write(
            lambda tx: patching.patch(
                tools, tx, process, after, limit, tools.directory.facts(tx.connection, now), now
            )
        )
        tools.failpoints.reach("migrate.committed")
        return patched

    def running(self, process: str, below: int) -> Mapping[int, int]:
        """How many running cases each version before `below` has."""
        return self.service.database.write(lambda tx: migrating.running(tx, process, below))

    def definitions(self, process: str, versions: Sequence[int]) -> Mapping[int, Definition]:
        """Published versions by their number; what is not published is left out."""
        tools = self.service.tools
        return self.service.database.write(
            lambda tx: migrating.published(tools, tx, process, versions)
        )
