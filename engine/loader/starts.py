"""`starts:` - who starts a case by hand, and the signals, schedules and cohorts that start some."""

from collections.abc import Mapping as AnyMapping
from dataclasses import dataclass, field
from typing import Final

from engine.core.expression import Expr, Kind, Type
from engine.core.form import Field
from engine.core.start_rules import ANYBODY, OwnHand, StartRule
from engine.document import Mapping, Node, Scalar
from engine.loader.behaviour import STARTS_KEYS
from engine.loader.compiling import condition, expression
from engine.loader.effects import fits_field, read_values
from engine.loader.findings import as_items, as_mapping, as_text, quoted, unknown
from engine.loader.names import check_keys, is_event, is_name
from engine.loader.people import owner
from engine.loader.schedules import read_schedule
from engine.loader.scopes import Scope, World, case_scope, with_event

_ANYBODY: Final = "anybody"
_NOBODY: Final = "nobody"  # only other cases start one
_HEADS: Final = ("by_hand", "signal", "every", "cohort")
# Which keys go with which head, besides itself.
_WITH: Final[AnyMapping[str, tuple[str, ...]]] = {
    "by_hand": (),
    "signal": ("if", "for", "with"),
    "every": ("on", "at", "from", "if", "with"),
    "cohort": ("if", "with"),
}
_EXAMPLE: Final = "{signal: offer.accepted, for: event.person}"


@dataclass(kw_only=True, slots=True)
class Starts:
    """What `starts:` says."""

    by_hand: OwnHand | None = None
    hand_named: bool = False  # `by_hand` was there, `nobody` too
    rules: list[StartRule] = field(default_factory=list)


def read_starts(world: World, node: Node | None, data: AnyMapping[str, Field]) -> Starts:
    """A process that says nothing is started by hand, by anybody."""
    if node is None:
        return Starts(by_hand=ANYBODY)
    found = Starts()
    for item in as_items(world.findings, node, "`starts`", _EXAMPLE):
        body = as_mapping(world.findings, item, "a start", _EXAMPLE)
        if body is not None:
            _read(world, body, data, found)
    return found


def _read(world: World, body: Mapping, data: AnyMapping[str, Field], found: Starts) -> None:
    heads = [name for name in _HEADS if body.get(name) is not None]
    if len(heads) != 1:
        world.findings.add(
            "E203" if not heads else "E204",
            body,
            f"a start wants exactly one of {quoted(_HEADS)}",
            help=f"write for example `{_EXAMPLE}`",
        )
        return
    head = heads[0]
    check_keys(world.findings, body, STARTS_KEYS, "a start")
    for entry in body.entries:
        if entry.name in STARTS_KEYS.names and entry.name not in (head, *_WITH[head]):
            world.findings.add(
                "E208",
                entry.key,
                f"`{entry.name}` does not go with `{head}`",
                help=f"here go {quoted((head, *_WITH[head]))}",
            )
    if head == "by_hand":
        _by_hand(world, body, found)
        return
    rule = _rule(world, head, body, data)
    if rule is None:
        return
    if any(rule.id == other.id for other in found.rules):
        world.findings.add("E229", body, f"`{rule.id}` starts this process twice already")
    found.rules.append(rule)


def _by_hand(world: World, body: Mapping, found: Starts) -> None:
    node = body.get("by_hand")
    assert node is not None
    word = node.text.strip() if isinstance(node, Scalar) else ""
    if found.hand_named:
        world.findings.add(
            "E229", node, "`by_hand` is there twice", help="name all of them in one `pick: all`"
        )
    elif word == _ANYBODY:
        found.by_hand = ANYBODY
    elif word != _NOBODY:
        who = owner(world, node, _before(world), "`by_hand`")
        if who is not None:
            found.by_hand = OwnHand(who=who)
    found.hand_named = True


