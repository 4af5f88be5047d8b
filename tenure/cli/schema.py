"""`tenure schema`: what editors complete, explain and check definitions with."""

import json
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from engine.loader.schema import schema as schema_of_the_language
from tenure.cli.stopped import Stopped
from tenure.cli.terminal import draw, say


def schema(
    *,
    out: Annotated[Path | None, Parameter(help="A file to write instead of showing it.")] = None,
) -> int:
    text = json.dumps(schema_of_the_language(), indent=2, ensure_ascii=False)
    if out is None:
        draw(text)
        return 0
    try:
        out.write_text(f"{text}\n", "utf-8")
    except OSError as error:
        raise Stopped(f"{out} cannot be written: {error.strerror}.") from error
    say(f"Written. Make this the first line of a definition beside {out.name}:")
    say(f"# yaml-language-server: $schema={out.name}")
    return 0
