"""`tenure rehearse`: whole cohorts over virtual months, before anybody gets a mail."""

from calendar import monthrange
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from engine.core.chart import Definition
from engine.directory import Place
from engine.directory.calendars import check_country, zone_of
from engine.rehearsal import (
    Behaviour,
    BehaviourUnknown,
    Company,
    PeopleUnusable,
    Setup,
    Start,
    Timeline,
    behaviour_of,
    company_of,
    processes_of,
    read_timeline,
    report_of,
)
from engine.scenarios import FIRST_DAY
from tenure.cli.asked import Format, Paths, Set
from tenure.cli.definitions import counted, open_all, show_problems
from tenure.cli.rehearsal.cohort import Wanted, cohort_of
from tenure.cli.rehearsal.hands import carry_out
from tenure.cli.rehearsal.mails import check_folder, write_mails
from tenure.cli.rehearsal.page import report_page
from tenure.cli.rehearsal.rates import read_rates
from tenure.cli.rehearsal.words import show
from tenure.cli.stopped import Stopped
from tenure.cli.terminal import complain, tell_json
from tenure.cli.values import pairs_of

_NINE = time(9)
_LONGEST = 120  # months
_COHORT, _COMPANY = 18, 12  # months, if nobody says


def rehearse(
    paths: Paths,
    /,
    *,
    people: Annotated[
        Path, Parameter(help="CSV of the people, as `people import` reads it; it is everybody.")
    ],
    reorg: Annotated[
        Path | None,
        Parameter(help="CSV of later changes: rows of people with a column `from`, the day."),
    ] = None,
    cases: Annotated[
        int | None, Parameter(help="So many cases; one for everybody if absent.")
    ] = None,
    cohort: Annotated[
        Path | None,
        Parameter(help="CSV as `start --cohort` takes it, for the first definition."),
    ] = None,
    rates: Annotated[
        Path | None,
        Parameter(help="CSV of how often, and when, the processes of a company are begun."),
    ] = None,
    set_: Set = (),
    from_: Annotated[
        datetime | None,
        Parameter(name="--from", help="The first day; Monday 2027-01-04 if absent."),
    ] = None,
    months: Annotated[
        int | None, Parameter(help="So many virtual months: 18, of a company 12, if absent.")
    ] = None,
    seed: Annotated[int, Parameter(help="Another number, another story.")] = 1,
    behaviour: Annotated[
        tuple[str, ...],
        Parameter(
            help="How people behave, as `late=30`; may be repeated.",
            show_default=False,
            negative="",
        ),
    ] = (),
    country: Annotated[
        str, Parameter(help="Whose holidays count where nobody has a location.")
    ] = "",
    zone: Annotated[str, Parameter(help="The organisation's clock.")] = "UTC",
    skip_problems: Annotated[
        bool, Parameter(help="Leave out the rows of a people file with problems.", negative="")
    ] = False,
    html: Annotated[Path | None, Parameter(help="Write the report as one HTML file.")] = None,
    mails: Annotated[
        Path | None, Parameter(help="A new folder for mails as they would be sent.")
    ] = None,
    mails_each: Annotated[
        int, Parameter(help="At most so many mails of each kind, drawn by lot.")
    ] = 50,
    format: Format = "text",  # noqa: A002 - the option's name
) -> int:
    if mails is not None:
        check_folder(mails)
    together = rates is not None or any(path.is_dir() for path in paths)
    if together:
        _check_company(cases, cohort, set_)
    definitions = _definitions(paths)
    shares = _behaviour(behaviour)
    home = _home(country, zone)
    day = FIRST_DAY if from_ is None else from_.date()
    length = months if months is not None else _COMPANY if together else _COHORT
    first, until = _at(day, _NINE, home), _at(_later(day, length), time(0), home)
    timeline = _timeline(people, reorg, day, skip_problems=skip_problems)
    processes = processes_of(definitions)
    wanted = Wanted(
        cases=_positive(cases, "--cases"),
        file=cohort,
        common=pairs_of(set_),
        behaviour=shares,
        seed=seed,
    )
    company = None
    starts: tuple[Start, ...] = ()
    refused: dict[int, str] = {}
    if together:
        said = Company()
        if rates is not None:
            said = read_rates(rates, processes, timeline.rosters[0], first)
        company = company_of(processes, said, first, until)
    else:
        starts, refused = cohort_of(processes, wanted, timeline.rosters[0], first)
    setup = Setup(
        processes=processes,
        timeline=timeline,
        cohort=starts,
        behaviour=shares,
        seed=seed,
        first=first,
        until=until,
        home=home,
        letters=0 if mails is None else _positive(mails_each, "--mails-each") or 0,
        company=company,
    )
    tally = carry_out(setup)
    report = report_of(setup, tally)
    if format == "json":
        tell_json(report)
    else:
        show(report)
    for line, why in refused.items():
        complain(f"{cohort}:{line}: {why}")
    if html is not None:
        _write(html, report_page(report))
        complain(f"The report is in {html}.")
    if mails is not None:
        count = write_mails(tally, mails, report.mail.total)
        complain(
            f"{counted(count, 'mail')} of {report.mail.total:,} written; {mails / 'index.html'} "
            "lists them."
        )
    return 0 if report.sound and not refused else 1


