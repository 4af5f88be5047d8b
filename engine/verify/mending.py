"""Puts right what can only be meant in one way, and nothing else of the text."""

from collections import Counter
from dataclasses import dataclass
from typing import Final

from engine.document import Change, Diagnostic, Severity
from engine.document.spans import line_starts
from engine.loader import Loaded, load_text

_MOST: Final = 200


@dataclass(frozen=True, kw_only=True, slots=True)
class Mended:
    """What became of a text."""

    source: str
    made: tuple[Diagnostic, ...]  # the errors that were put right, in turn


def mend(source: str, name: str) -> Mended:
    """Mends one error after another, each only if it is really gone then.

    Only errors are touched: a text with errors has no meaning that could be changed. Comments and
    layout stay, since only the characters of a change are written anew.
    """
    made: list[Diagnostic] = []
    passed: set[tuple[str, str, int]] = set()
    loaded = load_text(source, name)
    while len(made) < _MOST:
        error = next((each for each in _errors(loaded) if _id(each) not in passed), None)
        if error is None:
            break
        passed.add(_id(error))
        tried = _applied(source, error.fix)
        again = load_text(tried, name)
        if _is_gone(error, loaded, again):
            source, loaded = tried, again
            made.append(error)
            passed.clear()
    return Mended(source=source, made=tuple(made))


def _errors(loaded: Loaded) -> list[Diagnostic]:
    return [each for each in loaded.diagnostics if each.fix and each.severity is Severity.ERROR]


def _id(error: Diagnostic) -> tuple[str, str, int]:
    return error.code, error.message, error.span.line


def _is_gone(error: Diagnostic, before: Loaded, after: Loaded) -> bool:
    """The error was told once less, nothing of its kind instead, and the text is still read."""
    if before.sources is not None and after.sources is None:
        return False
    was = Counter(each.code for each in before.diagnostics)
    now = Counter(each.code for each in after.diagnostics)
    told = Counter(each.message for each in before.diagnostics)
    tells = Counter(each.message for each in after.diagnostics)
    return tells[error.message] < told[error.message] and now[error.code] < was[error.code]


def _applied(source: str, changes: tuple[Change, ...]) -> str:
    starts = line_starts(source)
    for change in sorted(changes, key=lambda c: (c.span.line, c.span.column), reverse=True):
        begin = starts[change.span.line - 1] + change.span.column - 1
        end = starts[change.span.end_line - 1] + change.span.end_column - 1
        old = source[begin:end]
        quote = old[:1] if old[:1] in ("'", '"') and old[-1:] == old[:1] and len(old) > 1 else ""
        kept = quote and not change.text.startswith(quote)
        text = f"{quote}{change.text}{quote}" if kept else change.text
        source = source[:begin] + text + source[end:]
    return source
