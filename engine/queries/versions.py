"""Which versions there are, and how many cases still run under each."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlmodel import Session

from engine.core.instants import from_micros
from engine.queries.reader import read_names
from engine.queries.tasks import Named, named
from engine.store.statements import table_of
from engine.store.tables import CaseRow, DefinitionRow

_DEFINITION = table_of(DefinitionRow)
_CASE = table_of(CaseRow)


@dataclass(frozen=True, kw_only=True, slots=True)
class VersionCount:
    """One published version."""

    version: int
    published_at: datetime
    published_by: Named | None
    open_cases: int


@dataclass(frozen=True, kw_only=True, slots=True)
class ProcessVersions:
    """All versions of one process."""

    process: str
    title: str  # of the newest
    versions: tuple[VersionCount, ...]  # the newest first

    @property
    def behind(self) -> int:
        """How many cases run under an older version."""
        return sum(one.open_cases for one in self.versions[1:])


def versions(session: Session, process: str | None = None) -> tuple[ProcessVersions, ...]:
    """By title; of all processes or of one. Three queries."""
    asked = select(
        _DEFINITION.c.id,
        _DEFINITION.c.process,
        _DEFINITION.c.version,
        _DEFINITION.c.title,
        _DEFINITION.c.published_at,
        _DEFINITION.c.published_by,
    ).order_by(_DEFINITION.c.process, _DEFINITION.c.version.desc())
    counted = (
        select(_CASE.c.definition_id, func.count())
        .where(_CASE.c.closed_at.is_(None))
        .group_by(_CASE.c.definition_id)
    )
    if process is not None:
        asked = asked.where(_DEFINITION.c.process == process)
        counted = counted.where(_CASE.c.process == process)
    connection = session.connection()
    rows = connection.execute(asked).all()
    running: dict[int, int] = dict(connection.execute(counted).tuples().all())
    names = read_names(session, [row.published_by for row in rows])
    found: dict[str, tuple[str, list[VersionCount]]] = {}
    for number, of, version, title, published_at, by in rows:
        found.setdefault(of, (title, []))[1].append(
            VersionCount(
                version=version,
                published_at=from_micros(published_at),
                published_by=named(names, by),
                open_cases=running.get(number, 0),
            )
        )
    lines = [
        ProcessVersions(process=of, title=title, versions=tuple(some))
        for of, (title, some) in found.items()
    ]
    return tuple(sorted(lines, key=lambda one: (one.title.casefold(), one.process)))
