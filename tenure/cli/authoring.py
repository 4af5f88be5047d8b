"""Commands for whoever writes a definition."""

from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

from engine.diagram import mermaid, outline, picture, svg
from tenure.cli.asked import Format, Paths
from tenure.cli.definitions import counted, open_all, open_one, show_problems
from tenure.cli.stopped import Stopped
from tenure.cli.terminal import draw, say, tell_json

Drawing = Literal["outline", "svg", "mermaid"]


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
