"""What YAML cuts off without a word: text after ` #`."""

from engine.document.brackets import end_of_text
from engine.document.diagnostics import Diagnostic, Severity
from engine.document.spans import Span
from engine.document.wording import in_quotes


def after_plain_text(
    text: str, span: Span, lines: list[str], file: str, *, flow: bool
) -> Diagnostic | None:
    """A finding if the comment right behind a plain scalar looks like a part of it."""
    line = lines[span.end_line - 1]
    at = line.find("#", span.end_column - 1)
    if at < 0 or not text or line[span.end_column - 1 : at].strip() or at < span.end_column:
        return None
    comment = line[at:]
    where = Span(
        line=span.end_line, column=at + 1, end_line=span.end_line, end_column=len(line) + 1
    )
    if _left_open(text, comment):
        begin = span.column - 1 if span.line == span.end_line else span.end_column - 1
        whole = line[begin : end_of_text(line, begin, flow=flow)]
        return Diagnostic(
            code="E118",
            message="YAML cuts this text off at ` #`, where a comment begins",
            file=file,
            span=where,
            label="all of this is a comment",
            help=f"write {in_quotes(whole)}",
        )
    if comment[1:2].isalnum():
        return Diagnostic(
            code="E130",
            message="the text ends before ` #`, where a comment begins",
            severity=Severity.WARNING,
            file=file,
            span=where,
            label="a comment",
            help="put the text between quotes if this belongs to it; else write a space after `#`",
        )
    return None


def _left_open(text: str, comment: str) -> bool:
    if text.count('"') % 2 and '"' in comment:
        return True
    if text.count("{{") > text.count("}}") and "}}" in comment:
        return True
    # An apostrophe inside a word opens nothing.
    opening = sum(
        1
        for at, character in enumerate(text)
        if character == "'" and not (at and text[at - 1].isalnum())
    )
    closing = sum(
        1
        for at, character in enumerate(text)
        if character == "'"
        and at
        and text[at - 1].isalnum()
        and not text[at + 1 : at + 2].isalnum()
    )
    return opening > closing and "'" in comment
