"""What is personal about a closed case goes in its time, and what must stay stays."""

from datetime import timedelta

import pytest
from attackers import copy_of
from support.world import World

from engine.audit.verify import verify
from engine.queries import Reader, history
from engine.service import Refused, Unknown
from engine.store.tables import EventPrivateRow, OutboxRow, TaskRow

PAY = """
process: pay
version: 1
subject: person
key: one per year
people: {manager: subject.manager}
retention: {answers: 2 years, mails: 6 months}
data:
  year:   {type: text, from: start}
  rating: {type: scale, redact_after: 1 year}
  raise:  {type: text, redact_after: 1 year}
  note:   {type: longtext}
states:
  rate:
    task: {to: manager, fields: [rating, note, {remark: {type: text}}], due: 5 workdays, title: "Rate {{ subject.name }} of {{ data.year }}"}
  news:
    wait: {for: pay.decided}
    set: {raise: event.amount}
  say:
    do: {tell: manager, title: On the note, text: "You wrote {{ data.note }}"}
  tell:
    task: {to: subject, title: "You get {{ data.raise }}", text: "As {{ data.note }}"}
    on: {submit: {if: data.rating > 1, go: closed}}
  closed: {end: done}
"""
SECRETS = {
    "note": "NOTE-4715",
    "remark": "REMARK-4716",
    "raise": "RAISE-4717",
    "year": "YEAR-4718",
}


def close(world: World, source: str = PAY) -> str:
    world.publish_unproved(source)
    case = world.start("pay", year=SECRETS["year"])
    world.answer("rate", "bob", rating=4, note=SECRETS["note"], remark=SECRETS["remark"])
    world.service.signal("pay.decided", {"amount": SECRETS["raise"]}, case, None, world.now)
    world.advance()
    world.answer("tell", "ann")
    for row in world.rows(OutboxRow):
        if row.status == "pending":
            world.service.sent(row.id, world.now)
    return case


def keep_house(world: World) -> list[tuple[str, tuple[str, ...]]]:
    """A night's work."""
    due = world.service.erasures(world.now)
    return [
        (erasure.case, erasure.what)
        for erasure in due
        if world.service.erase(erasure, None, world.now)
    ]


def left(world: World) -> set[str]:
    """Which secrets a copy of the database still holds, but for the signal, which is not of one case."""
    copy = copy_of(world.database)
    text = repr({name: rows for name, rows in copy.tables.items() if name != "signal"})
    return {name for name, word in SECRETS.items() if word in text}


def words(world: World, case: str) -> list[str]:
    reader = Reader(directory=world.service.tools.directory)
    with world.database.read() as session:
        return [entry.words for entry in history(session, reader, case)]


def test_each_thing_goes_in_its_time(world):
    case = close(world)
    assert keep_house(world) == []
    assert left(world) == set(SECRETS)

    world.later(days=190)
    assert keep_house(world) == [(case, ("mails",))]
    assert {row.payload for row in world.rows(OutboxRow)} == {"{}"}
    assert left(world) == set(SECRETS)

    world.later(days=180)
    assert keep_house(world) == [(case, ("rating", "raise"))]
    assert "raise" not in left(world)
    assert {"note", "year"} <= left(world)

    world.later(days=370)
    assert keep_house(world) == [(case, ("answers",))]
    assert left(world) == set()
    assert keep_house(world) == []
    verdict = verify(world.database)
    assert verdict.ok
    assert verdict.erased == 1
    assert any("erased answers and the personal part" in line for line in words(world, case))
    assert {row.title for row in world.rows(TaskRow)} == {"Rate", "Tell"}


def test_an_open_case_keeps_everything(world):
    world.publish_unproved(PAY)
    world.start("pay", year="2026")
    world.later(days=3000)

    assert keep_house(world) == []


def test_a_case_whose_definition_says_nothing_is_kept(world):
    case = close(
        world,
        PAY.replace("retention: {answers: 2 years, mails: 6 months}\n", "").replace(
            ", redact_after: 1 year", ""
        ),
    )
    world.later(days=9000)

    assert keep_house(world) == []
    assert left(world) == set(SECRETS)
    assert case


def test_a_hold_wins_over_retention(world):
    case = close(world)
    world.service.place_hold(case, None, "a lawsuit", world.now)
    with pytest.raises(Refused, match="held already"):
        world.service.place_hold(case, None, "another", world.now)
    world.later(days=2000)

    (due,) = world.service.erasures(world.now)
    assert due.held == "a lawsuit"
    assert not world.service.erase(due, None, world.now)
    assert left(world) == set(SECRETS)

    world.service.lift_hold(case, None, "it is settled", world.now)
    assert keep_house(world) == [(case, ("answers", "mails", "rating", "raise"))]
    told = words(world, case)
    assert any("placed a legal hold: a lawsuit" in line for line in told)
    assert any("lifted the legal hold: it is settled" in line for line in told)
    with pytest.raises(Refused, match="not held"):
        world.service.lift_hold(case, None, "again", world.now)
    with pytest.raises(Unknown, match="no case PAY-9999"):
        world.service.place_hold("PAY-9999", None, "x", world.now)
    assert verify(world.database).ok


def test_an_erasure_that_no_line_covers_is_reported(world):
    from sqlalchemy import delete

    close(world)
    world.database.write(
        lambda tx: tx.connection.execute(
            delete(EventPrivateRow).where(EventPrivateRow.event_id == 1)
        )
    )

    assert "no `erased` line covers it" in str(verify(world.database))


def test_sqlite_leaves_no_erased_word_in_its_bytes(sqlite_database):
    from support.world import world_of

    world = world_of(sqlite_database)
    close(world)
    world.now += timedelta(days=2000)
    keep_house(world)
    world.database.write(lambda tx: tx.cursor.execute("DELETE FROM signal"))
    assert world.database.forget_old_pages()
    copy = copy_of(world.database)

    assert {word for word in SECRETS.values() if word.encode() in copy.raw + copy.log} == set()
