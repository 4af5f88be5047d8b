"""What a case needs before its first macrostep: a version, a name, a key, and data that fit."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import bindparam, select

from engine.core.chart import Definition
from engine.core.events import CaseStarted
from engine.core.facts import Facts
from engine.core.snapshot import CaseFacts
from engine.core.starting import may_start
from engine.forms import check
from engine.service.cases import CASE, CaseFile, new_case
from engine.service.definitions import Version
from engine.service.errors import StartRefused
from engine.service.guests import enlisted
from engine.service.naming import next_name
from engine.service.tools import Tools
from engine.store import Statement, Transaction, to_micros

_SAME_KEY = Statement(
    select(CASE.c.name).where(
        CASE.c.process == bindparam("of"),
        CASE.c.key == bindparam("of_key"),
        CASE.c.closed_at.is_(None),
    )
)
_LOCK = "SELECT pg_advisory_xact_lock(hashtext(%s), hashtext(%s))"


@dataclass(frozen=True, kw_only=True, slots=True)
class Prepared:
    """A case that is about to be started."""

    case: CaseFile
    event: CaseStarted  # that starts it
    facts: Facts  # with whoever was named as a guest for the first time


def prepare(
    tools: Tools,
    tx: Transaction,
    version: Version,
    subject: str | None,
    data: Mapping[str, Any],
    by: str | None,
    facts: Facts,
    now: datetime,
) -> Prepared:
    """Everything before the first macrostep. Raises StartRefused."""
    definition = version.definition
    _check_subject(definition, subject, facts)
    _check_data(version, data, facts)
    data, facts = enlisted(tools, tx, version.start_form.fields, data, facts, now)
    key = key_of(definition, subject, data)
    if key is not None:
        if tx.on_postgresql:
            tx.cursor.execute(_LOCK, (definition.process, key))
        same = tx.one(_SAME_KEY, {"of": definition.process, "of_key": key})
        if same is not None:
            raise StartRefused(
                f"The case {same[0]} of {definition.process} is still open for the same "
                f"{' and '.join(definition.key or ())}, and there is at most one. Close or cancel "
                "it first."
            )
    micros = to_micros(now)
    name = next_name(tx, definition.process)
    (number,) = tx.numbers("case")
    case = new_case(number, name, version, subject, key, micros)
    facts_of_case = CaseFacts(id=name, subject=subject, opened_by=by, opened_at=now, key=key)
    return Prepared(case=case, event=CaseStarted(case=facts_of_case, data=data), facts=facts)


def check_hand(
    definition: Definition, subject: str | None, by: str | None, facts: Facts, now: datetime
) -> None:
    """Whether `starts:` lets this person start a case. Raises StartRefused.

    Nobody in particular is an operator at the machine, whom no definition can bar.
    """
    if by is None:
        return
    if definition.by_hand is None:
        ways = (
            ", ".join(f"“{rule.id}”" for rule in definition.starts) or "a case of another process"
        )
        raise StartRefused(
            f"A case of {definition.process} is not started by hand; it is started by {ways}."
        )
    if not may_start(definition, definition.by_hand, by, subject, now, facts):
        label = definition.by_hand.who.label if definition.by_hand.who else "anybody"
        known = facts.person(by)
        name = by if known is None else known["name"]
        raise StartRefused(
            f"A case of {definition.process} is started by “{label}”, and {name} is not among "
            "them. Ask one of them."
        )


def key_of(definition: Definition, subject: str | None, data: Mapping[str, Any]) -> str | None:
    """The values of the definition's `key` as one text, the same for the same values.

    Raises StartRefused when one is missing: without it there is no telling which cases are alike.
    """
    if definition.key is None:
        return None
    parts = []
    for name in definition.key:
        value = subject if name == "subject" else data.get(name.removeprefix("data."))
        if value is None:
            raise StartRefused(
                f"There is at most one open case of {definition.process} per "
                f"{', '.join(definition.key)}, so {name} must be given at the start."
            )
        text = value if isinstance(value, str) else orjson.dumps(value, default=dict).decode()
        parts.append(text.replace("\\", "\\\\").replace("|", "\\|"))
    return "|".join(parts)


def _check_subject(definition: Definition, subject: str | None, facts: Facts) -> None:
    match definition.subject:
        case "none":
            if subject is not None:
                raise StartRefused(
                    f"A case of {definition.process} is about nobody; start it without a subject."
                )
        case "person":
            if subject is None:
                raise StartRefused(
                    f"A case of {definition.process} is about a person; say about whom."
                )
            # Somebody who has left may well be what a case is about: exits go on after the last
            # day. They only own nothing, so a task `to: subject` goes to its fallback.
            if facts.person(subject) is None:
                raise StartRefused(
                    f"The directory knows no person {subject!r}. Import them first, or name "
                    "somebody else."
                )
        case other:
            if subject is None:
                raise StartRefused(
                    f"A case of {definition.process} is about a {other}; say about which."
                )


def _check_data(version: Version, data: Mapping[str, Any], facts: Facts) -> None:
    process = version.definition.process
    asked = {field.name: field for field in version.start_form.fields}
    unknown = sorted(data.keys() - asked.keys())
    if unknown:
        known = ", ".join(asked) or "nothing"
        raise StartRefused(
            f"{process} takes no {', '.join(unknown)} at its start (it takes: {known})."
        )
    missing = [name for name, field in asked.items() if field.required and data.get(name) is None]
    if missing:
        raise StartRefused(f"To start {process}, {', '.join(missing)} must be given as well.")
    faults = check(
        version.start_form,
        data,
        known={},
        exists=lambda person: facts.person(person) is not None,
    )
    if faults:
        said = " ".join(f"{fault.at}: {fault.sentence}" for fault in faults)
        raise StartRefused(f"{process} cannot be started so. {said}")
