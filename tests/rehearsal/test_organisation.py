"""The real organisation with its real changes: nobody who left owns anything, no case is stuck."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from support.organisation import ORGANISATION, people_and_changes

from engine.directory import Place
from engine.loader import load_text
from engine.rehearsal import (
    Setup,
    Start,
    behaviour_of,
    processes_of,
    read_timeline,
    rehearse,
    report_of,
)

PCER = (Path(__file__).parents[2] / "definitions" / "pcer-year.yaml").read_text("utf-8")
DAY = date(2022, 1, 31)

pytestmark = pytest.mark.skipif(
    not (ORGANISATION / "changes.csv").exists(),
    reason=f"the organisation's files are not beside the checkout ({ORGANISATION})",
)


def test_a_year_of_reviews_survives_a_year_of_change():
    people, changes = people_and_changes(DAY)
    timeline = read_timeline(people, changes, DAY)
    first = datetime(2022, 2, 1, 9, tzinfo=UTC)
    data = {"cycle": "2022", "evaluate_from": "2022-10-01", "months_in_role": 12}
    everybody = timeline.rosters[0].people
    setup = Setup(
        processes=processes_of([load_text(PCER, "pcer-year.yaml").definition]),
        timeline=timeline,
        cohort=tuple(
            Start(number=number, process="pcer-year", subject=person, data=data, at=first)
            for number, person in enumerate(everybody, start=1)
        ),
        behaviour=behaviour_of(["never=0"]),
        seed=1,
        first=first,
        until=datetime(2023, 6, 30, tzinfo=UTC),
        home=Place(country="", zone="UTC"),
    )

    report = report_of(setup, rehearse(setup))

    assert report.strays == ()
    assert report.stuck == ()
    assert report.refused == ()
    (part,) = report.processes
    assert (part.started, part.open) == (len(everybody), 0)
    ended = {ending.outcome: ending.cases for ending in part.endings}
    gone = [person for person in everybody if not timeline.rosters[-1].people[person]["active"]]
    assert ended["left"] >= 80
    assert ended["left"] == sum(day.ended for day in report.changes) <= len(gone)
    assert sum(day.handed for day in report.changes) >= 80
    assert report.load.people[0].arrived > 200  # the report names the load
    assert report.mail.total > 3_000
