"""A definition becomes a version that cases are run by, for good."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import orjson
from sqlalchemy import bindparam, func, select

from engine.core.chart import Definition
from engine.document.diagnostics import Diagnostic, Severity
from engine.service.beginnings import keep_rules
from engine.service.errors import PublishRefused
from engine.service.naming import name_process
from engine.service.outcomes import Published
from engine.service.tools import Tools
from engine.store import Statement, Transaction, to_micros
from engine.store.statements import insert_into, table_of
from engine.store.tables import DefinitionRow

_TABLE = table_of(DefinitionRow)
_INSERT = insert_into(DefinitionRow)
_SAME = Statement(
    select(_TABLE.c.process, _TABLE.c.version).where(_TABLE.c.sha256 == bindparam("of"))
)
_NEWEST = Statement(select(func.max(_TABLE.c.version)).where(_TABLE.c.process == bindparam("of")))
_LOCK = "SELECT pg_advisory_xact_lock(hashtext('tenure publish'))"


@dataclass(frozen=True, kw_only=True, slots=True)
class Sound:
    """A text without errors."""

    source: str
    definition: Definition
    findings: tuple[Diagnostic, ...]  # warnings: what the author may have overlooked


def examined(tools: Tools, source: str, name: str) -> Sound:
    """Everything that `check` does. Raises PublishRefused."""
    loaded = tools.definitions.load(source, name)
    findings = tools.definitions.verify(loaded)
    errors = [each for each in findings if each.severity is Severity.ERROR]
    if loaded.definition is None or errors:
        raise PublishRefused(_unsound(name, errors), findings)
    return Sound(source=source, definition=loaded.definition, findings=findings)


def publish(
    tools: Tools, tx: Transaction, sound: Sound, by: str | None, now: datetime
) -> Published:
    """Stores text and findings; the same text again changes nothing. Raises PublishRefused."""
    definition = sound.definition
    if tx.on_postgresql:
        tx.cursor.execute(_LOCK)
    published = Published(
        process=definition.process,
        version=definition.version,
        sha256=definition.sha256,
        new=True,
        warnings=sound.findings,
    )
    if tx.one(_SAME, {"of": definition.sha256}) is not None:
        return Published(
            process=published.process,
            version=published.version,
            sha256=published.sha256,
            new=False,
            warnings=published.warnings,
        )
    row = tx.one(_NEWEST, {"of": definition.process})
    newest = None if row is None else row[0]
    if newest is not None and definition.version <= newest:
        raise PublishRefused(_too_old(definition.process, definition.version, newest))
    name_process(tx, definition.process)
    (number,) = tx.numbers("definition")
    tx.run(
        _INSERT,
        {
            "id": number,
            "process": definition.process,
            "version": definition.version,
            "title": definition.title,
            "sha256": definition.sha256,
            "source": sound.source,
            "published_at": to_micros(now),
            "published_by": by,
            "findings": orjson.dumps([each.as_dict() for each in sound.findings]).decode(),
        },
    )
    version = tools.definitions.get(tx, number)
    keep_rules(tx, version, tools.directory.facts(tx.connection, now), now)
    tools.failpoints.reach("publish.written")
    return published


def _too_old(process: str, version: int, newest: int) -> str:
    if version == newest:
        return (
            f"Version {version} of {process} was published with other content, and a published "
            f"version never changes. Raise `version` to {newest + 1}."
        )
    return (
        f"Version {version} of {process} is older than {newest}, which is published already. "
        f"Raise `version` to {newest + 1}."
    )


def _unsound(name: str, errors: Sequence[Diagnostic]) -> str:
    first = errors[0]
    more = f" That is the first of {len(errors)} errors." if len(errors) > 1 else ""
    return (
        f"{name} cannot be published: {first.message} (line {first.span.line}, {first.code})."
        f"{more} `tenure check` shows where."
    )
