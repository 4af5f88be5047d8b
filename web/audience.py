"""Who reads an answer, and why this person is asked: sentences that stand on every task page."""

from collections.abc import Mapping
from typing import Any

from engine.core.form import Form

NamedPerson = Mapping[str, Any] | None


def readers(form: Form, person: str, subject: NamedPerson) -> str:
    """Who will see the answers, field by field where that differs.

    From `seen_by` alone: what is written in the definition is what counts.
    """
    groups: dict[tuple[str, ...] | None, list[str]] = {}
    for field in form.fields:
        groups.setdefault(field.seen_by, []).append(field.label.rstrip("?:. "))
    if not groups:
        return "Everybody who works on this case sees what you decide."
    if len(groups) == 1:
        return f"{_people(next(iter(groups)), person, subject)}."
    return " ".join(
        f"{_quoted(labels)}: {_lower(_people(roles, person, subject))}."
        for roles, labels in groups.items()
    )


def reason(queue: str | None, rule: str, person: str, subject: NamedPerson) -> str | None:
    """Why this person is asked; None where there are no words for it."""
    if queue is not None:
        return f"you work from the queue “{queue}”"
    if subject is not None and subject["id"] == person:
        return "this is about you"
    if subject is not None and subject.get("manager") == person:
        return f"you are {subject['name']}’s manager"
    if rule == "by hand":
        return "the task was handed over to you"
    return f"your part in this process is “{_words(rule)}”"


def _people(roles: tuple[str, ...] | None, person: str, subject: NamedPerson) -> str:
    if roles is None:
        return "Everybody who works on this case"
    names = ["you"]
    for role in roles:
        if role != "subject":
            names.append(_words(role))
        elif subject is None:
            names.append("whom it is about")
        elif subject["id"] != person:
            names.append(str(subject["name"]))
    unique = list(dict.fromkeys(names))
    last = f" and {unique[-1]}" if len(unique) > 1 else " alone"
    return ("You" + "".join(f", {name}" for name in unique[1:-1])) + last


def _quoted(labels: list[str]) -> str:
    shown = [f"“{label}”" for label in labels]
    return ", ".join(shown[:-1]) + (" and " if len(shown) > 1 else "") + shown[-1]


def _words(name: str) -> str:
    """A role's or rule's name for people: `hrbp` stays, `people_ops` becomes words."""
    words = name.replace("_", " ").replace("-", " ").strip()
    return words.upper() if words in _SHORT else words


_SHORT = frozenset({"hr", "hrbp", "it"})


def _lower(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]
