"""A version that differs in nothing but its texts: running cases take it over without a plan."""

from dataclasses import dataclass
from datetime import datetime

from engine.core.alike import only_texts_differ
from engine.core.facts import Facts
from engine.core.mapping import BY_NAME
from engine.service.cases import from_columns
from engine.service.definitions import Version
from engine.service.errors import Unknown
from engine.service.migrating import look, move_case, older
from engine.service.tools import Tools
from engine.store import Transaction


@dataclass(frozen=True, kw_only=True, slots=True)
class Patched:
    """What one round over the running cases did."""

    moved: int  # they show the new texts now
    after: int | None  # goes into the next call; None: there are no more


def patch(
    tools: Tools, tx: Transaction, process: str, after: int, limit: int, facts: Facts, now: datetime
) -> Patched:
    """Running cases of versions from which the newest differs in its texts alone."""
    new = newest(tools, tx, process)
    rows = older(tx, new, after, limit)
    moved = 0
    for row in rows:
        case = from_columns(tools, tx, row)
        if not is_patch(case.version, new):
            continue
        _, found, recording = look(case, new, BY_NAME, facts, now)
        if found is not None:  # else a text of it cannot be filled in for this very case
            move_case(tools, tx, case, new, BY_NAME, found, recording, None, now)
            moved += 1
        tools.failpoints.reach("migrate.between")
    return Patched(moved=moved, after=int(rows[-1][0]) if len(rows) == limit else None)


def is_patch(old: Version, new: Version) -> bool:
    """Whether cases of `old` take over `new` by themselves: its author said nothing else."""
    if any(each.version == old.definition.version for each in new.migrations):
        return False
    return only_texts_differ(old.definition, new.definition)


def newest(tools: Tools, tx: Transaction, process: str) -> Version:
    version = tools.definitions.latest(tx, process)
    if version is None:
        raise Unknown(f"No process {process!r} is published.")
    return version
