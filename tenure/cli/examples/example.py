"""A wrong and a right way to write something; each is a whole text, so that both can be checked."""

from collections.abc import Callable
from dataclasses import dataclass
from textwrap import dedent, indent

_HEAD = """\
process: review
version: 1
people:
  manager: subject.manager
  hrbp: {role: hr-partner, of: subject.department}
data:
  rating: {type: scale, min: 1, max: 5}
  why: {type: longtext}
  level: {type: choice, options: [junior, senior]}
  peers: {type: people}
  start_date: {type: date, from: start}
  score: {type: number}
"""
_FORMS = """\
forms:
  mark: {fields: [rating, why]}
"""
_TALK = "  talk: {task: {to: manager, form: mark}}\n"
_END = "  closed: {end: done}\n"


@dataclass(frozen=True, kw_only=True, slots=True)
class Example:
    """One fault and its cure."""

    wrong: str | bytes  # a whole text that yields the code
    right: str  # a whole text that does not
    shown: str  # the part of `right` that matters
    older: str | None = None  # the version before, where the code is about both


def text(wrong: str | bytes, right: str) -> Example:
    """Two texts as they are."""
    return Example(wrong=wrong, right=right, shown=right)


def versions(older: str, wrong: str, right: str) -> Example:
    """Two ways to write what comes after `older`."""
    return Example(wrong=wrong, right=right, shown=right, older=older)


def top(wrong: str, right: str) -> Example:
    """Keys at the top of a definition."""
    return _both(wrong, right, lambda lines: f"{_HEAD}{lines}{_FORMS}states:\n{_TALK}{_END}")


def data(wrong: str, right: str) -> Example:
    """Fields under `data:`."""
    return _both(
        wrong,
        right,
        lambda lines: f"{_HEAD}{indent(lines, '  ')}{_FORMS}states:\n{_TALK}{_END}",
        under="data:",
    )


def form(wrong: str, right: str) -> Example:
    """The fields of the form `mark`."""
    return _both(
        wrong,
        right,
        lambda lines: f"{_HEAD}forms:\n{indent(lines, '  ')}states:\n{_TALK}{_END}",
        under="forms:",
    )


def states(wrong: str, right: str) -> Example:
    """The first states of a definition; `talk` and `closed` follow."""
    return _both(
        wrong,
        right,
        lambda lines: f"{_HEAD}{_FORMS}states:\n{indent(lines, '  ')}{_TALK}{_END}",
        under="states:",
    )


def rows(wrong: str, right: str) -> Example:
    """Where the button of a rating leads."""
    head = "rate:\n  task: {to: manager, form: mark}\n  on:\n    submit:\n"
    return states(*(head + indent(_lines(one), "      ") for one in (wrong, right)))


def condition(wrong: str, right: str) -> Example:
    """The condition of a row, as it would be typed between the quotes."""
    return rows(
        *(f"- {{if: {_quoted(one)}, go: closed}}\n- {{otherwise: talk}}" for one in (wrong, right))
    )


def _both(wrong: str, right: str, whole: Callable[[str], str], under: str = "") -> Example:
    shown = _lines(right)
    if under:
        shown = f"{under}\n{indent(shown, '  ')}"
    return Example(wrong=whole(_lines(wrong)), right=whole(_lines(right)), shown=shown)


def _lines(written: str) -> str:
    return dedent(written).strip("\n") + "\n"


def _quoted(source: str) -> str:
    return "'" + source.replace("'", "''") + "'"
