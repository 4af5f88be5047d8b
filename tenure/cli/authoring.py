"""Commands for whoever writes a definition."""

from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

from engine.diagram import mermaid, outline, picture, svg
from tenure.cli.annotations import github, sarif
from tenure.cli.asked import Paths
from tenure.cli.definitions import Opened, counted, open_all, open_one, show_problems
from tenure.cli.mending import mend_all, show_mended
from tenure.cli.stopped import Stopped
from tenure.cli.terminal import draw, say, tell_json

Telling = Literal["text", "json", "sarif", "github"]
Drawing = Literal["outline", "svg", "mermaid"]


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


def graph(
    path: Annotated[Path, Parameter(help="A definition.")],
    /,
    *,
    format: Annotated[Drawing, Parameter(help="What to draw.")] = "outline",  # noqa: A002
    out: Annotated[Path | None, Parameter(help="A file to write instead of showing it.")] = None,
) -> int:
    opened = open_one(path)
    definition = opened.loaded.definition if opened.loaded else None
    if definition is None:
        show_problems(opened)
        raise Stopped(f"{path} has errors, so there is nothing to draw.")
    drawn = {"outline": outline, "svg": svg, "mermaid": mermaid}[format](picture(definition))
    if out is None:
        if format == "outline":
            say(drawn.rstrip("\n"))
        else:
            draw(drawn)
        return 0
    try:
        out.write_text(drawn if drawn.endswith("\n") else f"{drawn}\n", "utf-8")
    except OSError as error:
        raise Stopped(f"{out} cannot be written: {error.strerror}.") from error
    return 0
