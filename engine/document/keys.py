"""Which keys a mapping may have: text, once each, and none that YAML reads as something else."""

from typing import Any

from engine.document.diagnostics import Mark
from engine.document.growth import Growth, Open
from engine.document.nodes import Node, Scalar
from engine.document.spans import one_line
from engine.document.wording import first_line, in_quotes


def checked_key(node: Node, mapping: Open, growth: Growth) -> Scalar:
    """The node as a key; refused and yet kept under its text if it is not one, to go on reading."""
    if not isinstance(node, Scalar):
        _collection_as_key(node, mapping, growth)
        return Scalar(value="", text="", style="?", span=node.span)
    if node.text == "<<" and not node.quoted:
        growth.report(
            "E123",
            node.span,
            "merge keys are not used in definitions",
            label="copies another mapping into this one",
            help="write the keys out, so that a reader sees them where they count",
        )
    elif not isinstance(node.value, str):
        written = node.text or "''"
        kind = "an empty key" if node.text == "" else f"the key `{written}`"
        growth.report(
            "E126",
            node.span,
            f"{kind} is read as {_kind(node.value)}, and keys are text",
            label="not text",
            help=f'quote it: `"{written}":`' if node.text else "write a key before the colon",
        )
    first = mapping.seen.setdefault(node.text, node)
    if first is not node:
        growth.report(
            "E120",
            node.span,
            f"the key `{first_line(node.text)}` is written twice",
            label="written again here",
            also=(Mark(span=first.span, label="first written here"),),
            help="keep one of them; two equal keys would hide each other",
        )
    return node


def _collection_as_key(node: Node, mapping: Open, growth: Growth) -> None:
    span = node.span
    line = growth.lines[mapping.start.line]
    if line.startswith("{{", mapping.start.column):
        rest = line[mapping.start.column :].split(" #")[0].rstrip()
        growth.report(
            "E116",
            one_line(*mapping.place, len(rest)),
            "a text that begins with `{{` wants quotes",
            label="YAML reads a mapping here",
            help=f"write {in_quotes(rest)}",
        )
        return
    growth.report(
        "E126",
        span,
        "a list or mapping cannot be a key; keys are text",
        help="if this is meant as text, put it between quotes",
    )


def _kind(value: Any) -> str:
    if value is None:
        return "“nothing”"
    if isinstance(value, bool):
        return "yes or no"
    return "a number"
