"""The file on the bench: read again whenever it is saved, with everything that is wrong in it."""

from dataclasses import dataclass
from pathlib import Path

from engine.document import Diagnostic, DocumentRefused, Severity, frame, read
from engine.loader import Loaded, load
from engine.verify import verify


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """One state of the file."""

    path: Path
    source: str  # as far as it could be read
    loaded: Loaded | None  # None: it is no document
    findings: tuple[Diagnostic, ...]  # in the order of the file

    @property
    def errors(self) -> int:
        return sum(1 for found in self.findings if found.severity is Severity.ERROR)

    @property
    def warnings(self) -> int:
        return len(self.findings) - self.errors

    @property
    def playable(self) -> bool:
        return self.loaded is not None and self.loaded.definition is not None

    def frames(self) -> tuple[tuple[str, str], ...]:
        """Each finding as a source frame, with its severity."""
        return tuple(
            (found.severity.value, frame(found, self.source, color=False, unicode=True, width=100))
            for found in self.findings
        )


def read_file(path: Path) -> Reading:
    """Never raises for what the file says, nor for one that is away for a moment."""
    try:
        document = read(path)
    except DocumentRefused as refused:
        return Reading(path=path, source=refused.source, loaded=None, findings=refused.diagnostics)
    loaded = load(document)
    return Reading(path=path, source=document.source, loaded=loaded, findings=verify(loaded))
