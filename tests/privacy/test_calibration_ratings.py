"""Calibration of sixty people: exactly what was published arrives, and nobody reads it before."""

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from privacy_company import Company, Reading, founded, play
from privacy_firm import CHANGES, FIRM, HEIR, LATE, LEAVER, MANAGERS, PEOPLE, REASON, manager, told

from engine.audit.verify import verify
from engine.store import Database
from engine.store.tables import SignalRow

EARLY = ("planned", "asked", "reviewed", "rated")  # there is no session yet
BEFORE_TOLD = (*EARLY, "prepared", "agenda", "voting", "decided", "published")
TOP = {"fay", "sue"}  # HR and the managers' manager
COMMITTEE = {*MANAGERS, "eve", *TOP}


@pytest.fixture(scope="module")
def twins(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Company, Company]]:
    """The story, and the same with other marks."""
    folder = tmp_path_factory.mktemp("twins")
    for name in ("one", "other"):
        shutil.copy(sqlite_template, folder / f"{name}.db")
    with (
        Database.open(str(folder / "one.db")) as first,
        Database.open(str(folder / "other.db")) as second,
    ):
        companies = founded(first), founded(second, swapped=True)
        for company in companies:
            play(company)
        yield companies


@pytest.fixture
def company(twins: tuple[Company, Company]) -> Company:
    return twins[0]


def readings(company: Company, *stages: str) -> list[Reading]:
    return [each for each in company.readings if not stages or each.stage in stages]


def readers(found: list[Reading], text: str) -> set[str]:
    return {each.reader for each in found if text in each.text}


def test_every_waiting_review_gets_exactly_what_was_published(company: Company):
    changed = {each.person: each for each in CHANGES if each.carried}

    for person, case in company.cases.items():
        data = company.data(case)
        mark = changed[person].to if person in changed else company.rated(person)
        bonus = {5: 0.12, 4: 0.12, 3: 0.08}.get(mark, 0.0)
        reason = REASON if person in changed else "as the manager rated"
        found = data["rating"], data["reason"], data["session"], float(data["bonus"])
        assert found == (mark, reason, company.session, bonus), person
    assert company.world.incidents() == []
    assert company.world.case(company.session).outcome == "published"
    assert company.data(company.session)["sessions"] == 2  # too few came to the first
    assert verify(company.world.database).ok


def test_nobody_votes_on_a_rating_that_they_gave_or_answer_for(company: Company):
    present = {*MANAGERS, "eve"} - {LEAVER}

    for person, voters in company.voters.items():
        assert voters == present - {FIRM[person][0], manager(person), person}, person
    assert HEIR not in company.voters["juq"]  # whose manager they have become in the middle


def test_what_a_manager_wrote_is_read_by_nobody_else_before_it_is_told(company: Company):
    for person in PEOPLE:
        for word in (f"WHY-{person}", f"KEEP-{person}", f"NEXT-{person}"):
            found = readers(readings(company, *BEFORE_TOLD), word)
            assert found <= {FIRM[person][0], manager(person), *TOP}, word
    assert readers(readings(company), "WHY-") >= TOP  # the search finds what is there


def test_what_is_said_in_the_session_stays_in_the_committee(company: Company):
    for change in CHANGES:
        found = readers(readings(company), f"EVIDENCE-{change.person}")
        assert found <= COMMITTEE - {LEAVER}
    assert readers(readings(company), "EVIDENCE-auq") >= company.voters["auq"]
    assert readers(readings(company), "SAW-") == {"fay"}


def test_marks_of_others_are_read_by_the_committee_from_the_pre_reading_on(company: Company):
    """`Auq 3`, and `Auq: 3 of 5`."""
    named = re.compile(rf"\b({'|'.join(person.title() for person in PEOPLE)})\W{{1,3}}[1-5]\b")
    seen = {
        (each.stage, each.reader, found.lower())
        for each in company.readings
        for found in named.findall(each.text)
    }

    assert {who for stage, who, _ in seen if stage in EARLY} <= TOP
    assert {who for _, who, _ in seen} <= COMMITTEE
    read = {about for stage, who, about in seen if stage == "prepared" and who == MANAGERS[0]}
    assert read >= {person for person in PEOPLE if manager(person) != MANAGERS[0]} - {LATE}
    assert not read & {person for person in PEOPLE if manager(person) == MANAGERS[0]}


def test_whoever_is_rated_reads_the_same_whatever_the_ratings_are_until_told(
    twins: tuple[Company, Company],
):
    one, other = twins
    for stage in (*BEFORE_TOLD, "told"):
        for first, second in zip(readings(one, stage), readings(other, stage), strict=True):
            what = (first.stage, first.reader, first.what)
            assert what == (second.stage, second.reader, second.what)
            if first.reader in COMMITTEE or (stage == "told" and first.reader in told()):
                continue
            assert first.text == second.text, what


def test_whoever_was_told_reads_their_own_rating_and_no_other(company: Company):
    for person in told():
        pages = [e.text for e in readings(company, "told") if e.reader == person]
        mark = company.data(company.cases[person])["rating"]
        assert any(f"{mark} of 5 (" in text for text in pages), person
        assert any(f"WHY-{person}" in text for text in pages), person
        others = {word for text in pages for word in re.findall(r"(?:WHY|KEEP|NEXT)-(\w+)", text)}
        assert others == {person}


def test_a_waiting_review_is_told_its_own_rating_and_no_other(company: Company):
    """What is kept of a signal is kept with the case that heard it."""
    told_to = {
        str(row.correlation): {rating["person"] for rating in json.loads(row.body)["ratings"]}
        for row in company.world.rows(SignalRow)
        if row.name == "calibration.published"
    }

    assert told_to == {f"2027|p_{person}": {f"p_{person}"} for person in PEOPLE}
