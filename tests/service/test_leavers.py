"""Who has left gets the few letters that are meant for them, at home, and no others."""

import pytest
from sqlalchemy import select
from support.world import World

from engine.directory import plan_people, read_sheet
from engine.service import Accepted, Brief, Cancelled
from engine.store.tables import AssignmentRow, LinkRow, OutboxRow

EXIT = """\
process: exit
version: 1
subject: person
people: {manager: subject.manager}
states:
  talk:
    parallel:
      hand:   {task: {to: subject, if_nobody: manager, title: Hand over, due: 2 workdays}}
      survey: {task: {to: subject, even_if_left: true, title: Why you go, fields: {why: text}, due: 20 workdays}, remind: [at due]}
  inform: {do: {tell: {who: subject, even_if_left: true}, text: Your papers are on the way.}}
  closed: {end: done}
"""
HEAD = "number,name,email,private_email,manager,location\n"
BOB = "n-bob,Bob,bob@example.org,,,Berlin\n"
ANN = "n-ann,Ann,ann@example.org,{},n-bob,Berlin\n"


def bring(world: World, *rows: str) -> None:
    with world.database.read() as session:
        plan = plan_people(
            read_sheet((HEAD + "".join(rows)).encode()), session.connection(), world.now.date(),
            full=True,
        )  # fmt: skip
    assert plan.problems == ()
    world.service.import_people(plan, None, world.now)
    world.advance()


def letters(world: World) -> list[tuple[str, str, str, bool]]:
    """Kind, address, title, and whether there is a link, of all that leave now."""
    found = []
    for row in world.rows(OutboxRow):
        if row.status != "pending" or row.id is None:
            continue
        said = world.service.brief(row.id, world.now)
        if isinstance(said, Brief):
            title = said.title if said.task is None else said.task.title
            found.append((said.kind, said.to.email, str(title), said.link is not None))
            world.service.sent(row.id, world.now)
        else:
            assert isinstance(said, Cancelled)
    return found


@pytest.fixture
def leaving(world: World) -> World:
    bring(world, BOB, ANN.format("ann@home.example"))
    world.publish(EXIT)
    world.start("exit")
    letters(world)
    world.later(days=1)
    return world


def test_the_last_day_takes_the_work_away_and_sends_the_rest_home(leaving: World):
    world = leaving
    with world.database.read() as session:
        before = session.scalars(select(LinkRow)).all()
    bring(world, BOB)

    assert sorted(letters(world)) == [
        ("handed_over", "bob@example.org", "Hand over", True),
        ("new_link", "ann@home.example", "Why you go", True),
    ]
    revoked = [row for row in world.rows(LinkRow) if row.revoked_at is not None]
    assert len(revoked) == len(before) == 2

    world.later(days=30)
    world.advance()
    assert letters(world) == [("reminder", "ann@home.example", "Why you go", True)]
    assert isinstance(world.answer("talk.survey", "ann", why="For more pay."), Accepted)
    assert isinstance(world.answer("talk.hand", "bob"), Accepted)
    assert letters(world) == [("note", "ann@home.example", "Inform", False)]
    assert world.case("EXI-0001").outcome == "done"


def test_without_a_private_address_nobody_is_asked_after_the_last_day(world: World):
    bring(world, BOB, ANN.format(""))
    world.publish(EXIT)
    world.start("exit")
    bring(world.later(days=1), BOB)

    held = [row.person for row in world.rows(AssignmentRow) if row.ended_at is None]
    assert held == ["p_bob"]
    assert [row.code for row in world.incidents()] == ["no-owner"]


def test_a_private_address_is_not_used_while_somebody_works_here(leaving: World):
    world = leaving
    world.later(days=60)
    world.advance()

    assert {address for _, address, _, _ in letters(world)} == {"ann@example.org"}


def test_a_letter_about_work_that_was_on_its_way_stays_away_from_the_private_address(
    leaving: World,
):
    """The last day comes before the case has looked for another owner."""
    world = leaving
    with world.database.read() as session:
        plan = plan_people(
            read_sheet((HEAD + BOB).encode()), session.connection(), world.now.date(), full=True
        )
    world.service.import_people(plan, None, world.now)

    assert [(kind, title) for kind, _, title, _ in letters(world)] == [("new_link", "Why you go")]


def test_who_comes_back_is_reached_at_work_again(leaving: World):
    world = leaving
    bring(world, BOB)
    letters(world)
    bring(world.later(days=10), BOB, ANN.format("ann@home.example"))

    told = letters(world)
    assert ("new_link", "ann@example.org", "Why you go", True) in told
    assert {address for _, address, _, _ in told} <= {"ann@example.org", "bob@example.org"}
