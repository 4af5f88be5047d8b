"""What every question needs besides a session: definitions and people, each read once."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from itertools import islice
from typing import Any

from sqlalchemy import Select, func, literal, select, union_all
from sqlmodel import Session, col

from engine.directory import ERASED_GUEST, Directory
from engine.loader import load_text
from engine.queries.atlas import Atlas
from engine.store.tables import DefinitionRow, GuestRow, PersonVersionRow

_ID = re.compile(r"\bp_[a-z0-9]+\b")
_AT_A_TIME = 500  # names in one query; SQLite takes no more than a thousand or so parameters


@dataclass(frozen=True, kw_only=True, slots=True)
class Reader:
    """Made once per process and shared by its threads."""

    directory: Directory = field(default_factory=Directory)
    _atlases: dict[int, Atlas] = field(default_factory=dict)

    def atlases(self, session: Session, numbers: Iterable[int]) -> Mapping[int, Atlas]:
        """Atlases by DefinitionRow.id; one query when some were not read before."""
        wanted = set(numbers)
        missing = wanted - self._atlases.keys()
        if missing:
            rows = session.connection().execute(
                select(
                    col(DefinitionRow.id),
                    col(DefinitionRow.process),
                    col(DefinitionRow.version),
                    col(DefinitionRow.title),
                    col(DefinitionRow.sha256),
                    col(DefinitionRow.source),
                ).where(col(DefinitionRow.id).in_(missing))
            )
            for number, process, version, title, sha, source in rows:
                assert number is not None
                loaded = load_text(source, f"{process}@{version}")
                self._atlases[number] = Atlas(
                    process=process,
                    version=version,
                    title=title,
                    sha256=sha,
                    definition=loaded.definition,
                )
        return {number: self._atlases[number] for number in wanted}


@dataclass(frozen=True, kw_only=True, slots=True)
class Names:
    """What people were called when, as far as it was asked for."""

    _versions: Mapping[str, tuple[tuple[date, str], ...]]  # by person, from a day on, in order

    def of(self, person: str | None, then: datetime | None = None) -> str | None:
        """The name as of that instant, the newest for None; None for nobody.

        Before somebody's first day their first name counts, and somebody whom the directory does
        not know is called so.
        """
        if person is None:
            return None
        versions = self._versions.get(person)
        if not versions:
            return f"somebody unknown ({person})"
        if then is None:
            return versions[-1][1]
        day = then.astimezone(UTC).date()
        name = versions[0][1]
        for since, called in versions:
            if since > day:
                break
            name = called
        return name

    def known(self, person: str) -> bool:
        return person in self._versions

    def within(self, text: str, then: datetime | None = None) -> str:
        """The text with names where it has ids."""
        return _ID.sub(lambda found: self._called(found[0], then), text)

    def _called(self, person: str, then: datetime | None) -> str:
        return self.of(person, then) or person if self.known(person) else person


def ids_in(text: str) -> list[str]:
    """What may be ids of people in a text."""
    return _ID.findall(text)


def read_names(session: Session, people: Collection[str | None]) -> Names:
    """One query for every 500 people."""
    wanted = iter(sorted({person for person in people if person is not None}))
    versions: dict[str, list[tuple[date, str]]] = {}
    while some := list(islice(wanted, _AT_A_TIME)):
        known: Select[Any] = select(
            col(PersonVersionRow.person).label("person"),
            col(PersonVersionRow.valid_from).label("since"),
            col(PersonVersionRow.name).label("name"),
        ).where(col(PersonVersionRow.person).in_(some))
        guests: Select[Any] = select(
            col(GuestRow.id),
            literal(date.min),
            func.coalesce(col(GuestRow.name), ERASED_GUEST),
        ).where(col(GuestRow.id).in_(some))
        rows = session.connection().execute(union_all(known, guests).order_by("person", "since"))
        for person, since, name in rows:
            versions.setdefault(person, []).append((since, name))
    return Names(_versions={person: tuple(known) for person, known in versions.items()})