def _before(world: World) -> dict[str, Type]:
    """What can be read before there is a case: no answers, and no case."""
    return {name: kind for name, kind in case_scope(world).items() if name not in ("data", "case")}


def _rule(world: World, head: str, body: Mapping, data: AnyMapping[str, Field]) -> StartRule | None:
    node = body.get(head)
    assert node is not None
    scope: Scope = _before(world)
    name, schedule = None, None
    if head == "every":
        schedule, name = read_schedule(world, body, node)
    else:
        text = as_text(world.findings, node, f"`{head}`", _EXAMPLE)
        if text is not None and _is_named(world, head, text):
            name = text.text
    if head == "signal":
        scope = with_event(scope)
    subject = _subject(world, head, body, scope)
    test = body.get("if")
    holds = None if test is None else condition(world, test, scope, "`if`")
    values = read_values(world, body.get("with"), scope, "`with`")
    _check_values(world, head, body, values, data)
    if name is None:
        return None
    return StartRule(
        id=name if head == "every" else f"{head} {name}",
        signal=name if head == "signal" else None,
        schedule=schedule,
        cohort=name if head == "cohort" else None,
        condition=holds,
        subject=subject,
        data=values,
    )


def _is_named(world: World, head: str, text: Scalar) -> bool:
    if head == "signal":
        return is_event(world.findings, text, text.text)
    return is_name(world.findings, text, "a cohort")


def _subject(world: World, head: str, body: Mapping, scope: Scope) -> Expr | None:
    """`for:` of a signal; a schedule and a cohort ask each person of the directory."""
    node = body.get("for")
    about = world.root.get("subject")
    kind = about.text if isinstance(about, Scalar) else "person"
    if head == "signal":
        if node is None and world.subject is not None:
            world.findings.add(
                "E203",
                body,
                f"a case is about a {kind}, and nothing says about which",
                help="write for example `for: event.person`",
            )
        if node is not None and world.subject is None:
            world.findings.add(
                "E208", node, "a case of this process is about nobody", help="leave `for` out"
            )
        known = {name: each for name, each in scope.items() if name != "subject"}
        return None if node is None else expression(world, node, known, "`for`")
    if world.subject is not None and kind != "person":
        world.findings.add(
            "E208",
            body,
            f"`{head}` asks everybody in the directory, and a case here is about a {kind}",
            help="let a signal start it, which says about which",
        )
    if head == "cohort" and world.subject is None:
        world.findings.add(
            "E208", body, "a cohort is of people, and a case of this process is about nobody"
        )
    return None


def _check_values(
    world: World,
    head: str,
    body: Mapping,
    values: AnyMapping[str, Expr],
    data: AnyMapping[str, Field],
) -> None:
    """What a case is given must be asked at its start, fit its field, and be all it needs."""
    asked = {name: each for name, each in data.items() if each.from_start}
    given = body.get("with")
    for entry in given.entries if isinstance(given, Mapping) else ():
        value = values.get(entry.name)
        if entry.name not in asked:
            unknown(
                world.findings,
                "E211",
                entry.key,
                "field given at the start",
                entry.name,
                known=asked,
                declared=world.fields_declared,
            )
        elif value is not None and value.type.kind is Kind.OPTIONAL and asked[entry.name].required:
            world.findings.add(
                "E203",
                entry.value,
                f"a case wants `{entry.name}` at its start, and `{value.source}` may be empty",
                help=f"write `{value.source}.orValue(…)`, or make the field `required: false`",
            )
        elif value is not None:
            fits_field(world, entry.value, value, world.data[entry.name], entry.name)
    missing = [name for name, each in asked.items() if each.required and name not in values]
    if head != "cohort" and missing:  # who starts a cohort can say the rest by hand
        world.findings.add(
            "E203",
            body,
            f"a case wants {quoted(missing)} at its start, and nothing gives it",
            help=f"add `with: {{{missing[0]}: …}}`, or make the field `required: false`",
        )
