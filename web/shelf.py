"""Published versions as pages read them: compiled once, kept for good, never changed."""

from dataclasses import dataclass, field

from sqlmodel import Session

from engine.core.chart import Definition
from engine.loader import load_text
from engine.store.tables import DefinitionRow


@dataclass(frozen=True, kw_only=True, slots=True)
class Shelf:
    """Thread-safe: two threads may compile the same version at once, and either is as good."""

    _definitions: dict[int, Definition] = field(default_factory=dict)

    def get(self, session: Session, number: int) -> Definition:
        """The definition of a `DefinitionRow.id`."""
        known = self._definitions.get(number)
        if known is not None:
            return known
        row = session.get_one(DefinitionRow, number)
        loaded = load_text(row.source, f"{row.process}@{row.version}")
        if loaded.definition is None:
            raise ValueError(
                f"Version {row.version} of {row.process} was published by another tenure and this "
                "one cannot read it. Run the tenure of then, or publish it again as a new version."
            )
        return self._definitions.setdefault(number, loaded.definition)
