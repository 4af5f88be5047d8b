"""The stable codes of this room, E101 to E199, for the one catalogue behind `explain`."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

DOCUMENT_CODES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "E101": "the file cannot be opened",
        "E102": "the file is not UTF-8 text",
        "E103": "the file is larger than 256 KiB",
        "E104": "a control character or an invisible character stands in the file",
        "E105": "there is nothing in the file",
        "E106": "the text is not YAML",
        "E107": "a line is indented with a tab",
        "E108": "the indentation fits no line above",
        "E109": "a quote is never closed",
        "E110": "a bracket or brace is never closed",
        "E111": "a closing bracket or brace has no partner",
        "E112": "a colon stands inside unquoted text",
        "E113": "a colon, or the space after it, is missing",
        "E114": "text follows a quoted or bracketed value",
        "E115": "unquoted text inside {…} or […] contains brackets or braces",
        "E116": "unquoted text begins with a {{ placeholder }}",
        "E117": "unquoted text begins with a character that YAML keeps for itself",
        "E118": "text is cut off in silence, because ` #` begins a comment",
        "E119": "an unknown escape stands in double quotes",
        "E120": "a key is written twice",
        "E121": "an anchor (&name) is used",
        "E122": "an alias (*name) is used",
        "E123": "a merge key (<<) is used",
        "E124": "a tag (!name) is used",
        "E125": "the file holds several documents",
        "E126": "a key is not text",
        "E127": "the nesting is deeper than 30",
        "E128": "a number is too large to be kept exactly",
        "E129": "a YAML directive (%) is used",
        "E130": "a `#` right before a word may have cut off text (warning)",
        "E131": "a space may be missing after a colon (warning)",
    }
)
