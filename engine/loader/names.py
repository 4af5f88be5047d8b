"""What may be a name, and which keys may stand where."""

import re
from collections.abc import Iterable
from typing import Final

from engine.document import Mapping, Scalar
from engine.loader.findings import Findings, nearest, quoted, surely
from engine.loader.keys import Block

_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,59}")
_EVENT: Final = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+")
_PROCESS: Final = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")

# What every expression can read, whatever the definition says.
READABLE: Final = ("data", "subject", "case", "now", "today", "event")
# Words of the expression language, which can name no value and no field.
WORDS: Final = frozenset(
    [
        "true",
        "false",
        "null",
        "in",
        "and",
        "or",
        "not",
        "if",
        "then",
        "else",
        "is",
        "has",
        "as",
        "break",
        "const",
        "continue",
        "for",
        "function",
        "import",
        "let",
        "loop",
        "package",
        "namespace",
        "return",
        "var",
        "void",
        "while",
    ]
)
TARGET_WORDS: Final = ("next", "done")


def is_name(findings: Findings, key: Scalar, what: str, *, readable: bool = False) -> bool:
    """Whether a word can name something; `readable` names are read in expressions."""
    word = key.text
    if _NAME.fullmatch(word) is None:
        better = re.sub(r"[^a-z0-9]+", "_", word.casefold()).strip("_")
        fits = _NAME.fullmatch(better) is not None
        findings.add(
            "E209",
            key,
            f"`{word}` cannot be the name of {what}: small letters, digits and `_` only",
            help=f"write `{better}`" if fits else "begin with a small letter",
        )
        return False
    if what in ("a state", "a branch") and word in TARGET_WORDS:
        findings.add(
            "E209",
            key,
            f"`{word}` has a meaning of its own as a target and cannot name a state",
            help="choose another name; `closed` is a usual one",
        )
        return False
    if readable and word in WORDS:
        findings.add(
            "E209",
            key,
            f"`{word}` is a word of the expression language and cannot name {what}",
            help=f"write `{word}_` with a word that says more",
        )
        return False
    return True


def is_event(findings: Findings, name: Scalar, text: str) -> bool:
    """Whether a word can name an event from outside: `noun.verb`."""
    if _EVENT.fullmatch(text):
        return True
    findings.add(
        "E215",
        name,
        f"`{text}` cannot be the name of an event: two words with a dot between them",
        help="write for example `calibration.published`",
    )
    return False


def looks_like_event(text: str) -> bool:
    return "." in text


def is_process(text: str) -> bool:
    return _PROCESS.fullmatch(text) is not None


def check_keys(
    findings: Findings,
    node: Mapping,
    block: Block,
    what: str,
    *,
    elsewhere: Iterable[str] = (),
) -> None:
    """Unknown and missing keys; `elsewhere` are those that exist, but not in this kind of state."""
    known = block.names
    for entry in node.entries:
        if entry.name in known:
            continue
        if entry.name in elsewhere:
            findings.add(
                "E208",
                entry.key,
                f"`{entry.name}` does not go with {what}",
                help=f"here go {quoted(known)}",
            )
            continue
        meant = nearest(entry.name, known)
        findings.add(
            "E202",
            entry.key,
            f"the key `{entry.name}` does not exist in {what}",
            label=f"did you mean `{meant}`?" if meant else "",
            help=None if meant else f"here go {quoted(known)}",
            fix=surely(entry.name, known),
        )
    for key in block.keys:
        if key.required and node.get(key.name) is None:
            slips = [e.name for e in node.entries if e.name not in known]
            if not any(nearest(slip, known) == key.name for slip in slips):
                findings.add(
                    "E203",
                    _head(node),
                    f"{what} needs `{key.name}`",
                    help=key.about,
                )


def _head(node: Mapping) -> Scalar | Mapping:
    return node.entries[0].key if node.entries else node


def titled(name: str) -> str:
    """A name as people read it: `second_look` becomes `Second look`."""
    words = name.replace("_", " ").replace("-", " ").strip()
    return words[:1].upper() + words[1:]
