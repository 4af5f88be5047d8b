"""Is the record whole? Every hash, every private part, and every case played once more."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import groupby
from operator import itemgetter
from typing import Any, Protocol

from sqlalchemy import select
from sqlmodel import Session, col

from engine.audit.findings import Fault, Finding, Verdict
from engine.audit.lines import StoredLine, check_lines
from engine.audit.replay import Diverged, replay
from engine.audit.standing import CaseStanding, as_bytes, check_standing, read_standings
from engine.core.chart import Definition
from engine.loader import load_text
from engine.store.tables import CaseRow, DefinitionRow, EventPrivateRow, EventRow

_CASES_AT_A_TIME = 200


class Readable(Protocol):
    """What is needed of a store's Database."""

    def read(self) -> AbstractContextManager[Session]: ...


@dataclass(slots=True, kw_only=True)
class _Published:
    """Definitions by row id: what is hashed, and what is run."""

    stamps: Mapping[int, tuple[int, str]]  # version and SHA-256 as the rows have them
    sources: Mapping[int, tuple[str, str]]  # process and text
    titles: Mapping[int, str]
    loaded: dict[tuple[int, str], Definition] = field(default_factory=dict)

    def of(self, line: StoredLine) -> Definition:
        key = (line.definition_version, line.definition_sha256)
        known = self.loaded.get(key)
        if known is None:
            known = self.loaded[key] = self._load(line, key)
        return known

    def _load(self, line: StoredLine, key: tuple[int, str]) -> Definition:
        number = next(number for number, stamp in self.stamps.items() if stamp == key)
        process, source = self.sources[number]
        definition = load_text(source, f"{process}@{key[0]}").definition
        if definition is None:
            raise Diverged(
                line.seq,
                f"version {key[0]} of {process} cannot be read by this version of the program, "
                "so its cases cannot be played again",
            )
        return definition

    def check_case(self, standing: CaseStanding, lines: Sequence[StoredLine]) -> Finding | None:
        """Whether the case row names the definition that ruled its newest line."""
        last = (lines[-1].definition_version, lines[-1].definition_sha256) if lines else None
        process = self.sources.get(standing.definition, ("", ""))[0]
        if (self.stamps.get(standing.definition), process) == (last, standing.process):
            return None
        return Finding(
            fault=Fault.STATE,
            case=standing.name,
            seq=None,
            what="its row names another definition than its history was written under",
        )

    def check_used(self) -> Finding | None:
        """Whether the rows of what was played say of the texts what these say themselves."""
        for number, stamp in self.stamps.items():
            definition = self.loaded.get(stamp)
            if definition is None:
                continue
            process = self.sources[number][0]
            found = (process, stamp[0], self.titles[number])
            if found != (definition.process, definition.version, definition.title):
                return Finding(
                    fault=Fault.DEFINITION,
                    case=None,
                    seq=None,
                    what=f"the row of {process}, version {stamp[0]}, has another process, version "
                    "or title than its text",
                )
        return None


@dataclass(slots=True, kw_only=True)
class _Tally:
    """How far the verifier has come."""

    events: int = 0
    cases: int = 0
    replayed: int = 0
    erased: int = 0

    def verdict(self, finding: Finding | None) -> Verdict:
        return Verdict(
            events=self.events,
            cases=self.cases,
            replayed=self.replayed,
            erased=self.erased,
            finding=finding,
        )


def verify(database: Readable, *, replay: bool = True) -> Verdict:
    """Checks everything, or everything up to the first alteration; writes nothing.

    With `replay` every case is also played again from its history, and its snapshot, tasks and
    timers compared with where that leads. Cases are read 200 at a time, so that a long check holds
    up nobody.
    """
    tally = _Tally()
    with database.read() as session:
        published = _definitions(session)
    finding = _check_definitions(published)
    if finding is not None:
        return tally.verdict(finding)
    after = 0
    while True:
        with database.read() as session:
            standings = read_standings(session, after, _CASES_AT_A_TIME)
            if not standings:
                return tally.verdict(published.check_used() or _orphans(session))
            after = standings[-1].id
            lines = _lines(session, standings, published)
        for standing in standings:
            found = _check_case(standing, lines.get(standing.id, ()), published, tally, replay)
            if found is not None:
                return tally.verdict(found)


