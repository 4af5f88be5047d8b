"""What is known in the middle of a text: the open lists and mappings, and the problems so far."""

from dataclasses import dataclass, field
from typing import Any, Final

import yaml

from engine.document.diagnostics import Diagnostic
from engine.document.nodes import Entry, Node, Scalar
from engine.document.spans import Span

MOST_PROBLEMS: Final = 100


@dataclass(kw_only=True, slots=True)
class Open:
    """A list or mapping whose end has not been seen."""

    start: Any
    flow: bool
    mapping: bool
    items: list[Node] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    key: Scalar | None = None
    seen: dict[str, Scalar] = field(default_factory=dict)

    @property
    def place(self) -> tuple[int, int]:
        """Line and column of its beginning, from 1."""
        return self.start.line + 1, self.start.column + 1


@dataclass(kw_only=True, slots=True)
class Growth:
    """What came of one pass over the text."""

    # The file's name as it is shown.
    file: str
    # The lines of the text.
    lines: list[str]
    # The tree, once complete.
    root: Node | None = None
    # What was found on the way.
    problems: list[Diagnostic] = field(default_factory=list)
    # Why YAML gave up, if it did.
    failure: yaml.MarkedYAMLError | None = None
    # The last scalar before that.
    last: Scalar | None = None
    # The lists and mappings that were open then, the innermost last.
    stack: list[Open] = field(default_factory=list)

    def report(self, code: str, span: Span, message: str, **more: Any) -> None:
        """Adds an error; `more` are further fields of Diagnostic."""
        self.add(Diagnostic(code=code, message=message, file=self.file, span=span, **more))

    def add(self, problem: Diagnostic | None) -> None:
        """Adds a problem, as long as anybody would read it."""
        if problem is not None and len(self.problems) < MOST_PROBLEMS:
            self.problems.append(problem)
