"""Commands for whoever writes a definition."""

from tenure.cli.asked import Format, Paths
from tenure.cli.definitions import counted, open_all, show_problems
from tenure.cli.terminal import say, tell_json


def check(paths: Paths, /, *, format: Format = "text") -> int:  # noqa: A002 - the option's name
    opened = open_all(paths)
    errors = sum(one.errors for one in opened)
    if format == "json":
        tell_json([found.as_dict() for one in opened for found in one.diagnostics])
        return 1 if errors else 0
    for one in opened:
        show_problems(one)
    warnings = sum(one.warnings for one in opened)
    say(
        f"checked {counted(len(opened), 'file')}: {counted(errors, 'error')}, "
        f"{counted(warnings, 'warning')}"
    )
    return 1 if errors else 0
