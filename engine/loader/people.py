"""Owner expressions: `to: manager`, `{role: …}`, `{queue: …}`, and the way out for nobody."""

import re
from collections.abc import Callable
from collections.abc import Mapping as AnyMapping
from dataclasses import replace
from typing import Final

from engine.core.expression import Expr, Kind, Type
from engine.core.people import ByExpression, ByQueue, ByRole, OwnerRule, Pick
from engine.document import Mapping, Node, Scalar, Sequence
from engine.document import Span as Place
from engine.loader.compiling import expression
from engine.loader.findings import (
    Findings,
    as_items,
    as_mapping,
    as_text,
    as_word,
    as_yes_no,
    unknown,
)
from engine.loader.names import READABLE, check_keys, is_name
from engine.loader.scopes import PEOPLE, PERSON, Scope, World, case_scope
from engine.loader.vocabulary import OWNER_KEYS

Lookup = Callable[[str], OwnerRule | None]

_EXAMPLE: Final = "to: manager"
_LOOKUPS: Final = ("who", "role", "queue")


def role_entries(findings: Findings, node: Node | None) -> tuple[dict[str, Node], dict[str, Place]]:
    """The entries of `people:` that have a usable name, and where each was declared."""
    values: dict[str, Node] = {}
    places: dict[str, Place] = {}
    people = (
        None if node is None else as_mapping(findings, node, "`people`", "boss: subject.manager")
    )
    for entry in () if people is None else people.entries:
        if not is_name(findings, entry.key, "a role", readable=True):
            continue
        if entry.name in READABLE:
            findings.add(
                "E210",
                entry.key,
                f"`{entry.name}` has a meaning of its own and cannot name a role",
                help="`subject` can be used as an owner without being declared"
                if entry.name == "subject"
                else "choose another name",
            )
            continue
        values[entry.name] = entry.value
        places[entry.name] = entry.key.span
    return values, places


def role_type(node: Node) -> Type | None:
    """What an expression reads under a role's name; None for a queue, which is nobody."""
    if not isinstance(node, Mapping):
        return PERSON
    if node.get("queue") is not None:
        return None
    pick = node.get("pick")
    return PEOPLE if isinstance(pick, Scalar) and pick.text == "all" else PERSON


def read_roles(world: World, entries: AnyMapping[str, Node]) -> dict[str, OwnerRule]:
    """All rules of `people:`; a rule may name others, but no circle of them."""
    scope = {name: kind for name, kind in case_scope(world).items() if name not in world.roles}
    done: dict[str, OwnerRule] = {}
    refused: set[str] = set()

    def read(name: str, above: tuple[str, ...]) -> OwnerRule | None:
        if name in done or name in refused:
            return done.get(name)
        if name in above:
            refused.update(above)
            circle = "`, `".join((*above[above.index(name) :], name))
            world.findings.add(
                "E213",
                entries[name],
                f"the roles `{circle}` name each other",
                help="let one of them be an expression or a role of the directory",
            )
            return None
        rule = owner(
            world, entries[name], scope, f"`{name}`", lookup=lambda n: read(n, (*above, name))
        )
        if rule is not None:
            done[name] = replace(rule, label=name)
        return rule

    for name in entries:
        read(name, ())
    return done


def owner(
    world: World,
    node: Node,
    scope: Scope,
    what: str,
    *,
    lookup: Lookup | None = None,
) -> OwnerRule | None:
    """One owner expression; names of `people:` are replaced by their rules."""
    match node:
        case Sequence():
            world.findings.add(
                "E204",
                node,
                f"{what} wants one owner, and this is a list",
                help="name the others under `if_nobody`, or use `pick: all` with an expression "
                "that gives several people",
            )
            return None
        case Mapping():
            return _rule(world, node, scope, what, lookup)
        case _:
            return _named(world, node, scope, what, lookup)


def _named(
    world: World, node: Scalar, scope: Scope, what: str, lookup: Lookup | None
) -> OwnerRule | None:
    text = as_text(world.findings, node, what, _EXAMPLE)
    if text is None:
        return None
    word = text.text.strip()
    if word not in scope or word in world.rules_declared:
        if word in world.rules_declared:
            return (lookup or world.rules.get)(word)
        if re.fullmatch(r"\w+", word):
            people = [*world.rules_declared, *(n for n, t in scope.items() if _gives_people(t))]
            unknown(
                world.findings,
                "E213",
                node,
                "the person or role",
                word,
                known=dict.fromkeys(people),
                declared=world.rules_declared,
            )
            return None
    expr = expression(world, node, scope, what)
    if expr is None:
        return None
    if not _gives_people(expr.type):
        world.findings.add(
            "E213",
            node,
            f"{what} wants a person, and `{word}` is {_a(expr.type)}",
            help="write for example `subject.manager`, or a name of `people`",
        )
        return None
    return _of(ByExpression(expr=expr), word)


