"""What is wrong in a document, as data: the frames, JSON and editors all tell the same story."""

from dataclasses import dataclass
from enum import StrEnum

from engine.document.spans import Span


class Severity(StrEnum):
    """An error refuses the document; a warning does not."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, kw_only=True, slots=True)
class Mark:
    """A second place that belongs to a problem."""

    # Where it is.
    span: Span
    # What is there, in two or three words.
    label: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """A stretch of the source and what to write there instead."""

    span: Span
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Diagnostic:
    """One problem at one place, with the way out of it."""

    # Stable code, such as E120.
    code: str
    # What is wrong, in one sentence without a full stop.
    message: str
    # Whether the document is refused because of it.
    severity: Severity = Severity.ERROR
    # Name of the file as it is shown.
    file: str
    # Where it is.
    span: Span
    # A few words beside the carets.
    label: str = ""
    # Further places that explain the problem.
    also: tuple[Mark, ...] = ()
    # What to write instead.
    help: str | None = None
    # A `tests:` block that shows it, to be pasted below the definition.
    test: str | None = None
    # What puts it right, where only one thing can have been meant; empty otherwise.
    fix: tuple[Change, ...] = ()

    def as_dict(self) -> dict[str, str | int | None]:
        """The flat form of `--format json`."""
        shown = {} if self.test is None else {"test": self.test}
        return {
            "file": self.file,
            "line": self.span.line,
            "column": self.span.column,
            "end_line": self.span.end_line,
            "end_column": self.span.end_column,
            "code": self.code,
            "severity": self.severity.value,
            "message": self.message,
            "help": self.help,
            **shown,
        }


class DocumentRefused(Exception):  # noqa: N818 - a refusal is what it is, and reads so in `except`
    """The text is no document: every problem found, in file order, and the source for frames."""

    def __init__(self, diagnostics: tuple[Diagnostic, ...], source: str = "") -> None:
        self.diagnostics = diagnostics
        self.source = source
        super().__init__(diagnostics, source)

    def __str__(self) -> str:
        return "\n".join(
            f"{found.file}:{found.span.line}:{found.span.column}: "
            f"{found.severity}[{found.code}]: {found.message}"
            for found in self.diagnostics
        )
