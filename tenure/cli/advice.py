"""`tenure advice`: what analytics found in a case, and whether the same input gives it again."""

from typing import Annotated

from cyclopts import Parameter
from sqlmodel import select

from analytics import ANALYTICS
from engine.queries.advice import AdviceGiven, advice_given
from engine.queries.reader import Reader
from engine.store.tables import CaseRow
from tenure.cli.asked import Format, Home
from tenure.cli.definitions import counted
from tenure.cli.home import moment, opened
from tenure.cli.stopped import Stopped
from tenure.cli.terminal import say, tell_json


def advice(
    case: Annotated[str, Parameter(help="The name of a case, such as PLA-0007.")],
    /,
    *,
    format: Format = "text",  # noqa: A002 - the option's name
    home: Home = None,
) -> int:
    name = case.upper()
    with opened(home) as runtime, runtime.database.read() as session:
        row = session.exec(select(CaseRow).where(CaseRow.name == name)).first()
        if row is None or row.id is None:
            raise Stopped(f"There is no case {name}. `tenure cases --status all` lists them.")
        given = advice_given(session, row.id)
        reader = Reader(directory=runtime.service.tools.directory)
        atlas = reader.atlases(session, [row.definition_id])[row.definition_id]
        people = reader.directory.facts(session, runtime.clock.now()).roster.people
        clock = [moment(each.at, runtime) for each in given]

    def named(about: str, subject: str) -> str:
        if about == "person":
            return str(people[subject]["name"]) if subject in people else subject
        return atlas.title_of(subject, str) if about == "state" else subject

    again = [_again(each) for each in given]
    if format == "json":
        tell_json(
            [
                {
                    "task": each.task,
                    "analytic": each.analytic,
                    "version": each.version,
                    "at": each.at,
                    "again": words,
                    "kept": each.kept,
                }
                for each, words in zip(given, again, strict=True)
            ]
        )
        return 0
    if not given:
        say(f"No analytic was asked in {name}.")
    for each, at, words in zip(given, clock, again, strict=True):
        say(f"{at}  {each.analytic} version {each.version}, {counted(each.rows, 'row')}: {words}")
        for line in each.lines(named):
            mark = "!" if line.notable else " "
            interval = f" ({line.interval})" if line.interval else ""
            say(f"  {mark} {line.sentence}{interval} n={line.n}")
    return 0 if all(not words.startswith("NOT") for words in again) else 1


def _again(given: AdviceGiven) -> str:
    """What becomes of it when it is run once more from the frozen input."""
    if given.kept is None:
        return "the input was erased, so it cannot be run again"
    if not given.unaltered:
        return "NOT the input that was hashed"
    analyst = ANALYTICS.get(given.analytic)
    if analyst is None or analyst.version != given.version:
        return f"version {given.version} is not in this tenure, so it was not run again"
    same = analyst.run(given.kept["input"], given.kept["parameters"]) == given.kept["findings"]
    return "run again, it finds the same" if same else "NOT what it finds when run again"
