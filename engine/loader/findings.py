"""Collects everything that is wrong with a definition, and reads values of a wanted shape."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from engine.document import (
    Change,
    Diagnostic,
    Document,
    Mapping,
    Mark,
    Node,
    Scalar,
    Sequence,
    Severity,
    did_you_mean,
)
from engine.document import Span as Place
from engine.document.spans import split_lines

MOST_FINDINGS = 200
_LONGEST_LABEL = 200


@dataclass(kw_only=True, slots=True)
class Findings:
    """The problems of one document, in the order in which they were found."""

    document: Document  # whose problems these are
    lines: list[str]  # its text
    found: list[Diagnostic] = field(default_factory=list)  # so far

    def add(
        self,
        code: str,
        where: Node | Place,
        message: str,
        *,
        label: str = "",
        also: tuple[Mark, ...] = (),
        help: str | None = None,  # noqa: A002  (it is the field's name)
        fix: str | tuple[Change, ...] | None = None,  # a text is for the place itself
    ) -> None:
        """Records one problem; a code that begins with W is a warning."""
        if len(self.found) >= MOST_FINDINGS:
            return
        place = where if isinstance(where, Place) else where.span
        changes = (Change(span=place, text=fix),) if isinstance(fix, str) else fix or ()
        self.found.append(
            Diagnostic(
                code=code,
                message=message,
                severity=Severity.WARNING if code.startswith("W") else Severity.ERROR,
                file=self.document.name,
                span=place,
                label=label,
                also=also,
                help=help,
                fix=changes,
            )
        )

    def in_order(self) -> tuple[Diagnostic, ...]:
        """All of them in the order of the file, each once."""
        unique = {(d.span.line, d.span.column, d.code, d.message): d for d in self.found}
        return tuple(unique[place] for place in sorted(unique))

    @property
    def errors(self) -> int:
        """How many of them refuse the definition."""
        return sum(1 for diagnostic in self.found if diagnostic.severity is Severity.ERROR)


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that was probably meant; short words also with two letters exchanged."""
    names = list(known)
    found = did_you_mean(word, names)
    if found is None:
        letters = sorted(word.casefold())
        found = next((name for name in names if sorted(name) == letters and name != word), None)
    return found


def surely(word: str, known: Iterable[str]) -> str | None:
    """The nearest known word, if no other one is near."""
    names = set(known)
    found = nearest(word, names)
    return None if found is None or nearest(word, names - {found}) is not None else found


def quoted(words: Iterable[str]) -> str:
    """Words as a sentence lists them: `a`, `b` or `c`."""
    listed = [f"`{word}`" for word in words]
    if len(listed) < 2:
        return "".join(listed)
    return f"{', '.join(listed[:-1])} or {listed[-1]}"


def unknown(
    findings: Findings,
    code: str,
    where: Node | Place,
    what: str,
    word: str,
    *,
    known: Iterable[str],
    declared: dict[str, Place] | None = None,
) -> None:
    """A name that is not among the known ones, with the one that was probably meant."""
    names = list(known)
    meant = nearest(word, names)
    place = (declared or {}).get(meant) if meant else None
    findings.add(
        code,
        where,
        f"{what} `{word}` does not exist",
        label=f"did you mean `{meant}`?" if meant else "",
        also=(Mark(span=place, label="declared here"),) if place else (),
        help=None if meant else _choose(names),
        fix=surely(word, names),
    )


def _choose(names: list[str]) -> str | None:
    if not names:
        return None
    if len(names) > 12:
        return f"choose one of {quoted(names[:12])[:-1]}`, …".replace(" or ", ", ")
    return f"choose {quoted(names)}" if len(names) == 1 else f"choose one of {quoted(names)}"


def shape_of(node: Node) -> str:
    """What a node is, in an author's words."""
    match node:
        case Mapping():
            return "a mapping"
        case Sequence():
            return "a list"
        case Scalar(value=None):
            return "nothing"
        case Scalar(value=bool()):
            return "yes or no"
        case Scalar(value=int() | float()):
            return "a number"
        case _:
            return "text"


def wrong_shape(findings: Findings, node: Node, what: str, wanted: str, example: str = "") -> None:
    """The one sentence for a value of another shape than the key takes."""
    findings.add(
        "E204",
        node,
        f"{what} wants {wanted}, and this is {shape_of(node)}",
        help=f"for example `{example}`" if example else None,
    )


def findings_of(document: Document) -> Findings:
    """An empty collection, but for what the document itself warns of."""
    return Findings(
        document=document, lines=split_lines(document.source), found=list(document.warnings)
    )


def as_mapping(findings: Findings, node: Node, what: str, example: str = "") -> Mapping | None:
    if isinstance(node, Mapping):
        return node
    wrong_shape(findings, node, what, "`key: value` pairs", example)
    return None


def as_text(findings: Findings, node: Node, what: str, example: str = "") -> Scalar | None:
    """A scalar that holds something; numbers count as the text they were written as."""
    if isinstance(node, Scalar) and node.value is not None and node.text.strip():
        return node
    wrong_shape(findings, node, what, "text", example)
    return None


def as_items(findings: Findings, node: Node, what: str, example: str = "") -> tuple[Node, ...]:
    """The items of a list; one value alone counts as a list of one."""
    if isinstance(node, Sequence):
        if not node.items:
            wrong_shape(findings, node, what, "at least one entry", example)
        return node.items
    if isinstance(node, Scalar) and node.value is None:
        wrong_shape(findings, node, what, "at least one entry", example)
        return ()
    return (node,)


def as_yes_no(findings: Findings, node: Node | None, what: str, *, default: bool) -> bool:
    if node is None:
        return default
    if isinstance(node, Scalar) and isinstance(node.value, bool):
        return node.value
    help_text = None
    if isinstance(node, Scalar) and node.text.lower() in ("yes", "no", "on", "off"):
        help_text = f"write `{'true' if node.text.lower() in ('yes', 'on') else 'false'}`"
    findings.add("E204", node, f"{what} wants `true` or `false`", help=help_text)
    return default


def as_whole_number(
    findings: Findings, node: Node | None, what: str, *, least: int = 0, most: int = 1_000_000
) -> int | None:
    if node is None:
        return None
    value = node.value if isinstance(node, Scalar) else None
    if isinstance(value, int) and not isinstance(value, bool) and least <= value <= most:
        return value
    findings.add(
        "E204",
        node,
        f"{what} wants a whole number from {least:,} to {most:,}",
        help=f"for example `{max(1, least)}`",
    )
    return None


def as_word(
    findings: Findings, node: Node | None, what: str, words: tuple[str, ...], *, default: str
) -> str:
    """One of a few words."""
    if node is None:
        return default
    text = node.text if isinstance(node, Scalar) else ""
    if text in words:
        return text
    meant = nearest(text, words)
    findings.add(
        "E205",
        node,
        f"{what} is {quoted(words)}",
        label=f"did you mean `{meant}`?" if meant else "",
        fix=surely(text, words),
    )
    return default


def written(findings: Findings, span: Place) -> str:
    """The source text of a place, on one line."""
    lines = findings.lines[span.line - 1 : span.end_line]
    if not lines:
        return ""
    lines[-1] = lines[-1][: span.end_column - 1]
    lines[0] = lines[0][span.column - 1 :]
    text = " ".join(" ".join(lines).split())
    return text if len(text) <= _LONGEST_LABEL else f"{text[: _LONGEST_LABEL - 1]}…"
