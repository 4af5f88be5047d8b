"""Commands for auditors: is the record whole, and the record as a file."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, BinaryIO, Literal, assert_never

from cyclopts import Parameter
from sqlmodel import Session

from engine.audit.verify import verify as verify_record
from engine.queries import (
    Reader,
    as_csv,
    as_jsonl,
    assignment_table,
    case_records,
    event_records,
    event_table,
    people_table,
    plain,
    position_table,
    processes,
    record_table,
    task_table,
)
from engine.queries.export import Record
from tenure.cli.asked import Format, Home
from tenure.cli.home import opened
from tenure.cli.stopped import Stopped
from tenure.cli.terminal import say, tell_json

What = Literal[
    "cases", "history", "tasks", "assignments", "events", "records", "people", "positions"
]
_OF_PROCESSES = ("cases", "history", "tasks", "assignments")


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
        What,
        Parameter(
            help="Cases with their data, their history, their tasks and who had them, what was "
            "told to cases, what they recorded, or the directory."
        ),
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
        if process is not None and what not in _OF_PROCESSES:
            raise Stopped(f"The {what} are those of all processes together: leave --process out.")
        chosen = known if process is None else [process]
        if what == "cases" and format == "csv" and len(chosen) > 1:
            raise Stopped(
                "The cases of each process have columns of their own: name one with "
                f"--process ({_listed(chosen)}), or take --format jsonl."
            )
        records = _records(session, reader, what, chosen, process)
        with _target(out) as file:
            for piece in as_csv(records) if format == "csv" else as_jsonl(records):
                file.write(piece)
    return 0


def _records(
    session: Session, reader: Reader, what: What, chosen: Sequence[str], process: str | None
) -> Iterator[Record]:
    match what:
        case "cases":
            return (record for name in chosen for record in case_records(session, reader, name))
        case "history":
            return event_records(session, reader, process)
        case "tasks":
            return map(plain, task_table(session, process))
        case "assignments":
            return map(plain, assignment_table(session, process))
        case "events":
            return map(plain, event_table(session))
        case "records":
            return map(plain, record_table(session))
        case "people":
            return map(plain, people_table(session))
        case "positions":
            return map(plain, position_table(session))
        case _:
            assert_never(what)


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
