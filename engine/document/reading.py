"""The way in: bytes become a document, or a refusal with every problem that could be found."""

import hashlib
import re
from dataclasses import replace
from pathlib import Path
from typing import Final

from engine.document.diagnostics import Diagnostic, DocumentRefused, Severity
from engine.document.growth import MOST_PROBLEMS
from engine.document.nodes import Document
from engine.document.spans import Span, one_line, split_lines
from engine.document.stops import Mend
from engine.document.traps import explain
from engine.document.tree import grow

LARGEST: Final = 256 * 1024
_MOST_REPAIRS: Final = 12
_BOM: Final = "\N{ZERO WIDTH NO-BREAK SPACE}"
# Control characters, line ends that editors do not show, characters that turn the direction of the
# text around them (so that a reviewer reads something else than the engine), and non-characters.
_UNWANTED: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff\ufffe\uffff]"
)
_NO_PLACE: Final = Span(line=1, column=1, end_line=1, end_column=1)


def parse(source: str | bytes, name: str) -> Document:
    """The document in `source`; raises DocumentRefused, whatever the bytes, and nothing else."""
    raw = source.encode("utf-8", "surrogatepass") if isinstance(source, str) else source
    if len(raw) > LARGEST:
        raise _refusal(
            "E103",
            name,
            f"the file is larger than {LARGEST // 1024} KiB",
            "move a part of it into a process of its own and start that with `start:`",
        )
    text = source if isinstance(source, str) else _decoded(source, name)
    text = text.removeprefix(_BOM)
    return _document(text, name, hashlib.sha256(raw).hexdigest())


def read(path: Path) -> Document:
    """The document in a file; a file that cannot be read is a DocumentRefused as well."""
    name = str(path)
    try:
        with path.open("rb") as file:
            raw = file.read(LARGEST + 1)
    except FileNotFoundError:
        raise _refusal(
            "E101", name, "there is no such file", "check the name and the folder"
        ) from None
    except IsADirectoryError:
        raise _refusal("E101", name, "this is a folder, not a file", "name a file in it") from None
    except PermissionError:
        raise _refusal(
            "E101", name, "this file may not be read", "ask its owner for permission to read it"
        ) from None
    except (OSError, ValueError) as failure:
        reason = getattr(failure, "strerror", None) or str(failure)
        raise _refusal(
            "E101", name, f"this file cannot be read: {reason}", "check the name and the disk"
        ) from None
    return parse(raw, name)


def _document(text: str, name: str, digest: str) -> Document:
    found = _unwanted(text, name)
    growth = grow(*_clean(text), name)
    repaired: set[int] = set()
    for _ in range(_MOST_REPAIRS):
        if growth.failure is None:
            break
        diagnostic, mend = explain(growth, growth.failure)
        found.append(diagnostic)
        if mend is None or mend.line in repaired or diagnostic.span.line in repaired:
            break
        repaired.add(mend.line)
        after = grow(*_mended(growth.lines, mend), name)
        if mend.guess and after.failure is not None:
            break
        growth = after
    found += [each for each in growth.problems if each.span.line not in repaired]
    if growth.root is None and not found:
        found.append(
            Diagnostic(
                code="E105",
                message="there is nothing in this file",
                file=name,
                span=_NO_PLACE,
                help="a process begins with `process:` and its name",
            )
        )
    found = _in_order(found, text)
    if any(each.severity is Severity.ERROR for each in found):
        raise DocumentRefused(tuple(found), text)
    assert growth.root is not None
    return Document(name=name, source=text, root=growth.root, sha256=digest, warnings=tuple(found))


def _in_order(found: list[Diagnostic], text: str) -> list[Diagnostic]:
    """File order, one problem of a kind at a place, and no span beyond the text."""
    lines = split_lines(text)
    unique: dict[tuple[int, int, str], Diagnostic] = {}
    for each in found:
        unique.setdefault((each.span.line, each.span.column, each.code), _inside(each, lines))
    return [unique[place] for place in sorted(unique)][:MOST_PROBLEMS]


def _inside(found: Diagnostic, lines: list[str]) -> Diagnostic:
    """A repaired line may be longer than the line that people see."""
    last = len(lines[found.span.end_line - 1]) + 1
    if found.span.end_column <= last + 1:
        return found
    start = min(found.span.column, last) if found.span.line == found.span.end_line else None
    return replace(
        found,
        span=replace(found.span, column=start or found.span.column, end_column=last),
    )


def _mended(lines: list[str], mend: Mend) -> tuple[str, list[str]]:
    mended = [*lines]
    mended[mend.line - 1] = mend.text
    return "\n".join(mended), mended


def _clean(text: str) -> tuple[str, list[str]]:
    """The text as YAML gets it: with unwanted characters, reported already, out of its way."""
    cleaned = _UNWANTED.sub(" ", text)
    return cleaned, split_lines(cleaned)


def _unwanted(text: str, name: str) -> list[Diagnostic]:
    found: list[Diagnostic] = []
    if _UNWANTED.search(text) is None:
        return found
    for number, line in enumerate(split_lines(text), 1):
        match = _UNWANTED.search(line)
        if match is None:
            continue
        character = match.group()
        found.append(
            Diagnostic(
                code="E104",
                message=f"the invisible character U+{ord(character):04X} does not belong here",
                file=name,
                span=one_line(number, match.start() + 1, 1),
                label="here",
                help="delete it; if it is wanted, write it as an escape in double quotes, "
                f'such as "\\u{ord(character):04X}"',
            )
        )
        if len(found) == MOST_PROBLEMS:
            break
    return found


def _decoded(raw: bytes, name: str) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as failure:
        before = raw[: failure.start].decode("utf-8").removeprefix(_BOM)
        lines = split_lines(before)
        utf16 = raw.startswith((b"\xff\xfe", b"\xfe\xff"))
        found = Diagnostic(
            code="E102",
            message="the file is not UTF-8 text",
            file=name,
            span=one_line(len(lines), len(lines[-1]) + 1, 1),
            label=f"the byte {raw[failure.start]:#04x} is no character",
            help="save it again as UTF-8"
            + (" (it looks like UTF-16)" if utf16 else ", an option of every editor's “Save as”"),
        )
        shown = raw.decode("utf-8", "replace").removeprefix(_BOM)
        raise DocumentRefused((found,), shown) from None


def _refusal(code: str, name: str, message: str, advice: str) -> DocumentRefused:
    found = Diagnostic(code=code, message=message, file=name, span=_NO_PLACE, help=advice)
    return DocumentRefused((found,))
