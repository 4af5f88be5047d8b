"""`tenure explain`: what a code means, shown on an example as `check` would show it."""

import sys
from collections.abc import Mapping
from typing import Annotated, Any, Final

from cyclopts import Parameter

from engine.core.expression import CODES as EXPRESSION_CODES
from engine.document import DOCUMENT_CODES, Diagnostic, DocumentRefused, frame, parse
from engine.loader import LOADER_CODES, load
from engine.verify import VERIFY_CODES, verify
from tenure.cli.asked import Format
from tenure.cli.examples import EXAMPLES, Example
from tenure.cli.stopped import Stopped
from tenure.cli.terminal import draw, say, screen_of, tell_json

LONGEST_EXAMPLE: Final = 10_000
MEANINGS: Mapping[str, str] = {
    **DOCUMENT_CODES,
    **LOADER_CODES,
    **EXPRESSION_CODES,
    **VERIFY_CODES,
}


def explain(
    code: Annotated[
        str | None, Parameter(help="Such as E201; without one, all are listed.")
    ] = None,
    /,
    *,
    format: Format = "text",  # noqa: A002 - the option's name
) -> int:
    if code is None:
        _list_all(format)
        return 0
    name = code.upper()
    if name not in MEANINGS:
        raise Stopped(f"There is no code {code}. `tenure explain` lists all there are.")
    example = EXAMPLES.get(name)
    if format == "json":
        tell_json(_as_data(name, example))
        return 0
    say(f"{name}: {MEANINGS[name]}", style="1")
    if example is None:
        say("\nCheck the name of the file and the folder, and whether you may read it.")
        return 0
    screen = screen_of(sys.stdout)
    say("\nWrong:\n")
    for found, source in findings(name, example):
        draw(frame(found, source, color=screen.color, unicode=screen.unicode, width=screen.width))
    say("\nRight:\n")
    for line in example.shown.rstrip("\n").split("\n"):
        say(f"  {line}")
    return 0


def findings(code: str, example: Example) -> list[tuple[Diagnostic, str]]:
    """What `check` tells about the wrong text under this code, each with the text to show."""
    try:
        document = parse(example.wrong, "example.yaml")
    except DocumentRefused as refused:
        told, source = refused.diagnostics, refused.source
    else:
        told, source = verify(load(document)), document.source
    return [(found, source) for found in told if found.code == code]


def _list_all(format: str) -> None:  # noqa: A002 - as above
    if format == "json":
        tell_json([_as_data(code, EXAMPLES.get(code)) for code in sorted(MEANINGS)])
        return
    for code in sorted(MEANINGS):
        say(f"{code}  {MEANINGS[code]}")


def _as_data(code: str, example: Example | None) -> dict[str, Any]:
    wrong = "" if example is None else example.wrong
    words = wrong.decode("utf-8", "replace") if isinstance(wrong, bytes) else wrong
    return {
        "code": code,
        "meaning": MEANINGS[code],
        "wrong": words if 0 < len(words) <= LONGEST_EXAMPLE else None,  # some are about length
        "right": None if example is None else example.right,
    }
