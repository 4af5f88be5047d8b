"""One notice empties a seat, which empties another, until somebody is looked for outside.

Everybody answers by the links in their mail. Withdrawing the notice takes all of it back, and
nothing is deleted.
"""

from datetime import timedelta

import pytest
from acceptance_house import Folder, free_port, wait_for
from succession_office import DEFINITIONS, PEOPLE, PROCESSES, Office, day

CHAIN = ("exit", "succession-activation", "recruiting")
HEAD, ACCOUNTS = "head-of-sales", "key-accounts@Sales"


@pytest.fixture(scope="module")
def office(machine, tmp_path_factory):
    place = tmp_path_factory.mktemp("succession")
    home = place / "home"
    (place / "people.csv").write_text(PEOPLE, "utf-8")
    machine.do(home, "people", "import", str(place / "people.csv"), "--yes")
    machine.do(home, "publish", *(str(DEFINITIONS / f"{name}.yaml") for name in PROCESSES))
    folder = Folder(home=home, port=free_port())
    process = machine.serve(folder)
    office = Office(folder=folder)
    for seat, holder in ((HEAD, "n-ann"), (ACCOUNTS, "n-ben")):
        machine.do(home, "start", "succession-planning", seat, "--set", f"holder={holder}")
    plan(office)
    yield office
    assert folder.troubles() == []
    process.stop()


def plan(office: Office) -> None:
    """Ben could follow Ann, and nobody could follow Ben."""
    for seat in (HEAD, ACCOUNTS):
        office.answer(
            "hed",
            f"How much hangs on {seat}?",
            "critical",
            impact="4",
            scarcity="3",
            risk="perhaps",
        )
    takes = {
        HEAD: ("ann", "Win and keep twenty customers."),
        ACCOUNTS: ("ben", "Keep the largest five."),
    }
    for seat, (holder, what) in takes.items():
        title = f"What {seat} will take"
        office.answer(holder, title, must_have=what, needs__0__level="")
    office.answer(
        "bob",
        f"Who could follow as {HEAD}?",
        successors__0__person="Ben Fox",
        successors__0__band="now",
        successors__0__covers="90",
        cover="Cid Moor",
        committee="Fay Ode, Gus Pell",
    )
    office.answer("ben", f"May we think of you as {HEAD}", "think_of_me")
    office.answer(
        "ann",
        f"Who could follow as {ACCOUNTS}?",
        successors__0__band="",
        cover="Cid Moor",
        committee="Fay Ode, Gus Pell",
    )
    for seat in (HEAD, ACCOUNTS):
        for member in ("fay", "gus"):
            office.answer(member, f"Who could follow as {seat}?", "agree")
    office.told("hed", f"Nobody could follow as {ACCOUNTS}")


@pytest.fixture(scope="module")
def emptied(office, machine):
    """The one start, and all that comes of it up to the search outside: every case by process."""
    home, today = office.folder.home, office.folder.clock().now().date()
    last_day = f"last_day={today + timedelta(days=100)}"
    machine.do(home, "start", "exit", "n-ann", "--set", last_day, "--set", "cause=resigned")
    office.answer(
        "bob", "Ann Low leaves on", announce="I tell the team on Monday.", cause="resigned"
    )
    cover = {
        "limits": "Orders up to 50 000.",
        **day("cover_until", today + timedelta(days=190)),
    }
    office.answer("bob", f"Who covers for Ann Low as {HEAD}?", **cover)
    office.answer("hed", f"Ben Fox as {HEAD}?", verdict="ask them")
    office.answer("bob", f"Ben Fox as {HEAD}?", verdict="ask them")
    office.answer("ben", f"Will you take over as {HEAD}?", take_it="I take it")
    office.answer("ann", "Ben Fox moves on", "somebody_is_named")
    office.answer("ann", f"Who covers for Ben Fox as {ACCOUNTS}?", **cover)
    office.asked("hed", "What do you need for Key account lead?")
    return office.look()


