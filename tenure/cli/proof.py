"""Commands for auditors: is the record whole, and the record as a file."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, BinaryIO, Literal

from cyclopts import Parameter

from engine.audit.verify import verify as verify_record
from engine.queries import (
    Reader,
    as_csv,
    as_jsonl,
    case_records,
    event_records,
    processes,
)
from engine.queries.export import Record
from tenure.cli.asked import Format, Home
from tenure.cli.home import opened
from tenure.cli.stopped import Stopped
from tenure.cli.terminal import say, tell_json


def verify(*, format: Format = "text", home: Home = None) -> int:  # noqa: A002 - the option's name
    with opened(home) as runtime:
        verdict = verify_record(runtime.database)
    if format == "json":
        tell_json({"ok": verdict.ok, **_fields(verdict)})
    else:
        say(str(verdict))
    return 0 if verdict.ok else 1


def export(
    what: Annotated[
        Literal["cases", "history"], Parameter(help="Cases with their data, or their history.")
    ] = "cases",
    /,
    *,
    process: Annotated[str | None, Parameter(help="Of this process only.")] = None,
    format: Annotated[  # noqa: A002 - the option's name
        Literal["csv", "jsonl"], Parameter(help="For spreadsheets, or one JSON object a line.")
    ] = "csv",
    out: Annotated[Path | None, Parameter(help="A file to write instead of showing it.")] = None,
    home: Home = None,
) -> int:
    with opened(home) as runtime, runtime.database.read() as session:
        reader = Reader(directory=runtime.service.tools.directory)
        known = [line.process for line in processes(session, runtime.clock.now())]
        if process is not None and process not in known:
            raise Stopped(f"No process `{process}` is published; there are: {_listed(known)}.")
        records: Iterator[Record]
        if what == "history":
            records = event_records(session, reader, process)
        else:
            chosen = known if process is None else [process]
            if format == "csv" and len(chosen) > 1:
                raise Stopped(
                    "The cases of each process have columns of their own: name one with "
                    f"--process ({_listed(chosen)}), or take --format jsonl."
                )
            records = (record for name in chosen for record in case_records(session, reader, name))
        with _target(out) as file:
            for piece in as_csv(records) if format == "csv" else as_jsonl(records):
                file.write(piece)
    return 0


def _fields(verdict: object) -> dict[str, object]:
    return {
        name: getattr(verdict, name)
        for name in ("events", "cases", "replayed", "erased", "finding")
    }


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names) or "none"


@contextmanager
def _target(out: Path | None) -> Iterator[BinaryIO]:
    """Where the bytes go; a file appears whole or not at all."""
    if out is None:
        sys.stdout.flush()
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    fresh = out.with_name(f".{out.name}.new")
    try:
        with fresh.open("wb") as file:
            yield file
        fresh.replace(out)
    except OSError as error:
        raise Stopped(f"{out} cannot be written: {error.strerror}.") from error
    finally:
        fresh.unlink(missing_ok=True)
