"""`retention`: how long what is personal about a closed case is kept."""

from typing import Final

from engine.core.time import Span, Unit
from engine.document import Node
from engine.loader.durations import PhraseRefused, duration
from engine.loader.findings import Findings, as_mapping, as_text
from engine.loader.names import check_keys
from engine.loader.vocabulary import RETENTION_KEYS

CALENDAR: Final = (Unit.DAYS, Unit.WEEKS, Unit.MONTHS, Unit.YEARS)


def read_retention(findings: Findings, node: Node | None) -> dict[str, Span]:
    """What is erased how long after the close: `answers`, `mails`, `files`."""
    pairs = None if node is None else as_mapping(findings, node, "`retention`", "answers: 2 years")
    if pairs is None:
        return {}
    check_keys(findings, pairs, RETENTION_KEYS, "`retention`")
    found = {}
    for entry in pairs.entries:
        span = _length(findings, entry.value, f"`{entry.name}`")
        if span is not None and entry.name in RETENTION_KEYS.names:
            found[entry.name] = span
    return found


def _length(findings: Findings, node: Node, what: str) -> Span | None:
    text = as_text(findings, node, what, "2 years")
    if text is None:
        return None
    try:
        span = duration(text.text)
    except PhraseRefused as refused:
        place = findings.document.place(text, refused.offset, refused.length)
        findings.add("E216", place, refused.message, help=refused.help)
        return None
    if span.unit not in CALENDAR:
        findings.add(
            "E216",
            text,
            f"{what} is counted in days of the calendar, and this is in {span.unit.value}",
            help="write days, weeks, months or years, such as `2 years`",
        )
        return None
    return span
