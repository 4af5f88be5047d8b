"""A definition becomes a version that cases are run by, for good."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, func, select

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


def publish(
    tools: Tools, tx: Transaction, source: str, name: str, by: str | None, now: datetime
) -> Published:
    """Stores the text; the very same text again changes nothing. Raises PublishRefused."""
    loaded = tools.definitions.load(source, name)
    errors = [each for each in loaded.diagnostics if each.severity is Severity.ERROR]
    if loaded.definition is None or errors:
        raise PublishRefused(_unsound(name, errors), loaded.diagnostics)
    definition = loaded.definition
    if tx.on_postgresql:
        tx.cursor.execute(_LOCK)
    published = Published(
        process=definition.process,
        version=definition.version,
        sha256=definition.sha256,
        new=True,
        warnings=tuple(loaded.diagnostics),
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
            "source": source,
            "published_at": to_micros(now),
            "published_by": by,
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
