"""A paused case in the store: nothing fires, lists say so, and its history explains it."""

from datetime import timedelta

from sqlalchemy import update
from support.invariants import check_everything
from support.world import World

from engine.audit.findings import Fault
from engine.audit.verify import verify
from engine.directory import Absence
from engine.queries import CaseFilter, Reader, case, cases, history
from engine.store.tables import CaseRow, TaskRow, TimerRow

PLAN = """
process: plan
version: 1
subject: person
people: {manager: subject.manager}
states:
  work:
    task: {to: manager, title: How does it go?, due: 5 workdays}
    remind: [1 workdays before due]
    late: {after: 2 workdays, tell: {role: it-desk}}
  closed: {end: done}
on:
  person.paused: {if: event.person == subject.id, pause: {until: person.resumed, match: event.person == subject.id}}
"""


def away(world: World, who: str, days: int) -> None:
    """On leave from today on."""
    today = world.now.date()
    absence = Absence(
        person=f"p_{who}",
        stand_in=None,
        since=today,
        back=today + timedelta(days=days),
        leave=True,
    )
    world.service.note_absence(absence, "p_cy", world.now)


def lines(world: World, name: str) -> list[str]:
    reader = Reader(directory=world.service.tools.directory)
    with world.database.read() as session:
        return [entry.words for entry in history(session, reader, name)]


def paused_cases(world: World) -> list[str]:
    reader = Reader(directory=world.service.tools.directory)
    with world.database.read() as session:
        page = cases(session, reader, CaseFilter(paused=True), world.now)
    return [line.name for line in page.items]


def test_a_leave_stops_the_clock_of_the_cases_about_somebody_and_their_return_lets_it_go_on(
    world: World,
):
    world.publish(PLAN)
    paused, other = world.start("plan"), world.start("plan", "p_dan")
    world.later(days=1)
    away(world, "ann", days=60)
    world.advance()
    assert paused_cases(world) == [paused]

    world.later(days=30)
    world.advance()
    assert [row.case_id for row in world.rows(TimerRow)] == []
    dues = {row.case_id: row.due_at for row in world.rows(TaskRow)}
    assert dues[world.case(paused).id] is None
    assert dues[world.case(other).id] is not None
    assert [kind for kind, _ in world.letters(case_id=world.case(paused).id)] == ["task"]
    check_everything(world.database)

    world.later(days=30)
    world.advance()
    assert paused_cases(world) == []
    assert len([row for row in world.rows(TimerRow) if row.case_id == world.case(paused).id]) == 2
    told = lines(world, paused)
    assert "The case is paused: no deadline counts until person.resumed." in told
    assert "The case had been paused since 2 March 2027, and goes on." in told
    world.later(days=12)
    world.advance()
    assert ("escalation", "p_eve") in world.letters(case_id=world.case(paused).id)
    check_everything(world.database)


def test_the_page_of_a_case_says_why_nothing_comes_next(sqlite_world: World):
    world = sqlite_world
    world.publish(PLAN)
    name = world.start("plan")
    world.service.signal("person.paused", {"person": "p_ann"}, None, None, world.now)
    world.advance()

    reader = Reader(directory=world.service.tools.directory)
    with world.database.read() as session:
        page = case(session, reader, name, world.now)
    assert page is not None
    assert [(one.reason, one.until) for one in page.pauses] == [("person.paused", "person.resumed")]
    assert page.upcoming == ()
    assert page.line.paused_since == world.now
    assert not page.line.overdue


def test_who_writes_into_the_column_that_a_case_is_on_pause_is_found(sqlite_world: World):
    world = sqlite_world
    world.publish(PLAN)
    world.start("plan")
    assert world.service.next_timer() is not None
    world.database.write(
        lambda tx: tx.session().connection().execute(update(CaseRow).values(paused_since=1))
    )

    found = verify(world.database).finding
    assert found is not None
    assert found.fault is Fault.STATE
    assert "paused_since" in found.what


def test_a_case_that_is_cancelled_on_pause_is_on_no_list_any_more(sqlite_world: World):
    world = sqlite_world
    world.publish(PLAN)
    name = world.start("plan")
    world.service.signal("person.paused", {"person": "p_ann"}, None, None, world.now)
    world.advance()

    world.service.cancel(name, "p_cy", "opened twice", world.now + timedelta(minutes=1))

    assert paused_cases(world) == []
    check_everything(world.database)
