"""What a scenario expects, held against how things stand."""

from collections.abc import Callable, Mapping
from datetime import UTC, date
from typing import Any

from engine.core.audience import holders
from engine.core.draft import draft_of
from engine.core.form import Field
from engine.core.index import chart_of
from engine.core.owners import find_people
from engine.core.places import path_of
from engine.core.visibility import is_hidden
from engine.document import did_you_mean
from engine.scenarios.stage import Stage, short
from engine.scenarios.written import NotAsWritten


def expect(stage: Stage, expected: Any) -> None:
    """Every expectation of one `expect:`; raises NotAsWritten at the first that does not hold."""
    if not isinstance(expected, Mapping):
        raise NotAsWritten("Write `expect:` as `{at: state, tasks: [ann plan], …}`.")
    for name, value in expected.items():
        if stage.snapshot is None and name != "started":
            raise NotAsWritten(f"No case was started, so `{name}` cannot be looked at.")
        check = _CHECKS.get(name)
        if check is not None:
            check(stage, value)
        elif " can see" in name or " cannot see" in name:
            _sight(stage, name, value)
        else:
            hint = did_you_mean(name, _CHECKS)
            help_ = f"; did you mean `{hint}`?" if hint else "."
            known = ", ".join(f"`{each}`" for each in _CHECKS)
            raise NotAsWritten(f"`{name}` cannot be expected{help_} Here go {known}.")


def _started(stage: Stage, value: Any) -> None:
    wanted = value not in (False, "no", "false")
    if wanted != (stage.snapshot is not None):
        raise NotAsWritten(stage.why_not if wanted else "A case was started all the same.")


def _at(stage: Stage, value: Any) -> None:
    expected = set(map(str, value if isinstance(value, list) else [value]))
    active = {
        word
        for place in stage.standing.configuration
        for word in (stage.known(place), path_of(stage.known(place)), short(stage.known(place)))
    }
    missing = expected - active
    if missing:
        raise NotAsWritten(
            f"Expected the case at {_listed(expected)}; it is at {_listed(stage.where())}."
        )


def _tasks(stage: Stage, value: Any) -> None:
    expected = sorted(map(str, value or []))
    found = sorted(
        f"{owner} {stage.word(task)}"
        for task in stage.standing.tasks.values()
        if task.queue is None or task.owners
        for owner in (task.owners or ("nobody",))
    )
    if found != expected:
        raise NotAsWritten(f"Expected the open tasks {_listed(expected)}; found {_listed(found)}.")


def _ended(stage: Stage, value: Any) -> None:
    found = stage.standing.outcome
    if found != value:
        state = f"it ended as `{found}`" if found else "it is still open"
        raise NotAsWritten(f"Expected the case to have ended as `{value}`; {state}.")


def _paused(stage: Stage, value: Any) -> None:
    wanted = value not in (False, "no", "false")
    since = stage.standing.paused_since
    if wanted != (since is not None):
        day = "" if since is None else f"{since.astimezone(stage.calendar.zone):%Y-%m-%d}"
        found = f"it is since {day}" if day else "it is not"
        raise NotAsWritten(f"Expected the case {'' if wanted else 'not '}to be paused; {found}.")


def _data(stage: Stage, value: Any) -> None:
    for field, wanted in value.items():
        found = stage.standing.data.get(field)
        if found != wanted:
            was = "not filled" if found is None else f"{found!r}"
            raise NotAsWritten(f"Expected data.{field} to be {wanted!r}; it is {was}.")


def _due(stage: Stage, value: Any) -> None:
    for task_name, day in value.items():
        person, _, state = str(task_name).partition(" ")
        dues = [
            task.due.astimezone(stage.calendar.zone).date() if task.due else None
            for task in stage.standing.tasks.values()
            if person in stage.owners(task) and stage.word(task) == state
        ]
        if not dues:
            raise NotAsWritten(f"Expected the task `{task_name}` to be open; it is not.")
        if date.fromisoformat(str(day)) not in dues:
            raise NotAsWritten(f"Expected `{task_name}` to be due on {day}; it is on {dues[0]}.")


def _incident(stage: Stage, value: Any) -> None:
    if not any(str(value) in incident.message for incident in stage.incidents):
        found = [incident.message for incident in stage.incidents]
        raise NotAsWritten(f"Expected an incident “{value}”; there was {_listed(found)}.")


def _told(stage: Stage, value: Any) -> None:
    expected = set(map(str, value if isinstance(value, list) else [value]))
    found = {person for tell in stage.told for person in tell.to}
    if not expected <= found:
        raise NotAsWritten(f"Expected {_listed(expected)} to be told; told were {_listed(found)}.")


def _advised(stage: Stage, value: Any) -> None:
    expected = [str(each) for each in value or ()]
    if stage.advised != expected:
        raise NotAsWritten(
            f"Expected these analytics to be asked: {', '.join(expected) or 'none'}; it were: "
            f"{', '.join(stage.advised) or 'none'}."
        )


def _undone(stage: Stage, value: Any) -> None:
    expected = [str(each) for each in value or ()]
    if stage.undone != expected:
        raise NotAsWritten(
            f"Expected to be undone, in this order: {', '.join(expected) or 'nothing'}; it was: "
            f"{', '.join(stage.undone) or 'nothing'}."
        )


def _records(stage: Stage, value: Any) -> None:
    expected = sorted(map(str, value or []))
    found = sorted(record.kind for record in stage.records)
    if found != expected:
        raise NotAsWritten(f"Expected the records {_listed(expected)}; found {_listed(found)}.")


def _sight(stage: Stage, name: str, field_name: Any) -> None:
    person, _, rest = name.partition(" ")
    wanted = rest == "can see"
    field = stage.definition.data.get(str(field_name))
    if field is None:
        raise NotAsWritten(f"There is no field `{field_name}` under `data:`.")
    if sees(stage, person, field) != wanted:
        may = "can" if not wanted else "cannot"
        raise NotAsWritten(f"Expected that {name} {field_name}; {person} {may} see it.")


def sees(stage: Stage, person: str, field: Field) -> bool:
    """Whether somebody may read a field now; what was opened is open to those on the case."""
    roles = _roles(stage, person)
    on_the_case = bool(roles) or (field.seen_by is None and field.until is None)
    told = (("data", field.name),)  # a computed field tells what it is made of
    return on_the_case and not is_hidden(stage.definition, told, roles, stage.standing.visits)


def _roles(stage: Stage, person: str) -> set[str]:
    """What somebody is in the case: by its rules, or by the scenario where those have no answer."""
    now = stage.now.astimezone(UTC)
    draft = draft_of(
        chart_of(stage.definition), stage.standing, find_people, now, None, stage.cast, now
    )
    return {
        role
        for role in (*stage.definition.people, "subject")
        if person in (holders(draft, role) or stage.named.get(role, ()))
    }


def _listed(words: Any) -> str:
    return ", ".join(f"`{word}`" for word in sorted(words)) or "none"


_CHECKS: Mapping[str, Callable[[Stage, Any], None]] = {
    "started": _started,
    "at": _at,
    "tasks": _tasks,
    "ended": _ended,
    "paused": _paused,
    "data": _data,
    "due": _due,
    "incident": _incident,
    "told": _told,
    "records": _records,
    "undone": _undone,
    "advised": _advised,
}
