"""What a proof found, before it is placed in the file."""

from dataclasses import dataclass

from engine.document import Diagnostic, Mark, Severity
from engine.document import Span as Place
from engine.loader import Sources


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    code: str  # E4xx refuses the definition, W4xx warns
    place: Place
    message: str  # one sentence without a full stop
    label: str = ""  # a few words beside the carets
    also: tuple[Mark, ...] = ()
    help: str | None = None
    test: str | None = None  # a scenario that shows it

    def diagnostic(self, sources: Sources) -> Diagnostic:
        return Diagnostic(
            code=self.code,
            message=self.message,
            severity=Severity.WARNING if self.code.startswith("W") else Severity.ERROR,
            file=sources.name,
            span=self.place,
            label=self.label,
            also=self.also,
            help=self.help,
            test=self.test,
        )
