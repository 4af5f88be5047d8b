"""Who may see which value of a case: decided here alone, for pages, mails, exports and commands.

A viewer is the roles that they have in the case (names of `people:` and `subject`), or None for
an operator, who sees everything but what is sensitive.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping

from engine.core.chart import Definition
from engine.core.form import Field
from engine.core.places import state_id

NOT_SHOWN = "(not shown)"

Path = tuple[str, ...]  # what an expression reads: `("data", "rating")`
Roles = Collection[str] | None


def may_see(field: Field, roles: Collection[str], visits: Mapping[str, int]) -> bool:
    """Whether somebody who has these roles may see a field now; `visits` are the snapshot's.

    `seen_by` always may. Everyone else on the case may too if there is no `seen_by`, and, for a
    field with `until`, once that state was entered.
    """
    if field.seen_by is not None and not set(field.seen_by).isdisjoint(roles):
        return True
    if field.until is not None:
        return _entered(field.until, visits)
    return field.seen_by is None


def why_withheld(field: Field, roles: Roles, visits: Mapping[str, int]) -> str | None:
    """Why a viewer does not get a field's value, as half a sentence; None: they get it."""
    if roles is None:
        return "it is sensitive" if field.sensitive else None
    if may_see(field, roles, visits):
        return None
    until = f" until {field.until}" if field.until else ""
    return f"only {', '.join(field.seen_by or ('nobody',))} may see it{until}"


def leaves(field: Field) -> bool:
    """Whether a value may stand in mail, logs and plain exports at all."""
    return not field.sensitive


def told_by(definition: Definition, path: Path) -> Iterator[Field]:
    """The private fields whose values a path tells, those that a computed field is made of too.

    Decided by names alone, so rather one too many than one too few.
    """
    data = definition.data
    first = path[0]
    if first == "data":
        names: Iterable[str] = data if len(path) == 1 else path[1:2]
    else:
        names = () if first in _states(definition) and len(path) > 1 else path[:1]
    for name in names:
        yield from _field(definition, name, set())
    if first != "data":
        for question in questions(definition):
            asked = question.name == path[-1] or "answers" in path
            if question.sensitive and (asked or (len(path) == 1 and first in _states(definition))):
                yield question


def is_hidden(
    definition: Definition, paths: Iterable[Path], roles: Roles, visits: Mapping[str, int]
) -> bool:
    """Whether any of these paths tells something that the viewer may not see."""
    return any(
        why_withheld(field, roles, visits) is not None
        for path in paths
        for field in told_by(definition, path)
    )


def keeps_secrets(definition: Definition) -> bool:
    """Whether anything of the process is withheld from anybody."""
    known = definition.memo.get("keeps secrets")
    if known is None:
        every = (*definition.data.values(), *questions(definition))
        known = any(_is_private(field) for field in every)
        definition.memo["keeps secrets"] = known
    return bool(known)


def questions(definition: Definition) -> Iterator[Field]:
    """What tasks ask besides the fields of the case file."""
    for state in definition.states:
        for task in (state.task, *state.side_tasks):
            if task is not None and task.form is not None:
                yield from (f for f in task.form.fields if f.name not in task.form.shared)


def _field(definition: Definition, name: str, met: set[str]) -> Iterator[Field]:
    field = definition.data.get(name)
    if field is None or name in met:
        return
    met.add(name)
    if _is_private(field):
        yield field
    if field.compute is not None:
        for path in field.compute.reads:
            inner = path[1] if path[0] == "data" and len(path) > 1 else path[0]
            yield from _field(definition, inner, met)


def _is_private(field: Field) -> bool:
    return field.sensitive or field.seen_by is not None or field.until is not None


def _states(definition: Definition) -> frozenset[str]:
    known = definition.memo.get("state names")
    if known is None:
        known = frozenset(state.name for state in definition.states if not state.hidden)
        definition.memo["state names"] = known
    assert isinstance(known, frozenset)
    return known


def _entered(state: str, visits: Mapping[str, int]) -> bool:
    if visits.get(state, 0) > 0:
        return True
    return any(
        count > 0 and "[" in place and state_id(place) == state for place, count in visits.items()
    )
