"""Pieces of sentences: how text of a file is quoted in a message about it."""

from typing import Final

_LONGEST: Final = 60


def first_line(text: str) -> str:
    """At most sixty characters of the first line, for use inside a sentence."""
    line = text.split("\n", 1)[0]
    return line if len(line) <= _LONGEST and line == text else line[:_LONGEST] + "…"


def in_quotes(text: str) -> str:
    """The text as a YAML author should write it, or the advice to do so if it is long."""
    if len(text) > _LONGEST:
        return "the whole text between single quotes, and every ' inside it twice"
    if '"' not in text and "\\" not in text:
        return f'`"{text}"`'
    return "`'" + text.replace("'", "''") + "'`"
