"""`migrate:`: what becomes of cases of older versions, read here and checked against those later.

The states of this version are known when it is read. Those of an older one are not: where they are
known too, `against` makes a rule of what was written, or says what is wrong with it.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeVar

from engine.core.chart import Definition, Shape
from engine.core.mapping import MigrationRule, Otherwise, Timers
from engine.document import Diagnostic, Node, Scalar
from engine.document import Span as Place
from engine.loader.drafts import Draft
from engine.loader.findings import Findings, as_mapping, as_text, nearest, quoted, unknown
from engine.loader.names import check_keys
from engine.loader.vocabulary import MIGRATE_KEYS

_FROM: Final = re.compile(r"from ([1-9]\d{0,6})")
_EXAMPLE: Final = "from 2: {states: {old: new}, else: stay}"
STAY: Final = "stay"
DROP: Final = "drop"

T = TypeVar("T", bound=StrEnum)


@dataclass(frozen=True, kw_only=True, slots=True)
class Sent:
    """One line of `states:`."""

    old: str  # as written
    place: Place  # where the old name stands
    to: str  # `stay`, `drop`, or the id of a state of this version


@dataclass(frozen=True, kw_only=True, slots=True)
class WrittenMigration:
    """`from 2: …`, as far as this version alone can tell."""

    version: int  # that the cases come from
    file: str
    sent: tuple[Sent, ...]
    timers: Timers
    otherwise: Otherwise


def read_migrations(findings: Findings, node: Node, top: Draft) -> tuple[WrittenMigration, ...]:
    pairs = as_mapping(findings, node, "`migrate`", _EXAMPLE)
    found = []
    for entry in () if pairs is None else pairs.entries:
        number = _FROM.fullmatch(entry.name)
        if number is None:
            findings.add(
                "E220", entry.key, f"`{entry.name}` names no version", help="write `from 2:`"
            )
        body = as_mapping(
            findings, entry.value, f"`{entry.name}`", "{states: {old: new}, else: stay}"
        )
        if number is None or body is None:
            continue
        check_keys(findings, body, MIGRATE_KEYS, f"`{entry.name}`")
        found.append(
            WrittenMigration(
                version=int(number[1]),
                file=findings.document.name,
                sent=_sent(findings, body.get("states"), top),
                timers=_word(findings, body.get("timers"), "timers", Timers.KEEP),
                otherwise=_word(findings, body.get("else"), "else", Otherwise.REFUSE),
            )
        )
    return tuple(found)


def _sent(findings: Findings, node: Node | None, top: Draft) -> tuple[Sent, ...]:
    pairs = None if node is None else as_mapping(findings, node, "`states`", "{old: new}")
    found = []
    for entry in () if pairs is None else pairs.entries:
        word = as_text(findings, entry.value, f"`{entry.name}`", "a state of this version")
        to = None if word is None else _target(findings, word, top)
        if to == DROP and any(draft.id == entry.name for draft in top.walk()):
            findings.add(
                "E201",
                entry.value,
                f"`{entry.name}` is a state of this version too, so cases in it are not dropped",
                help="leave the line out: they go on there",
            )
        elif to is not None:
            found.append(Sent(old=entry.name, place=entry.key.span, to=to))
    return tuple(found)


def _target(findings: Findings, word: Scalar, top: Draft) -> str | None:
    """The id of the state of this version that a word names."""
    if word.text in (STAY, DROP):
        return word.text
    states = {d.id: d for d in top.walk() if d.id and not d.hidden and d.shape is not Shape.HISTORY}
    named = _named(word.text, states)
    if len(named) == 1:
        return named[0]
    if named:
        findings.add(
            "E201",
            word,
            f"{len(named)} states are called `{word.text}`",
            help=f"write the whole path: {quoted(named)}",
        )
        return None
    names = {draft.name if len(_named(draft.name, states)) == 1 else draft.id: draft.place
             for draft in states.values()}  # fmt: skip
    unknown(findings, "E201", word, "state", word.text, known=names, declared=names)
    return None


def _named(word: str, ids: Iterable[str]) -> list[str]:
    """The ids that a word can mean: itself, or those that end with it as a name."""
    known = list(ids)
    return [word] if word in known else [each for each in known if each.endswith(f".{word}")]


def _word(findings: Findings, node: Node | None, name: str, default: T) -> T:
    if node is None:
        return default
    kind = type(default)
    allowed = [word.value for word in kind]
    text = as_text(findings, node, f"`{name}`", default.value)
    if text is None:
        return default
    if text.text in allowed:
        return kind(text.text)
    meant = nearest(text.text, allowed)
    findings.add(
        "E205",
        text,
        f"`{name}` wants {quoted(allowed)}",
        label=f"did you mean `{meant}`?" if meant else "",
    )
    return default


# --- against the older version ---


def against(
    written: WrittenMigration, old: Definition
) -> tuple[MigrationRule, tuple[Diagnostic, ...]]:
    """The rule by the older version's own ids, and what is wrong with it."""
    ids = [state.id for state in old.states if state.id and not state.hidden]
    states: dict[str, str] = {}
    stay: set[str] = set()
    drop: set[str] = set()
    problems = []
    for sent in written.sent:
        named = _named(sent.old, ids)
        if len(named) != 1:
            problems.append(_no_such(written, sent, old.version, named, ids))
        elif sent.to == STAY:
            stay.add(named[0])
        elif sent.to == DROP:
            drop.add(named[0])
        else:
            states[named[0]] = sent.to
    rule = MigrationRule(
        states=states,
        stay=frozenset(stay),
        drop=frozenset(drop),
        timers=written.timers,
        otherwise=written.otherwise,
    )
    return rule, tuple(problems)


def _no_such(
    written: WrittenMigration, sent: Sent, version: int, named: list[str], ids: list[str]
) -> Diagnostic:
    if named:
        message = f"{len(named)} states of version {version} are called `{sent.old}`"
        meant, way_out = None, f"write the whole path: {quoted(named)}"
    else:
        message = f"version {version} had no state `{sent.old}`"
        meant = nearest(sent.old, {name for each in ids for name in (each, each.split(".")[-1])})
        way_out = f"it had {quoted(ids[:12])}"
    return Diagnostic(
        code="E602",
        message=message,
        file=written.file,
        span=sent.place,
        label=f"did you mean `{meant}`?" if meant else "",
        help=None if meant else way_out,
    )
