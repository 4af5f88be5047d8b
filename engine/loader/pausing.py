"""`pause:` - a row of the whole process's `on` stops the clock of the case until another event."""

from collections.abc import Iterable
from typing import Final

from engine.core.chart import PauseClock
from engine.core.expression import Expr
from engine.document import Mapping, Node, Scalar
from engine.loader.behaviour import PAUSE_KEYS
from engine.loader.compiling import condition
from engine.loader.findings import as_mapping, as_text
from engine.loader.names import check_keys, is_event
from engine.loader.scopes import Scope, World

_EXAMPLE: Final = "{until: person.resumed, match: event.person == subject.id}"


def read_pause(world: World, body: Mapping, scope: Scope, reason: str) -> tuple[PauseClock, ...]:
    """The pause of a row that answers to the event `reason`."""
    entry = body.entry("pause")
    if entry is None:
        return ()
    for word in ("go", "end", "otherwise"):
        if (other := body.entry(word)) is not None:
            world.findings.add(
                "E208",
                other.key,
                f"`{word}` does not go with `pause`: the case stays where it is",
                help="leave one out, or make two rows of it",
            )
    ends = _ends(world, entry.value, scope)
    if ends is None:
        return ()
    until, match = ends
    if until == reason:
        world.findings.add(
            "E234",
            entry.value,
            f"`{reason}` begins this pause and would end it",
            help="name the event after which the deadlines count again, such as `person.resumed`",
        )
        return ()
    return (PauseClock(reason=reason, until=until, match=match),)


def _ends(world: World, node: Node, scope: Scope) -> tuple[str, Expr | None] | None:
    """The event that ends a pause, and which of these events counts."""
    findings = world.findings
    if isinstance(node, Scalar):
        word = as_text(findings, node, "`pause`", "pause: person.resumed")
        return (
            None if word is None or not is_event(findings, word, word.text) else (word.text, None)
        )
    pairs = as_mapping(findings, node, "`pause`", _EXAMPLE)
    if pairs is None:
        return None
    check_keys(findings, pairs, PAUSE_KEYS, "`pause`")
    until, match = pairs.get("until"), pairs.get("match")
    if until is None:
        return None
    word = as_text(findings, until, "`until`", "until: person.resumed")
    test = None if match is None else condition(world, match, scope, "`match`")
    return None if word is None or not is_event(findings, word, word.text) else (word.text, test)


def check_pauses(world: World, where: Node, pauses: Iterable[PauseClock]) -> None:
    """One event stops the clock in one way, or nobody could say what lets it go on."""
    first, *others = pauses
    if any((each.until, each.match) != (first.until, first.match) for each in others):
        world.findings.add(
            "E234",
            where,
            f"`{first.reason}` stops the clock in two ways",
            help="let all its rows have the same `pause`, or tell the two by events of their own",
        )
