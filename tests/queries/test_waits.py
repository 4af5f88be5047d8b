"""How long a process waits for people is told from its tasks, against what it asked of them."""

from datetime import UTC, datetime, timedelta

from engine import queries
from engine.queries import Reader

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
DAY = timedelta(days=1)


def page(house, now=NOW):
    with house.database.read() as session:
        return queries.process(session, Reader(directory=house.directory), "review", now)


def waits(house, now=NOW):
    return {line.state: line.wait for line in page(house, now).states if line.wait}


def test_a_process_without_tasks_waits_for_nobody(house):
    assert waits(house) == {}


def test_the_wait_is_the_median_of_answered_and_open_tasks(either_house):
    for name, days in (("ann", 2), ("dan", 4)):
        case = either_house.start(name)
        either_house.answer(case, "self", name, words="x", now=NOW + days * DAY)
    either_house.start("bob")  # still open after ten days

    found = waits(either_house, NOW + 10 * DAY)["self"]

    assert found.tasks == 3
    assert found.median == 4 * DAY
    assert found.target > 13 * DAY  # ten working days


def test_an_open_task_has_waited_until_now(house):
    house.start("ann")

    assert waits(house, NOW + 3 * DAY)["self"].median == 3 * DAY


def test_marks_carry_counts_and_heat(house):
    house.start("ann")

    marks = queries.process_marks(page(house, NOW + 30 * DAY))

    assert marks.counts == {"self": 1}
    assert marks.heat["self"].words.endswith("days, too long")
    assert marks.heat["self"].share > 1


def test_what_was_withdrawn_waited_for_nobody(house):
    case = house.start("ann")
    house.service.cancel(case, None, "a mistake", NOW + DAY)

    assert waits(house, NOW + 9 * DAY) == {}
