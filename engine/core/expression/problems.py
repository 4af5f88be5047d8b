"""What can be wrong with an expression, as sentences for the person who wrote it.

| code | meaning |
|---|---|
| E301 | syntax: the text is not an expression |
| E302 | an unknown name: a variable or a function nobody defined |
| E303 | an unknown field of something known |
| E304 | a value of the wrong type |
| E305 | not a condition: yes or no was wanted |
| E306 | an impossible comparison: it could never be true, or never be false |
| E307 | too long, too deeply nested, or reading too much |
| E308 | a placeholder in a text that cannot be shown |
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from types import MappingProxyType
from typing import Any, Final

SYNTAX: Final = "E301"
UNKNOWN_NAME: Final = "E302"
UNKNOWN_FIELD: Final = "E303"
WRONG_TYPE: Final = "E304"
NOT_A_CONDITION: Final = "E305"
IMPOSSIBLE: Final = "E306"
TOO_LONG: Final = "E307"
PLACEHOLDER: Final = "E308"

CODES: Final[Mapping[str, str]] = MappingProxyType(
    {
        SYNTAX: "the text is not an expression",
        UNKNOWN_NAME: "a variable or function that does not exist",
        UNKNOWN_FIELD: "a field that does not exist",
        WRONG_TYPE: "a value of the wrong type",
        NOT_A_CONDITION: "something that is not yes or no, where a condition is wanted",
        IMPOSSIBLE: "a comparison that can never come out both ways",
        TOO_LONG: "an expression that is too long or too deeply nested",
        PLACEHOLDER: "a placeholder in a text that cannot be shown",
    }
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Problem:
    # one of CODES
    code: str
    # what is wrong, as one sentence
    message: str
    # where it starts: characters from the beginning of the source, from 0
    column: int
    # how many characters it covers, at least 1
    length: int
    # the way out as one sentence, with the corrected text where there is one
    help: str | None = None
    # edits that only put into our spelling what was written; empty where it may mean several things
    fix: tuple["Edit", ...] = ()


class ExpressionRefused(Exception):  # noqa: N818  (the past tense says what happened)
    """An expression or template was refused while being compiled."""

    def __init__(self, source: str, problems: tuple[Problem, ...]) -> None:
        self.source = source
        self.problems = problems
        lines = (
            f"{p.code} at column {p.column + 1}: {p.message}" + (f" {p.help}" if p.help else "")
            for p in problems
        )
        super().__init__("\n".join(lines))


class ExpressionFailed(Exception):  # noqa: N818
    """A compiled expression has no answer for these values: an incident, never "false".

    The message shows the source and the values it read; `reason` is the sentence without them,
    for places where the values may not be seen.
    """

    def __init__(self, source: str, reason: str, values: tuple[tuple[str, Any], ...] = ()) -> None:
        self.source = source
        self.reason = reason
        self.values = values
        read = ", ".join(f"{path} = {shortened(value)}" for path, value in values)
        super().__init__(
            f"`{source}` has no answer: {reason}." + (f" It read {read}." if read else "")
        )


def shortened(value: Any) -> str:
    """A value as it is quoted in a message: never long."""
    match value:
        case None:
            return "(not filled in)"
        case bool():
            return "yes" if value else "no"
        case str():
            return f'"{value[:40]}…"' if len(value) > 40 else f'"{value}"'
        case list() | tuple():
            return f"a list of {len(value)}"
        case Mapping():
            name = value.get("name")
            return name[:40] if isinstance(name, str) else "a record"
        case int() if value.bit_length() > 200:
            return "a huge number"
        case _:
            return str(value)[:40]


@dataclass(frozen=True, kw_only=True, slots=True)
class Edit:
    """One replacement in the source, by character offsets."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    # the problem, before its help is known
    problem: Problem
    # what would put it right
    edits: tuple[Edit, ...] = ()
    # whether the edits can only be what was meant
    sure: bool = False


@dataclass(slots=True)
class Findings:
    """Collects the problems of one source, and writes the corrected text into their help."""

    source: str
    found: list[Finding] = field(default_factory=list)

    def add(
        self,
        code: str,
        message: str,
        span: tuple[int, int],
        *,
        edits: Iterable[Edit] = (),
        help: str | None = None,  # noqa: A002  (it is the field's name)
        sure: bool = False,
    ) -> None:
        start, end = span
        self.found.append(
            Finding(
                problem=Problem(
                    code=code,
                    message=message,
                    column=start,
                    length=max(1, end - start),
                    help=help,
                ),
                edits=tuple(edits),
                sure=sure,
            )
        )

    def problems(self) -> tuple[Problem, ...]:
        """All problems in the order of the source, each once."""
        corrected = applied(self.source, [edit for f in self.found for edit in f.edits])
        finished: dict[tuple[str, int], Problem] = {}
        for finding in sorted(self.found, key=lambda f: f.problem.column):
            problem = finding.problem
            text = problem.help
            if finding.edits:
                text = f"{text} Write: {corrected}" if text else f"Write: {corrected}"
            finished.setdefault(
                (problem.code, problem.column),
                Problem(
                    code=problem.code,
                    message=problem.message,
                    column=problem.column,
                    length=problem.length,
                    help=text,
                    fix=finding.edits if finding.sure else (),
                ),
            )
        return tuple(finished.values())


def applied(source: str, edits: Sequence[Edit]) -> str:
    """The source with all edits made; of overlapping ones the widest wins."""
    kept: list[Edit] = []
    for edit in sorted(edits, key=lambda e: (e.start - e.end, e.start)):
        clash = any(edit.start < k.end and k.start < edit.end for k in kept)
        if not clash and edit not in kept:
            kept.append(edit)
    for edit in sorted(kept, key=lambda e: (e.start, e.end), reverse=True):
        source = source[: edit.start] + edit.text + source[edit.end :]
    return source


def only_near(word: str, known: Iterable[str]) -> bool:
    """Whether no more than one known word can have been meant."""
    lower = {name.lower() for name in known}
    return len(get_close_matches(word.lower(), lower, n=2, cutoff=0.6)) == 1


def closest(word: str, known: Iterable[str]) -> str | None:
    """The known word an author most likely meant."""
    by_lower = {name.lower(): name for name in known}
    matches = get_close_matches(word.lower(), by_lower, n=1, cutoff=0.6)
    return by_lower[matches[0]] if matches else None
