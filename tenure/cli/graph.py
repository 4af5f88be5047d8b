"""`tenure graph`: a process as a picture, alone or with what runs on it."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter
from sqlmodel import Session

from engine import queries
from engine.core.chart import Definition
from engine.diagram import Marks, Picture, as_data, case_marks, mermaid, outline, picture, svg
from tenure.cli.asked import Home
from tenure.cli.definitions import open_one, show_problems
from tenure.cli.home import opened
from tenure.cli.stopped import Stopped
from tenure.cli.terminal import draw, say, tell_json
from tenure.runtime import Runtime

Drawing = Literal["outline", "svg", "mermaid", "json"]
_ENDINGS = (".yaml", ".yml")


def graph(
    source: Annotated[
        str | None,
        Parameter(help="A definition's file, or the name of a published process.", name="source"),
    ] = None,
    /,
    *,
    case: Annotated[
        str | None, Parameter(help="Mark where this case is, and the way it came.")
    ] = None,
    counts: Annotated[
        bool,
        Parameter(help="Show how many cases are where, and how long they wait.", negative=""),
    ] = False,
    format: Annotated[Drawing, Parameter(help="What to draw.")] = "outline",  # noqa: A002
    out: Annotated[Path | None, Parameter(help="A file to write instead of showing it.")] = None,
    home: Home = None,
) -> int:
    if case is not None and counts:
        raise Stopped("Choose one: --case marks a single case, --counts shows all of them.")
    definition, marks = _found(source, case, counts=counts, home=home)
    drawn = picture(definition)
    if format == "json" and out is None:
        tell_json(as_data(drawn, marks))
        return 0
    _show(_text(format, drawn, marks), format, out)
    return 0


def _found(
    source: str | None, case: str | None, *, counts: bool, home: Path | None
) -> tuple[Definition, Marks]:
    """The definition to draw, and what is marked on it."""
    own = _of_file(Path(source)) if source and _is_file(source) else None
    if own is not None and case is None and not counts:
        return own, Marks()
    name = source if own is None else own.process
    with _rooms(home) as rooms:
        if case is not None:
            return rooms.case(case.upper(), own, name)
        if name is None:
            raise Stopped("Name what to draw: a file, a published process, or --case and its name.")
        return rooms.process(name, own, counts=counts)


def _is_file(source: str) -> bool:
    return source.endswith(_ENDINGS) or Path(source).is_file()


def _of_file(path: Path) -> Definition:
    found = open_one(path)
    definition = found.loaded.definition if found.loaded else None
    if definition is None:
        show_problems(found)
        raise Stopped(f"{path} has errors, so there is nothing to draw.")
    return definition


@contextmanager
def _rooms(home: Path | None) -> Iterator["_Rooms"]:
    with opened(home) as runtime, runtime.database.read() as session:
        reader = queries.Reader(directory=runtime.service.tools.directory)
        yield _Rooms(runtime=runtime, session=session, reader=reader)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Rooms:
    runtime: Runtime
    session: Session
    reader: queries.Reader

    def case(
        self, name: str, own: Definition | None, asked: str | None
    ) -> tuple[Definition, Marks]:
        """The case on the version that it runs on, or on a file of the same process."""
        page = queries.case(self.session, self.reader, name, self.runtime.clock.now())
        if page is None:
            raise Stopped(f"There is no case {name}. `tenure cases --status all` lists them.")
        if asked is not None and asked != page.line.process:
            raise Stopped(
                f"{name} is a case of `{page.line.process}`, not of `{asked}`. Leave the process "
                f"away: `tenure graph --case {name}` draws the version that the case runs on."
            )
        definition = own or self._published(page.definition_id)
        marks = case_marks(
            picture(definition), (place.state for place in page.places), page.visited
        )
        return definition, marks

    def process(
        self, name: str, own: Definition | None, *, counts: bool
    ) -> tuple[Definition, Marks]:
        page = queries.process(self.session, self.reader, name, self.runtime.clock.now())
        if page is None:
            known = ", ".join(
                line.process for line in queries.processes(self.session, self.runtime.clock.now())
            )
            raise Stopped(
                f"No process `{name}` is published here, and there is no such file. "
                f"Published: {known or 'none yet; `tenure publish FILE` does that'}."
            )
        definition = own or self._published(page.versions[0].definition_id)
        return definition, queries.process_marks(page) if counts else Marks()

    def _published(self, number: int) -> Definition:
        atlas = self.reader.atlases(self.session, [number])[number]
        if atlas.definition is None:
            raise Stopped(
                f"Version {atlas.version} of {atlas.process} was published by another tenure and "
                "this one cannot read it."
            )
        return atlas.definition


def _text(format_: Drawing, drawn: Picture, marks: Marks) -> str:
    match format_:
        case "outline":
            return outline(drawn, marks)
        case "svg":
            return svg(drawn, marks)
        case "mermaid":
            return mermaid(drawn, marks)
        case "json":
            return json.dumps(as_data(drawn, marks), indent=2, ensure_ascii=False)


def _show(text: str, format_: Drawing, out: Path | None) -> None:
    if out is not None:
        try:
            out.write_text(text if text.endswith("\n") else f"{text}\n", "utf-8")
        except OSError as error:
            raise Stopped(f"{out} cannot be written: {error.strerror}.") from error
    elif format_ == "outline":
        say(text.rstrip("\n"))
    else:
        draw(text)
