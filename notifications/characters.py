"""What of a text may travel in a mail: no control characters, none that reorder what is read."""

import re
import textwrap

# Control characters, line and paragraph separators, and lone surrogates (no encoding has them).
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")
# Embeddings, overrides and isolates can make a link or a name read backwards. The joiners that
# Persian, Indic scripts and emoji need are not among them.
_REORDERING = re.compile("[\u202a-\u202e\u2066-\u2069]+")
_LINE_END = re.compile("\r\n|[\r\n\x0b\x0c\x85\u2028\u2029]")


def one_line(text: str) -> str:
    """The text as a single line; every run of white space becomes one blank."""
    return " ".join(_UNPRINTABLE.sub(" ", _REORDERING.sub("", text)).split())


def lines(text: str) -> list[str]:
    """The lines of a paragraph, each cleaned, without empty ones at the ends."""
    cleaned = [one_line(line) for line in _LINE_END.split(text)]
    return "\n".join(cleaned).strip("\n").split("\n")


def header_line(text: str) -> str:
    """One line for a header.

    Text that pretends to be an encoded word is taken apart: decoding it could bring back the line
    breaks that were just removed.
    """
    return one_line(text).replace("=?", "= ?")


def wrapped(text: str, first: str = "", later: str = "") -> str:
    """The text in lines of at most 76 characters; `first` and `later` are what lines begin with."""
    return textwrap.fill(
        text,
        width=76,
        initial_indent=first,
        subsequent_indent=later,
        break_long_words=False,
        break_on_hyphens=False,
    )