def _of(source: ByExpression | ByRole | ByQueue, label: str) -> OwnerRule:
    return OwnerRule(
        label=label, source=source, if_nobody=(), exclude=(), pick=Pick.ONE, even_if_left=False
    )


def _gives_people(found: Type) -> bool:
    if found.kind is Kind.LIST:
        return found.item is None or _gives_people(found.item)
    if found.kind is Kind.OPTIONAL:
        return found.item is None or _gives_people(found.item)
    return found.kind in (Kind.PERSON, Kind.TEXT, Kind.ANY)


def _a(found: Type) -> str:
    return f"a {found}" if found.kind not in (Kind.ANY, Kind.BOOL, Kind.TEXT) else str(found)


def _rule(
    world: World, node: Mapping, scope: Scope, what: str, lookup: Lookup | None
) -> OwnerRule | None:
    findings = world.findings
    check_keys(findings, node, OWNER_KEYS, "an owner rule")
    given = [entry for entry in node.entries if entry.name in _LOOKUPS]
    if len(given) != 1:
        findings.add(
            "E203" if not given else "E204",
            given[1].key if given else node,
            f"{what} wants exactly one of `who`, `role` or `queue`",
            help="for example `{role: hr-partner, of: subject.department}`",
        )
        return None
    found = given[0]
    rule: OwnerRule | None = None
    if found.name == "who":
        rule = owner(world, found.value, scope, "`who`", lookup=lookup)
    else:
        name = as_text(findings, found.value, f"`{found.name}`", f"{found.name}: it-desk")
        if name is not None and found.name == "queue":
            rule = _of(ByQueue(queue=name.text), name.text)
        elif name is not None:
            of = node.get("of")
            unit = None if of is None else expression(world, of, scope, "`of`")
            rule = _of(ByRole(role=name.text, of=unit), name.text)
    if found.name != "role" and (of_entry := node.entry("of")) is not None:
        findings.add(
            "E208", of_entry.key, f"`of` goes with `role`, not with `{found.name}`",
            help="leave it out",
        )  # fmt: skip
    return None if rule is None else with_options(world, rule, node, scope, lookup=lookup)


def with_options(
    world: World, rule: OwnerRule, node: Mapping, scope: Scope, *, lookup: Lookup | None = None
) -> OwnerRule:
    """The rule with the options that stand beside it."""
    fallback = node.get("if_nobody")
    chain = () if fallback is None else as_items(world.findings, fallback, "`if_nobody`", "hrbp")
    also = [owner(world, each, scope, "`if_nobody`", lookup=lookup) for each in chain]
    pick = as_word(
        world.findings, node.get("pick"), "`pick`", ("one", "all"), default=rule.pick.value
    )
    return replace(
        rule,
        if_nobody=(*rule.if_nobody, *(each for each in also if each is not None)),
        exclude=(*rule.exclude, *excluded(world, node, scope)),
        pick=Pick(pick),
        even_if_left=_even_if_left(world, rule, node),
    )


def _even_if_left(world: World, rule: OwnerRule, node: Mapping) -> bool:
    """Only for the person whom a case is about: others' tasks are the organisation's own."""
    entry = node.entry("even_if_left")
    if entry is None:
        return rule.even_if_left
    wanted = as_yes_no(world.findings, entry.value, "`even_if_left`", default=False)
    source = rule.source
    if wanted and not (isinstance(source, ByExpression) and source.expr.source == "subject"):
        world.findings.add(
            "E208",
            entry.key,
            "`even_if_left` goes with `subject` alone: nobody else is written to after their last "
            "day",
            help="leave it out, and name under `if_nobody` who is asked instead",
        )
        return False
    return wanted


def excluded(world: World, node: Mapping, scope: Scope) -> tuple[Expr, ...]:
    """The people under `not:`, each an expression or a name."""
    listed = node.get("not")
    if listed is None:
        return ()
    found = []
    for each in as_items(world.findings, listed, "`not`", "not: [subject, rate.done_by]"):
        expr = expression(world, each, scope, "`not`")
        if expr is not None and not _gives_people(expr.type):
            world.findings.add(
                "E213", each, f"`not` wants people, and `{expr.source}` is {_a(expr.type)}"
            )
        elif expr is not None:
            found.append(expr)
    return tuple(found)


def visible_to(world: World, node: Node) -> tuple[str, ...]:
    """`seen_by`: names of `people:` and `subject`."""
    allowed = ("subject", *world.rules_declared)
    found = []
    for each in as_items(world.findings, node, "`seen_by`", "seen_by: [subject, manager]"):
        name = as_text(world.findings, each, "`seen_by`", "seen_by: [subject, manager]")
        if name is None:
            continue
        if name.text in allowed:
            found.append(name.text)
            continue
        unknown(
            world.findings,
            "E213",
            each,
            "the role",
            name.text,
            known=allowed,
            declared=world.rules_declared,
        )
    return tuple(dict.fromkeys(found))
