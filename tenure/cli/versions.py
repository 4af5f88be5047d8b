"""Commands about versions: what differs, what would become of running cases, and moving them."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

from cyclopts import Parameter

from engine.core.chart import Definition
from engine.core.mapping import BY_NAME, MigrationRule
from engine.loader import Loaded, against
from engine.service import Versions
from engine.service.migrating import Became, Result
from engine.versions import (
    Outcome,
    Plan,
    PlanUnreadable,
    diff,
    plan_from_json,
    plan_to_json,
)
from tenure.cli.asked import Format, Home
from tenure.cli.definitions import Opened, counted, open_one, show_found, show_problems
from tenure.cli.home import opened
from tenure.cli.stopped import Stopped
from tenure.cli.terminal import Progress, say, tell_json
from tenure.cli.versions_told import tell_diff, tell_plan, tell_results
from tenure.runtime import Runtime

_AT_A_TIME = 50  # cases in one transaction

Save = Annotated[Path | None, Parameter(help="A file for `tenure migrate`.")]


def show_diff(
    old: Annotated[str, Parameter(help="A definition, or PROCESS@VERSION of a published one.")],
    new: Annotated[str, Parameter(help="The same, of the version that comes after it.")],
    /,
    *,
    format: Format = "text",  # noqa: A002 - the option's name
    home: Home = None,
) -> int:
    before, _ = _named(old, home)
    after, loaded = _named(new, home)
    if before.process != after.process:
        raise Stopped(f"{old} is of {before.process} and {new} is of {after.process}.")
    rule = _rule(loaded, before) if loaded is not None else BY_NAME
    changes = diff(before, after, rule.states)
    patch = all(change.text for change in changes)
    if format == "json":
        tell_json(
            {
                "process": after.process,
                "from": before.version,
                "to": after.version,
                "patch": patch,
                "changes": list(changes),
            }
        )
        return 0
    say(f"{after.process}  version {before.version} → {after.version}")
    tell_diff(changes, {})
    if not changes:
        say("  nothing that a case or a person would notice")
    elif patch:
        say("Only texts differ: running cases show them as soon as the version is published.")
    return 0


def _named(name: str, home: Path | None) -> tuple[Definition, Opened | None]:
    process, at, version = name.rpartition("@")
    if at and version.isdecimal() and not Path(name).exists():
        with opened(home) as runtime:
            found = Versions(service=runtime.service).definitions(process, [int(version)])
        if int(version) not in found:
            raise Stopped(f"No version {version} of {process} is published.")
        return found[int(version)], None
    file = open_one(Path(name))
    return _definition(file), file


def _definition(file: Opened) -> Definition:
    definition = file.loaded.definition if file.loaded is not None else None
    if definition is None or file.errors:
        show_problems(file)
        raise Stopped(f"{file.path} has errors, as shown above; mend them first.")
    return definition


def _rule(file: Opened, old: Definition) -> MigrationRule:
    """What the newer file says about cases of the older version. Raises Stopped."""
    written = next((w for w in _loaded(file).migrations if w.version == old.version), None)
    if written is None:
        return BY_NAME
    rule, problems = against(written, old)
    if problems:
        show_found(problems, file.source)
        raise Stopped(f"`migrate:` of {file.path} does not fit version {old.version}.")
    return rule


def _loaded(file: Opened) -> Loaded:
    assert file.loaded is not None
    return file.loaded


def plan(
    path: Annotated[Path, Parameter(help="The new version, published or not.")],
    /,
    *,
    save: Save = None,
    format: Format = "text",  # noqa: A002 - the option's name
    home: Home = None,
) -> int:
    file = open_one(path)
    new = _definition(file)
    with opened(home) as runtime:
        versions = Versions(service=runtime.service)
        running = versions.running(new.process, new.version)
        olds = versions.definitions(new.process, list(running))
        rules = {number: _rule(file, old) for number, old in olds.items()}
        made = versions.plan(new, rules, runtime.clock.now())
        _check_older(versions, new)
    if format == "json":
        tell_json(plan_to_json(made) | {"counts": _counts(made)})
    else:
        tell_plan(made, olds, new, rules)
    stranded = made.having(Outcome.STRANDED)
    if stranded:
        if save is not None:
            raise Stopped(f"{save} is not written: {_strands(made)}")
        return 1
    if save is not None:
        _write(save, made)
        if format == "text":
            say(f"Plan saved: {save}")
    elif format == "text" and made.cases:
        say("Nothing is saved; --save plan.json keeps it for `tenure migrate`.")
    return 0


def _check_older(versions: Versions, new: Definition) -> None:
    """Raises Stopped where this version is published already with another text."""
    published = versions.definitions(new.process, [new.version]).get(new.version)
    if published is not None and published.sha256 != new.sha256:
        raise Stopped(
            f"Version {new.version} of {new.process} is published with another text. Raise "
            "`version:`, then plan."
        )


def _strands(made: Plan) -> str:
    cases = counted(len(made.having(Outcome.STRANDED)), "running case")
    return f"{cases} would have no place in version {made.version}."


def _counts(made: Plan) -> Mapping[str, int]:
    counts = Counter(each.plan.outcome for each in made.cases)
    return {outcome.value: counts[outcome] for outcome in Outcome if counts[outcome]}


def _write(save: Path, made: Plan) -> None:
    try:
        save.write_text(json.dumps(plan_to_json(made), ensure_ascii=False, indent=1), "utf-8")
    except OSError as error:
        raise Stopped(f"{save} cannot be written: {error.strerror}.") from error


def migrate(
    path: Annotated[Path, Parameter(help="A file that `tenure plan --save` wrote.")],
    /,
    *,
    format: Format = "text",  # noqa: A002 - the option's name
    home: Home = None,
) -> int:
    made = _read(path)
    with opened(home) as runtime:
        results = _migrate(runtime, made)
        below = made.version
        left = Versions(service=runtime.service).running(made.process, below)
    if format == "json":
        tell_json(_as_data(made, results))
    else:
        tell_results(made, results, sum(left.values()))
    return 1 if any(each.became is Became.LEFT for each in results) else 0


def _migrate(runtime: Runtime, made: Plan) -> list[Result]:
    versions = Versions(service=runtime.service)
    results: list[Result] = []
    with Progress(len(made.cases), "cases") as progress:
        for first in range(0, max(len(made.cases), 1), _AT_A_TIME):
            some = made.cases[first : first + _AT_A_TIME]
            results += versions.migrate(made, some, None, runtime.clock.now())
            progress.at(len(results))
    return results


def _read(path: Path) -> Plan:
    try:
        return plan_from_json(json.loads(path.read_text("utf-8")), str(path))
    except OSError as error:
        raise Stopped(f"{path} cannot be read: {error.strerror}.") from error
    except PlanUnreadable as unreadable:
        raise Stopped(str(unreadable)) from unreadable
    except ValueError as error:
        raise Stopped(f"{path} is no plan. `tenure plan FILE --save {path}` writes one.") from error


def _as_data(made: Plan, results: Sequence[Result]) -> dict[str, Any]:
    counts = Counter(each.became for each in results)
    return {
        "process": made.process,
        "version": made.version,
        "counts": {became.value: counts[became] for became in Became if counts[became]},
        "cases": [
            {
                "case": each.case,
                "became": each.became.value,
                "outcome": each.outcome.value,
                "note": each.note,
            }
            for each in results
        ],
    }