def _check_company(cases: int | None, cohort: Path | None, set_: Set) -> None:
    """Raises Stopped for what says who gets a case, where the definitions do."""
    given = {"--cases": cases is not None, "--cohort": cohort is not None, "--set": bool(set_)}
    wrong = next((name for name, there in given.items() if there), None)
    if wrong is not None:
        raise Stopped(
            f"{wrong} says who gets a case of one process; of a company each process says it "
            "itself. Name the files instead of their folder, or write it into a file for --rates."
        )


def _definitions(paths: Paths) -> list[Definition]:
    """Raises Stopped, after the problems were shown, for definitions that cannot be played."""
    opened = open_all(paths, judged=False)  # what proofs find is what a rehearsal shows
    if not opened:
        raise Stopped("Name at least one definition to rehearse.")
    definitions: dict[str, Definition] = {}
    for one in opened:
        definition = one.loaded.definition if one.loaded else None
        if definition is None:
            show_problems(one)
            raise Stopped(f"{one.path} has errors, so it cannot be rehearsed.")
        if definition.process in definitions:
            raise Stopped(
                f"{one.path} is another {definition.process}; rehearse one version at a time."
            )
        definitions[definition.process] = definition
    return list(definitions.values())


def _behaviour(given: tuple[str, ...]) -> Behaviour:
    try:
        return behaviour_of(given)
    except BehaviourUnknown as unknown:
        raise Stopped(str(unknown)) from unknown


def _home(country: str, zone: str) -> Place:
    """Raises PlaceUnknown, a sentence."""
    if country:
        check_country(country)
    zone_of(zone)
    return Place(country=country, zone=zone)


def _timeline(people: Path, reorg: Path | None, day: date, *, skip_problems: bool) -> Timeline:
    """Raises Stopped or SheetUnreadable."""
    changes = None if reorg is None else _read(reorg)
    try:
        return read_timeline(_read(people), changes, day, skip_problems=skip_problems)
    except PeopleUnusable as unusable:
        raise Stopped(str(unusable)) from unusable


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise Stopped(f"{file} cannot be read: {error.strerror}.") from error


def _write(file: Path, text: str) -> None:
    try:
        file.write_text(text, "utf-8")
    except OSError as error:
        raise Stopped(f"{file} cannot be written: {error.strerror}.") from error


def _at(day: date, moment: time, home: Place) -> datetime:
    return datetime.combine(day, moment, zone_of(home.zone)).astimezone(UTC)


def _later(day: date, months: int) -> date:
    """The same day of a later month; its last, if the month has no such day."""
    if not 1 <= months <= _LONGEST:
        raise Stopped(f"--months is a number from 1 to {_LONGEST}.")
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _positive(number: int | None, option: str) -> int | None:
    if number is not None and number < 1:
        raise Stopped(f"{option} is a number from 1 on; {number} is none.")
    return number
