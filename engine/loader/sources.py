"""Where things stand in the file, for whoever proves something about a definition."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.core.expression import Expr, Template
from engine.document import Span as Place


@dataclass(frozen=True, kw_only=True, slots=True)
class SourceRow:
    """One row of an exit or a table."""

    condition: Expr | None  # None: always, or it could not be read
    place: Place  # of the whole row
    always: bool  # no condition was written


@dataclass(frozen=True, kw_only=True, slots=True)
class Table:
    """Rows of which one is taken (`hit: first`), or as `hit` says."""

    state: str  # id of the state they belong to; empty for the whole process
    what: str  # the button, event or phrase that leads here; `decide` for a table
    hit: str  # `first`, `unique`, `all` or `sum`
    rows: tuple[SourceRow, ...]  # in the order of the file
    must_fit: bool  # no row that fits is an incident, and not an event for somebody else


@dataclass(kw_only=True, slots=True, eq=False)
class Origins:
    """The places of compiled expressions and texts; by identity, since two may be written alike."""

    _known: dict[int, tuple[Expr | Template, Place]] = field(default_factory=dict)

    def note(self, what: Expr | Template, place: Place) -> None:
        self._known[id(what)] = (what, place)

    def of(self, what: Expr | Template) -> Place | None:
        """None for what the loader made up itself."""
        known = self._known.get(id(what))
        return None if known is None else known[1]


@dataclass(frozen=True, kw_only=True, slots=True)
class Sources:
    """The file behind a definition."""

    name: str  # as it is shown
    states: Mapping[str, Place]  # by state id: where the author named it
    fields: Mapping[str, Place]  # entries of `data`
    origins: Origins  # expressions and texts
    tables: tuple[Table, ...]  # every list of rows, in the order of the file