def _check_case(
    standing: CaseStanding,
    lines: Sequence[StoredLine],
    published: _Published,
    tally: _Tally,
    replaying: bool,
) -> Finding | None:
    tally.cases += 1
    tally.events += len(lines)
    finding = check_lines(standing.name, lines, seq=standing.seq, head=standing.head)
    finding = finding or published.check_case(standing, lines)
    if finding is not None or not replaying:
        return finding
    try:
        played = replay(lines, published.of)
    except Diverged as diverged:
        return Finding(fault=Fault.STATE, case=standing.name, seq=diverged.seq, what=diverged.what)
    if not played.complete:
        tally.erased += 1
        return None
    tally.replayed += 1
    return check_standing(standing, played)


def _definitions(session: Session) -> _Published:
    rows = session.connection().execute(
        select(
            col(DefinitionRow.id),
            col(DefinitionRow.process),
            col(DefinitionRow.version),
            col(DefinitionRow.sha256),
            col(DefinitionRow.source),
            col(DefinitionRow.title),
        )
    )
    stamps: dict[int, tuple[int, str]] = {}
    sources: dict[int, tuple[str, str]] = {}
    titles: dict[int, str] = {}
    for number, process, version, sha, source, title in rows:
        stamps[number] = (version, sha)
        sources[number] = (process, source)
        titles[number] = title
    return _Published(stamps=stamps, sources=sources, titles=titles)


def _check_definitions(published: _Published) -> Finding | None:
    for number, (process, source) in published.sources.items():
        version, sha = published.stamps[number]
        if sha256(as_bytes(source)).hexdigest() != sha:
            return Finding(
                fault=Fault.DEFINITION,
                case=None,
                seq=None,
                what=f"the text of {process}, version {version}, is not the one that was "
                "published: its SHA-256 is another",
            )
    return None


def _lines(
    session: Session, standings: Sequence[CaseStanding], published: _Published
) -> dict[int, list[StoredLine]]:
    """The history of these cases, by case, in the order of its numbers."""
    rows = session.connection().execute(
        select(
            col(EventRow.case_id),
            col(EventRow.seq),
            col(EventRow.at),
            col(EventRow.kind),
            col(EventRow.actor),
            col(EventRow.assurance),
            col(EventRow.object),
            col(EventRow.definition_id),
            col(EventRow.request),
            col(EventRow.public),
            col(EventRow.commitment),
            col(EventRow.prev),
            col(EventRow.hash),
            col(EventPrivateRow.salt),
            col(EventPrivateRow.payload),
        )
        .join(EventPrivateRow, col(EventPrivateRow.event_id) == col(EventRow.id), isouter=True)
        .where(col(EventRow.case_id) >= standings[0].id, col(EventRow.case_id) <= standings[-1].id)
        .order_by(col(EventRow.case_id), col(EventRow.seq))
    )
    return {
        case: [_line(row, published) for row in of_case]
        for case, of_case in groupby(rows, key=itemgetter(0))
    }


def _line(row: Any, published: _Published) -> StoredLine:
    # A definition that is gone leaves a stamp that no hash was made with.
    version, sha = published.stamps.get(row.definition_id, (0, ""))
    return StoredLine(
        seq=row.seq,
        at=row.at,
        kind=row.kind,
        actor=row.actor,
        assurance=row.assurance,
        object=row.object,
        definition_version=version,
        definition_sha256=sha,
        request=row.request,
        public_json=row.public,
        commitment=_bytes(row.commitment),
        prev=as_bytes(row.prev),
        hash=as_bytes(row.hash),
        salt=_bytes(row.salt),
        private_json=_text(row.payload),
    )


def _bytes(value: Any) -> bytes | None:
    return None if value is None else as_bytes(value)


def _text(value: Any) -> str | None:
    return value if value is None or isinstance(value, str) else str(value)


def _orphans(session: Session) -> Finding | None:
    """Lines whose case row is gone."""
    row = (
        session.connection()
        .execute(
            select(col(EventRow.case_id), col(EventRow.seq))
            .join(CaseRow, col(CaseRow.id) == col(EventRow.case_id), isouter=True)
            .where(col(CaseRow.id).is_(None))
            .order_by(col(EventRow.case_id), col(EventRow.seq))
            .limit(1)
        )
        .one_or_none()
    )
    if row is None:
        return None
    return Finding(
        fault=Fault.ORPHANED,
        case=None,
        seq=None,
        what=f"the row of case number {row[0]} is gone, and its history is still there",
    )
