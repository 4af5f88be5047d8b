"""Commands for whoever writes a definition."""

from typing import Annotated, Literal

from cyclopts import Parameter

from tenure.cli.annotations import github, sarif
from tenure.cli.asked import Paths
from tenure.cli.definitions import Opened, counted, open_all, show_problems
from tenure.cli.mending import mend_all, show_mended
from tenure.cli.terminal import draw, say, tell_json

Telling = Literal["text", "json", "sarif", "github"]


def check(
    paths: Paths,
    /,
    *,
    format: Annotated[  # noqa: A002 - the option's name
        Telling, Parameter(help="For people, for programs, or for code hosts.")
    ] = "text",
    fix: Annotated[
        bool, Parameter(help="Mend what can be mended safely, and show it.", negative="")
    ] = False,
) -> int:
    if fix:
        show_mended(mend_all(paths), quiet=format != "text")
    opened = open_all(paths)
    match format:
        case "json":
            tell_json([found.as_dict() for one in opened for found in one.diagnostics])
        case "sarif":
            tell_json(sarif(opened))
        case "github":
            for line in github(opened):
                draw(line)
        case "text":
            _tell(opened)
    return 1 if any(one.errors for one in opened) else 0


def _tell(opened: list[Opened]) -> None:
    for one in opened:
        show_problems(one)
    for one in opened:
        if one.bound is not None:
            say(f"{one.path}: {one.bound}")
    errors, warnings = sum(one.errors for one in opened), sum(one.warnings for one in opened)
    say(
        f"checked {counted(len(opened), 'file')}: {counted(errors, 'error')}, "
        f"{counted(warnings, 'warning')}"
    )
