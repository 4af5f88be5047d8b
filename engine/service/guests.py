"""Guests of an answer: written into the directory in the transaction that keeps the answer."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from engine.core.facts import Facts
from engine.core.form import Field
from engine.directory import enlist_guest
from engine.forms import with_guests
from engine.service.tools import Tools
from engine.store import Transaction


def enlisted(
    tools: Tools,
    tx: Transaction,
    fields: Iterable[Field],
    answers: Mapping[str, Any],
    facts: Facts,
    now: datetime,
) -> tuple[Mapping[str, Any], Facts]:
    """Answers that were checked, with an id for every guest, and facts that know the new ones."""
    found: list[str] = []

    def enlist(guest: Mapping[str, Any]) -> str:
        name, email = str(guest["name"]), str(guest["email"])
        found.append(enlist_guest(tx, tools.directory, name, email, now, tools.entropy))
        return found[-1]

    kept = with_guests(fields, answers, enlist)
    if not found:
        return answers, facts
    return kept, tools.directory.facts(tx.connection, now)
