"""What pages and the command line are told about a house with a few cases in it."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import event as sqlalchemy_event

from engine.directory import apply_people, plan_people, read_sheet
from engine.queries import (
    CaseFilter,
    Reader,
    case,
    case_records,
    cases,
    event_records,
    history,
    incidents,
    outbox,
    outbox_counts,
    people,
    process,
    processes,
    task,
    tasks,
)

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
LATER = NOW + timedelta(days=14)


@pytest.fixture
def reader(house) -> Reader:
    return Reader(directory=house.directory)


def play(house) -> tuple[str, str]:
    """One case in a queue, and one that was reminded and given to somebody else."""
    first = house.start("ann", NOW)
    house.answer(first, "self", "ann", now=NOW + timedelta(hours=1), words="A fine year")
    house.answer(
        first, "rate", "bob", now=NOW + timedelta(hours=2), rating=5, share=0.12, secret="x"
    )
    house.answer(first, "second_look", "cy", button="approve", now=NOW + timedelta(hours=3))
    second = house.start("dan", NOW)
    house.service.advance(100, LATER)
    house.service.reassign(
        house.task(second, "self", "dan"), house.ids["ann"], house.ids["cy"], "away", LATER
    )
    return first, second


@pytest.fixture
def played(house) -> tuple[str, str]:
    return play(house)


@contextmanager
def counted(house) -> Iterator[list[str]]:
    statements: list[str] = []

    def note(connection, cursor, statement, *rest) -> None:
        statements.append(statement)

    engine = house.database._reading
    sqlalchemy_event.listen(engine, "before_cursor_execute", note)
    yield statements
    sqlalchemy_event.remove(engine, "before_cursor_execute", note)


def test_the_list_of_cases_says_where_each_stands(house, reader, played) -> None:
    with house.database.read() as session:
        page = cases(session, reader, CaseFilter(), LATER)
    second, first = page.items

    assert (first.name, first.at, first.open_tasks, first.overdue) == (played[0], ("Kit",), 1, True)
    assert (second.name, second.at, second.overdue) == (played[1], ("Self",), False)
    assert (second.subject.name, second.title, second.version) == ("Dan Fox", "Review", 1)
    assert page.after is None


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (CaseFilter(state="kit"), ["REV-0001"]),
        (CaseFilter(state="rate"), []),
        (CaseFilter(overdue=True), ["REV-0001"]),
        (CaseFilter(status="open"), ["REV-0002", "REV-0001"]),
        (CaseFilter(status="closed"), []),
        (CaseFilter(process="review", name="rev-0002"), ["REV-0002"]),
        (CaseFilter(name="rev%"), []),
        (CaseFilter(process="other"), []),
        (CaseFilter(stuck=True), []),
    ],
)
def test_the_list_of_cases_is_narrowed(house, reader, played, wanted, expected) -> None:
    with house.database.read() as session:
        assert [one.name for one in cases(session, reader, wanted, LATER).items] == expected


def test_the_list_of_cases_is_narrowed_to_a_person(house, reader, played) -> None:
    with house.database.read() as session:
        page = cases(session, reader, CaseFilter(subject=house.ids["ann"]), LATER)
    assert [one.name for one in page.items] == [played[0]]


def joined(house, entropy: Callable[[int], bytes], count: int) -> list[str]:
    """More people, so that there can be more cases: one is open per subject."""
    text = "number,name,email,manager\n" + "".join(
        f"{n},Person {n},p{n}@example.com,2\n" for n in range(100, 100 + count)
    )
    imported = house.database.write(
        lambda tx: apply_people(
            tx,
            plan_people(read_sheet(text.encode()), tx.connection, date(2026, 1, 1)),
            None,
            NOW,
            entropy,
        )
    )
    return list(imported.persons)


def test_pages_follow_each_other_without_gap_or_repetition(house, reader, entropy) -> None:
    for person in joined(house, entropy, 7):
        house.service.start("review", person, {"year": "2026"}, None, NOW)

    def all_pages(ask) -> list[str]:
        found, after = [], None
        while True:
            page = ask({} if after is None else {"after": after})
            assert 0 < len(page.items) <= 3
            found += page.items
            if page.after is None:
                return found
            after = page.after

    with house.database.read() as session:
        for wanted in (CaseFilter(), CaseFilter(state="self")):
            listed = all_pages(
                lambda more, wanted=wanted: cases(session, reader, wanted, NOW, limit=3, **more)
            )
            assert [one.name for one in listed] == [f"REV-000{n}" for n in range(7, 0, -1)]
        waiting = all_pages(lambda more: tasks(session, None, NOW, limit=3, **more))
        letters = all_pages(lambda more: outbox(session, limit=3, **more))
    assert [one.case for one in waiting] == [f"REV-000{n}" for n in range(1, 8)]
    assert [one.id for one in letters] == list(range(7, 0, -1))


def test_more_cases_take_no_more_queries(house, reader, entropy, played) -> None:
    questions = {
        "cases": lambda session: cases(session, reader, CaseFilter(), LATER),
        "tasks": lambda session: tasks(session, None, LATER),
        "outbox": outbox,
        "processes": lambda session: processes(session, LATER),
        "process": lambda session: process(session, reader, "review", LATER),
        "incidents": incidents,
    }

    def counts() -> dict[str, int]:
        found = {}
        for name, ask in questions.items():
            with house.database.read() as session:
                ask(session)  # what is read once per process is read now
            with house.database.read() as session, counted(house) as statements:
                ask(session)
            found[name] = len([one for one in statements if one.startswith("SELECT")])
        return found

    few = counts()
    for person in joined(house, entropy, 20):
        house.service.start("review", person, {"year": "2026"}, None, NOW)
    assert counts() == few
    assert few == {
        "cases": 4,
        "tasks": 3,
        "outbox": 2,
        "processes": 3,
        "process": 8,
        "incidents": 1,
    }


def test_the_case_page_says_what_happens_next_if_nobody_acts(house, reader, played) -> None:
    with house.database.read() as session:
        page = case(session, reader, played[1], LATER)
    assert [(one.at.isoformat(), one.place, one.words, one.phrase) for one in page.upcoming] == [
        ("2026-12-07T16:00:00+00:00", "Self", "a reminder goes to Ann Lee", "at due"),
        ("2026-12-14T16:00:00+00:00", "Self", "the case goes to “Rate”", "5 workdays late"),
    ]
    assert [(one.state, one.title) for one in page.places] == [("self", "Self")]
    assert [[owner.name for owner in one.owners] for one in page.tasks] == [["Ann Lee"]]
    assert [one.kind for one in page.letters] == [
        "no_longer_needed",
        "handed_over",
        "reminder",
        "task",
    ]


def test_the_case_page_of_one_that_went_further(house, reader, played) -> None:
    with house.database.read() as session:
        page = case(session, reader, played[0], LATER)
    assert page.visited == {"self", "rate", "second_look", "kit"}
    assert [(one.key, one.status, one.outcome) for one in page.tasks] == [
        ("kit#1", "open", None),
        ("self#1", "answered", "submit"),
        ("rate#1", "answered", "submit"),
        ("second_look#1", "answered", "approve"),
    ]
    assert [one.name for one in page.tasks[0].candidates] == ["Bob Ray", "Ann Lee"]
    assert (page.opened_by.name, page.line.subject.name) == ("Bob Ray", "Ann Lee")


def test_an_operator_sees_all_but_what_is_sensitive_and_others_what_their_roles_may(
    house, reader, played
) -> None:
    def shown(roles) -> dict[str, str | None]:
        with house.database.read() as session:
            page = case(session, reader, played[0], LATER, roles=roles)
        return {one.name: one.shown for one in page.data}

    everything = {"year": "2026", "rating": "5", "share": "0.12", "secret": "x"}
    assert shown(None) == everything | {"secret": None}
    assert shown({"manager"}) == everything
    assert shown({"subject"}) == everything | {"rating": None}

    now = LATER
    house.service.claim(house.task(played[0], "kit", "bob"), house.ids["bob"], now)
    house.answer(played[0], "kit", "bob", now=now)  # and so `talk` is entered
    assert shown({"subject"}) == everything
    with house.database.read() as session:
        page = case(session, reader, played[1], LATER, roles={"subject"})
    withheld = {one.name: one.withheld for one in page.data if one.withheld}
    assert withheld == {"rating": "only manager, boss may see it until talk"}


def test_the_history_is_told_in_sentences_with_the_machines_facts_beside(
    house, reader, played
) -> None:
    with house.database.read() as session:
        told = [entry for entry in history(session, reader, played[0]) if not entry.detail]
    assert [entry.words for entry in told] == [
        "Bob Ray opened the case for Ann Lee.",
        "“Self” was opened for Ann Lee, due on 7 December 2026.",
        "Ann Lee answered “Self”.",
        "The case went on from “Self” to “Rate”.",
        "“Rate Ann Lee's year” was opened for Bob Ray, due on 30 November 2026.",
        ("Bob Ray answered “Rate Ann Lee's year”, and filled in “Rating”, “Share” and “Secret”."),
        "The case went on from “Rate” to “Second look”, because “Rating” was 5.",
        "“Second look” was opened for Cy Boss, due on 26 November 2026.",
        "Cy Boss answered “Second look”: approve.",
        "The case went on from “Second look” to “Kit”.",
        "“Take the laptop back” was opened in the queue it-desk, due on 26 November 2026.",
    ]
    answered = told[2]
    assert (answered.kind, answered.object, answered.request) == ("task.answered", "self#1", "r1")
    assert answered.public == {"outcome": "submit"}
    assert answered.private["event"]["answers"] == {"words": "A fine year"}
    assert (answered.actor.name, answered.assurance, answered.erased) == ("Ann Lee", "link", False)


def test_a_reassignment_and_its_reason_are_told(house, reader, played) -> None:
    with house.database.read() as session:
        words = [entry.words for entry in history(session, reader, played[1], after=2)]
    assert words == [
        "It was time for a reminder of “Self”.",
        "A rule of “Self” was carried out.",
        "Cy Boss gave “Self” to Ann Lee: away.",
        "“Self” went from Dan Fox to Ann Lee: away.",
    ]


def test_people_are_called_what_they_were_called_then(house, reader, entropy, played) -> None:
    text = "number,name,email\n3,Ann Fox,ann@example.com\n"
    house.database.write(
        lambda tx: apply_people(
            tx,
            plan_people(read_sheet(text.encode()), tx.connection, date(2026, 12, 1)),
            None,
            NOW,
            entropy,
        )
    )
    with house.database.read() as session:
        then = history(session, reader, played[0])[0].words
        since = history(session, reader, played[1])[-1].words
    assert then == "Bob Ray opened the case for Ann Lee."
    assert since == "“Self” went from Dan Fox to Ann Fox: away."


def test_an_erased_part_leaves_the_sentence_that_needs_no_answer(house, reader, played) -> None:
    house.database.write(lambda tx: tx.cursor.execute("DELETE FROM event_private"))
    with house.database.read() as session:
        entries = history(session, reader, played[1])
    assert entries[-2].words == "Cy Boss gave “Self” to Ann Lee."
    assert (entries[-2].erased, entries[-2].private) == (True, None)


def test_open_tasks_of_a_person_are_theirs_and_those_of_their_queues(house, reader, played) -> None:
    with house.database.read() as session:
        mine = tasks(session, house.ids["ann"], LATER).items
        dans = tasks(session, house.ids["dan"], LATER).items
        one = task(session, mine[0].public_id, LATER)
        closed = [line for line in case(session, reader, played[0], LATER).tasks if line.closed_at]
        again = task(session, closed[0].public_id, LATER)
        nothing = task(session, "nothing", LATER)
    assert [(line.case, line.state) for line in mine] == [(played[0], "kit"), (played[1], "self")]
    assert dans == ()
    assert (one, nothing) == (mine[0], None)
    assert (again.status, again.closed_by.name) == ("answered", "Ann Lee")


def test_a_process_page_counts_the_cases_in_every_state(house, reader, played) -> None:
    with house.database.read() as session:
        page = process(session, reader, "review", LATER)
        unknown = process(session, reader, "other", LATER)
    assert [(one.state, one.now, one.overdue) for one in page.states] == [
        ("self", 1, 0),
        ("rate", 0, 0),
        ("second_look", 0, 0),
        ("kit", 1, 1),
        ("talk", 0, 0),
        ("closed", 0, 0),
    ]
    assert (page.line.open_cases, page.line.overdue_tasks, page.elsewhere) == (2, 1, 0)
    assert unknown is None


def test_people_are_found_by_words_in_any_order(house, reader) -> None:
    with house.database.read() as session:
        found = people(session, reader, "SALES ray", NOW)
        nobody = people(session, reader, "sales board", NOW)
        everybody = people(session, reader, "", NOW)
    assert [(one.name, one.manager, one.roles) for one in found] == [
        ("Bob Ray", "Cy Boss", ("hr-partner@Sales",))
    ]
    assert nobody == ()
    assert [one.name for one in everybody] == ["Ann Lee", "Bob Ray", "Cy Boss", "Dan Fox"]


def test_the_outbox_is_told_by_status(house, reader, played) -> None:
    house.service.sent(1, LATER)
    house.service.failed(2, "no such mailbox", LATER)
    with house.database.read() as session:
        assert dict(outbox_counts(session)) == {"sent": 1, "failed": 1, "pending": 7}
        (failed,) = outbox(session, status="failed").items
        (incident,) = incidents(session).items
        words = [entry.words for entry in history(session, reader, played[0])][-3:]
    assert (failed.to.name, failed.case, failed.note) == ("Bob Ray", played[0], "no such mailbox")
    assert (incident.case, incident.code, incident.blocking) == (played[0], "mail-failed", False)
    assert words[:2] == [
        "The mail (task) to Ann Lee left.",
        "The mail (task) to Bob Ray could not be delivered: no such mailbox.",
    ]
    assert words[2].startswith("Help is needed at “Review”: A letter (task) could not be delivered")


def test_every_kind_of_line_that_the_service_writes_has_its_sentence() -> None:
    """Kinds are written as texts in one room and read in another: this holds them together."""
    import re
    from pathlib import Path

    from engine.audit.migrated import MIGRATED
    from engine.audit.replay import EVENTS
    from engine.queries import sentences

    service = Path(__file__).parents[2] / "engine" / "service"
    written = {
        kind
        for file in service.glob("*.py")
        for kind in re.findall(r'kind="([a-z_]+\.[a-z_]+)"', file.read_text("utf-8"))
    }
    assert len(written) > 10
    assert (written | EVENTS | {MIGRATED}) - sentences._SENTENCES.keys() == set()


def test_every_question_is_answered_on_either_kind_of_database(either_house) -> None:
    house = either_house
    first, second = play(house)
    reader = Reader(directory=house.directory)
    with house.database.read() as session:
        listed = cases(session, reader, CaseFilter(state="kit", overdue=True, name="rev"), LATER)
        page = case(session, reader, second, LATER)
        told = history(session, reader, first, limit=1)
        counts = process(session, reader, "review", LATER)
        exported = list(case_records(session, reader, "review"))
        lines = list(event_records(session, reader, "review"))
        assert [one.name for one in listed.items] == [first]
        assert [one.words for one in page.upcoming][:1] == ["a reminder goes to Ann Lee"]
        assert [one.words for one in told] == ["Bob Ray opened the case for Ann Lee."]
        assert sum(one.now for one in counts.states) == 2
        assert len(tasks(session, house.ids["ann"], LATER).items) == 2
        assert [one.version for one in processes(session, LATER)] == [1]
        assert dict(outbox_counts(session)) == {"pending": len(outbox(session).items)}
        assert incidents(session).items == ()
        assert cases(session, reader, CaseFilter(stuck=True), LATER).items == ()
        assert len(people(session, reader, "sales", LATER)) == 3
    assert [one["case"] for one in exported] == [first, second]
    assert [one["seq"] for one in lines if one["case"] == first] == list(range(1, 12))


def test_private_parts_are_json_that_anybody_reads(house, reader, played) -> None:
    with house.database.read() as session:
        entries = history(session, reader, played[0])
    assert json.loads(json.dumps([entry.private for entry in entries]))
