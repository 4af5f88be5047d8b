"""Phrases about time in their places: read, compiled, and refused word by word."""

from engine.core.expression import Kind
from engine.core.time import Deadline, Span
from engine.document import Node, Scalar
from engine.loader.compiling import expression_at
from engine.loader.durations import PhraseRefused, duration
from engine.loader.findings import as_text
from engine.loader.phrases import Moment, due
from engine.loader.scopes import Scope, World


def deadline(world: World, node: Node, scope: Scope, what: str) -> Deadline | None:
    """`5 workdays`, `3 workdays before data.start_date`, or a date."""
    text = as_text(world.findings, node, what, "due: 5 workdays")
    if text is None:
        return None
    try:
        moment = due(text.text)
    except PhraseRefused as refused:
        refuse_phrase(world, "E216" if text.text[:1].isdigit() else "E217", text, refused)
        return None
    return _anchored(world, text, moment, scope, what)


def _anchored(
    world: World, text: Scalar, moment: Moment, scope: Scope, what: str
) -> Deadline | None:
    anchor = None
    if moment.anchor is not None:
        anchor = expression_at(world, text, moment.anchor, moment.anchor_offset, scope)
        if anchor is None:
            return None
        if anchor.type.kind not in (Kind.DATE, Kind.DATETIME, Kind.ANY, Kind.OPTIONAL):
            world.findings.add(
                "E217",
                world.findings.document.place(text, moment.anchor_offset, len(moment.anchor)),
                f"{what} wants a date, and `{anchor.source}` is {anchor.type}",
                help="make the field `type: date`, or write a length of time such as `5 workdays`",
            )
            return None
    return Deadline(phrase=text.text.strip(), span=moment.span, before=moment.before, anchor=anchor)


def read_duration(world: World, node: Node, what: str) -> Span | None:
    text = as_text(world.findings, node, what, "12 months")
    if text is None:
        return None
    try:
        return duration(text.text)
    except PhraseRefused as refused:
        refuse_phrase(world, "E216", text, refused)
        return None


def refuse_phrase(world: World, code: str, text: Scalar, refused: PhraseRefused) -> None:
    """A phrase that is not in the grammar, with the offending words marked."""
    world.findings.add(
        code,
        world.findings.document.place(text, refused.offset, refused.length),
        refused.message,
        help=refused.help,
        fix=refused.instead,
    )
