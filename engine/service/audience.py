"""Who reads an answer, and why this person is asked: sentences of task pages and of mails."""

from collections.abc import Mapping
from typing import Any

from engine.core.audience import holders
from engine.core.draft import Draft
from engine.core.facts import Facts
from engine.core.form import Form

NamedPerson = Mapping[str, Any] | None
Roles = Mapping[str, Mapping[str, str]]  # who has a role: names by person id

_EVERYBODY = "Everybody who works on this case"
_NAMED_IN = "data."  # a rule that gives whom somebody wrote into the case file
_NAMED = 2  # more holders of a role than this are named by the role alone


def readers(form: Form, person: str, people: Roles) -> str:
    """Who will see the answers, field by field where that differs.

    From `seen_by` alone: what is written in the definition is what counts. `people` are who has
    each of the roles now.
    """
    groups: dict[str, list[str]] = {}
    for field in form.fields:
        who = _people(field.seen_by, person, people)
        groups.setdefault(who, []).append(field.label.rstrip("?:. "))
    if not groups:
        return f"{_EVERYBODY}."
    if len(groups) == 1:
        return f"{next(iter(groups))}."
    return " ".join(f"{_quoted(labels)}: {_lower(who)}." for who, labels in groups.items())


def readers_of_pool(least: int) -> str:
    """The same of an anonymous answer, with what it cannot promise."""
    return (
        "Nobody with your name. Your answer is kept apart from who gave it, and is shown together "
        f"with the others' once the round is over and at least {least} people have answered; "
        "otherwise it is thrown away unread. That you have answered is known. The way you write, "
        "or what only you can know, may still give you away."
    )


def holders_of(draft: Draft, facts: Facts) -> dict[str, dict[str, str]]:
    """Who has each of the roles that `seen_by` uses, with their names."""
    return {
        role: {
            person: str(known["name"])
            for person in holders(draft, role)
            if (known := facts.person(person)) is not None
        }
        for role in (*draft.chart.definition.people, "subject")
    }


def reason(queue: str | None, rule: str | None, person: str, subject: NamedPerson) -> str | None:
    """Why this person is asked; None where there are no words for it."""
    if queue is not None:
        return f"you work from the queue “{queue}”"
    if subject is not None and subject["id"] == person:
        return "this is about you"
    if subject is not None and subject.get("manager") == person:
        return f"you are {subject['name']}'s manager"
    if rule == "by hand":
        return "the task was handed over to you"
    if not rule:
        return None
    if rule.startswith(_NAMED_IN):
        return f"you were named as “{_words(rule.removeprefix(_NAMED_IN))}”"
    return f"your part in this process is “{_words(rule)}”"


def _people(roles: tuple[str, ...] | None, person: str, people: Roles) -> str:
    if roles is None:
        return _EVERYBODY
    names: list[str] = []
    met = {person}
    for role in roles:
        holders = people.get(role, {})
        if len(holders) > _NAMED or not holders:
            names.append(_words(role))
            continue
        for one, name in holders.items():
            if one not in met:
                names.append(name if role == "subject" else f"{name} ({_words(role)})")
                met.add(one)
    unique = list(dict.fromkeys(names))
    if not unique:
        return "You alone"
    return "You" + "".join(f", {name}" for name in unique[:-1]) + f" and {unique[-1]}"


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