@pytest.fixture(scope="module")
def withdrawn(office, emptied):
    """Ann stays: HR says so, her manager agrees, and that is all that anybody does."""
    office.answer("hal", "If something changes about Ann Low leaving", "notice_is_withdrawn")
    office.answer(
        "bob", "Ann Low would like to stay", "we_agree", why="She stays, and we are glad."
    )
    wait_for(lambda: not office.look().open(*CHAIN), 120, "every link ends")
    return office.look()


def test_one_start_leads_to_a_search_for_the_seat_at_the_end_of_the_chain(office, emptied):
    ann, ben = office.person("n-ann"), office.person("n-ben")
    head = emptied.cases["succession-activation", HEAD]
    accounts = emptied.cases["succession-activation", ACCOUNTS]
    search = emptied.cases["recruiting", ACCOUNTS]

    assert {about for about in emptied.cases if about[0] in CHAIN} == {
        ("exit", ann),
        ("succession-activation", HEAD),
        ("succession-activation", ACCOUNTS),
        ("recruiting", ACCOUNTS),
    }
    assert len(emptied.open(*CHAIN)) == 4
    assert (head.data["incumbent"], head.data["successor"], head.data["link"]) == (ann, ben, 1)
    assert (accounts.data["incumbent"], accounts.data["link"]) == (ben, 2)
    assert "searching" in accounts.places
    assert (search.data["title"], search.data["reason"]) == ("Key account lead", "succession")
    assert emptied.promised == [head.name]
    assert emptied.cases["succession-planning", HEAD].places == ("until_then",)
    assert emptied.cases["succession-planning", ACCOUNTS].places == ("activated",)
    for seat in (HEAD, ACCOUNTS):
        office.told("cid", f"You cover as {seat}")


def test_a_withdrawn_notice_ends_every_link_and_each_says_why(office, machine, withdrawn):
    why = {
        "exit": ("rescinded", "The signal notice.withdrawn arrived."),
        HEAD: ("incumbent stays", "The signal notice.withdrawn arrived."),
        ACCOUNTS: ("incumbent stays", "The signal move.withdrawn arrived."),
        "recruiting": ("called off", "The signal requisition.withdrawn arrived."),
    }
    for (process, about), case in withdrawn.cases.items():
        if process in CHAIN:
            outcome, cause = why.get(process) or why[about]
            history = machine.do(office.folder.home, "history", case.name)
            assert cause in history
            assert f"The case was closed: {outcome}." in history
    assert withdrawn.open(*CHAIN) == []
    assert withdrawn.tables["incident"] == []


def test_whoever_had_heard_of_it_hears_that_it_is_not_so(office, withdrawn):
    office.told("bob", "Ann Low stays")
    office.told("ben", f"Ann Low stays as {HEAD}")
    for seat in (HEAD, ACCOUNTS):
        office.told("cid", f"You need not cover as {seat} any longer")


def test_what_was_promised_is_free_and_the_plans_watch_again(office, withdrawn):
    assert withdrawn.promised == [withdrawn.cases["succession-activation", HEAD].name, ""]
    for seat, holder in ((HEAD, "n-ann"), (ACCOUNTS, "n-ben")):
        plan = withdrawn.cases["succession-planning", seat]
        assert (plan.places, plan.data["holder"]) == (("quarter",), office.person(holder))


def test_nothing_is_deleted_and_the_history_is_whole(office, machine, emptied, withdrawn):
    for table in ("event", "event_private", "record", "signal"):
        assert set(emptied.tables[table]) < set(withdrawn.tables[table]), table
    for table in ("case", "task", "outbox"):
        kept = {row[0] for row in emptied.tables[table]}
        assert kept <= {row[0] for row in withdrawn.tables[table]}, table
    assert machine.do(office.folder.home, "verify").startswith("OK ")
