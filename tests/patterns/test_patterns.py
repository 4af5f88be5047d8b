"""Every pattern is shown by a definition that really plays it, or left out for a reason."""

import os
from datetime import UTC, date, datetime, timedelta

import pytest
from patterns_table import (
    CONTROL,
    CONTROL_LEFT_OUT,
    HERE,
    PAGE,
    RESOURCE,
    RESOURCE_LEFT_OUT,
    page,
    patterns,
)
from sqlmodel import select

from engine.directory import Directory, apply_people, plan_people, read_sheet
from engine.document import parse
from engine.loader import load
from engine.scenarios import play_all
from engine.service import Service, Submission, Tools
from engine.store import Database
from engine.store.tables import CaseRow, TaskRow
from engine.verify import verify

FILES = sorted(HERE.glob("*/*.yaml"))
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}-{file.stem}")
def test_the_pattern_is_sound_and_plays(file):
    loaded = load(parse(file.read_text("utf-8"), file.name))
    found = verify(loaded)

    assert found == ()
    report = play_all(loaded)
    assert report.results
    assert [(one.name, one.failure) for one in report.results if one.failure] == []


def test_every_pattern_is_shown_or_left_out_with_a_reason():
    control = patterns("control", CONTROL_LEFT_OUT)
    resource = patterns("resource", RESOURCE_LEFT_OUT)

    assert [one.number for one in control] == list(CONTROL)
    assert [one.number for one in resource] == list(RESOURCE)
    assert [one for one in (*control, *resource) if not one.how] == []


def test_the_page_is_made_of_the_definitions():
    if os.environ.get("TENURE_WRITE_DOCS"):
        PAGE.write_text(page(), "utf-8")

    assert PAGE.read_text("utf-8") == page()


def test_a_signal_from_before_the_wait_is_kept(tmp_path):
    """WCP-24 needs a memory, which a scenario does not have and the service has."""
    count = iter(range(1, 10_000))

    def entropy(size):
        return next(count).to_bytes(max(size, 4), "big")[-size:].rjust(size, b"\1")

    source = (HERE / "control" / "24-persistent-trigger.yaml").read_text("utf-8")
    people = b"number,name,email\n1,Ann Lee,ann@example.com\n"
    with Database.open(str(tmp_path / "tenure.db")) as database:
        directory = Directory()
        service = Service(database=database, tools=Tools(directory=directory, entropy=entropy))
        database.write(
            lambda tx: apply_people(
                tx,
                plan_people(read_sheet(people), tx.connection, date(2026, 1, 1)),
                None,
                NOW,
                entropy,
            )
        )
        service.publish(source, "24.yaml", None, NOW)
        with database.read() as session:
            (ann,) = directory.facts(session, NOW).roster.people
        case = service.start("wcp-24-persistent-trigger", ann, {}, None, NOW)
        service.signal("result.published", {}, None, None, NOW + timedelta(minutes=1))
        service.advance(100, NOW + timedelta(minutes=2))
        with database.read() as session:
            task = session.exec(select(TaskRow.public_id)).one()
        later = NOW + timedelta(minutes=3)
        service.submit(
            Submission(task=task, button="submit", answers={}, by=ann, request="r"), later
        )
        service.advance(100, later + timedelta(minutes=1))
        with database.read() as session:
            outcome = session.exec(select(CaseRow.outcome).where(CaseRow.name == case)).one()

    assert outcome == "done"
