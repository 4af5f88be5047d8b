"""`tenure explain`: what a code means, shown on an example as `check` would show it."""

import sys
from collections.abc import Mapping
from typing import Annotated, Any, Final

from cyclopts import Parameter

from engine.core.expression import CODES as EXPRESSION_CODES
from engine.core.mapping import BY_NAME
from engine.document import DOCUMENT_CODES, Diagnostic, DocumentRefused, frame, parse
from engine.loader import LOADER_CODES, Loaded, against, load, load_text
from engine.verify import VERIFY_CODES, verify
from engine.versions import VERSION_CODES
from engine.versions.placing import told
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
    **VERSION_CODES,
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
    if example.older is not None:
        say("\nThe version before:\n")
        _show(example.older)
    say("\nWrong:\n")
    for found, source in findings(name, example):
        draw(frame(found, source, color=screen.color, unicode=screen.unicode, width=screen.width))
    say("\nRight:\n")
    _show(example.shown)
    return 0


def _show(text: str) -> None:
    for line in text.rstrip("\n").split("\n"):
        say(f"  {line}")


def findings(code: str, example: Example) -> list[tuple[Diagnostic, str]]:
    """What `check` tells about the wrong text under this code, each with the text to show."""
    try:
        document = parse(example.wrong, "example.yaml")
    except DocumentRefused as refused:
        found, source = refused.diagnostics, refused.source
    else:
        loaded, source = load(document), document.source
        found = verify(loaded) if example.older is None else _between(example.older, loaded)
    return [(one, source) for one in found if one.code == code]


def _between(older: str, newer: Loaded) -> tuple[Diagnostic, ...]:
    """What `plan` tells about cases of the older version."""
    old, new = load_text(older, "older.yaml").definition, newer.definition
    assert old is not None
    assert new is not None
    assert newer.sources is not None
    where = next(iter(newer.sources.states.values()))
    if not newer.migrations:
        return told(old, new, BY_NAME, "example.yaml", where)
    rule, problems = against(newer.migrations[0], old)
    return (*problems, *told(old, new, rule, "example.yaml", where))


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
