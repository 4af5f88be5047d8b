"""From an empty seat to somebody's first goals: the joints between its processes, over a service."""

import html
import json
from datetime import UTC, date, datetime, timedelta
from importlib.resources import files

import pytest
from support.invariants import check_everything
from support.office import Office, office_of
from support.world import World, found, hire

from engine.core.codec import decode_snapshot
from engine.service import StartRefused
from engine.store import Database
from engine.store.tables import CaseRow, HolderRow, MemberRow, OutboxRow, SignalRow

MONDAY = datetime(2027, 1, 11, 9, tzinfo=UTC)
FIRM = {
    "cy": (None, "Board"),
    "hed": ("cy", "HR"),
    "rae": ("hed", "HR"),
    "hal": ("hed", "HR"),
    "pam": ("hed", "HR"),
    "pia": ("hed", "HR"),
    "fin": ("cy", "Finance"),
    "eve": ("cy", "IT"),
    "fay": ("eve", "IT"),
    "bob": ("cy", "Sales"),
    "ida": ("bob", "Sales"),
    "ivo": ("bob", "Sales"),
    # they come from outside
    "ann": (None, "None"),
    "ben": (None, "None"),
}
ROLES = (
    ("hiring-manager", None, "bob"),
    ("department-head", "Sales", "bob"),
    ("recruiter", None, "rae"),
    ("head-of-recruiting", None, "hed"),
    ("head-of-hr", None, "hed"),
    ("hr-partner", "Sales", "hal"),
    ("compensation", None, "pam"),
    ("finance", None, "fin"),
    ("executive-sponsor", "Sales", "cy"),
    ("people-ops", None, "pia"),
)
PROCESSES = (
    "recruiting",
    "requisition",
    "candidate-application",
    "interviews",
    "offer",
    "offer-approval",
    "onboarding",
    "goal-setting",
    "probation-review",
)
SEAT = "account-executive"
AD = "You sell alone after a year. You write clearly. We pay up to 60,000 EUR. Two talks, one week."
CARD = {
    "held": "yes",
    "marks": [{"skill": "Sells alone", "mark": 3, "saw": "Asked first, then offered."}],
    "overall": "yes",
    "why": "Listened before offering.",
}
TERMS = {
    "salary": {"amount": "55000", "currency": "EUR"},
    "bonus": 5,
    "employment": "employee",
    "start_date": "2027-03-01",
    "probation_ends": "2027-08-31",
    "country": "DE",
    "remote": False,
    "works_here": False,
    "manager": "p_bob",
}


@pytest.fixture
def world(sqlite_database: Database) -> World:
    """A department that looks for somebody; two candidates whom the directory knows by address."""
    sqlite_database.write(lambda tx: hire(tx, FIRM))
    sqlite_database.write(
        lambda tx: tx.session().add_all(
            HolderRow(role=role, unit=unit, person=f"p_{person}", valid_from=date(2020, 1, 1))
            for role, unit, person in ROLES
        )
    )
    sqlite_database.write(
        lambda tx: tx.session().add(
            MemberRow(queue="it-desk", person="p_eve", valid_from=date(2020, 1, 1))
        )
    )
    world = World(database=sqlite_database, service=found(sqlite_database), now=MONDAY)
    for name in PROCESSES:
        world.publish_unproved(files("definitions").joinpath(f"{name}.yaml").read_text("utf-8"))
    return world


def settle(world: World) -> None:
    """Everything that is due now, also cases that a signal starts."""
    while world.advance() or launched(world):
        pass


def launched(world: World) -> bool:
    cohorts = world.service.launches(world.now)
    for cohort in cohorts:
        while world.service.launch(cohort, 50, world.now).more:
            pass
    return bool(cohorts)


def on(world: World, day: str) -> None:
    world.now = datetime.fromisoformat(f"{day}T09:00:00+00:00")
    settle(world)


def answer(world: World, case: str, state: str, by: str, button: str = "submit", **said) -> None:
    world.answer(world.task(state, case), by, button, **said)
    settle(world)


def case_of(world: World, process: str, person: str | None = None, *, seat: str = "") -> str:
    """The one case of a process, about somebody or for a seat."""
    (name,) = [
        row.name
        for row in world.rows(CaseRow)
        if row.process == process
        and (person is None or row.subject == f"p_{person}")
        and seat in str(row.key)
    ]
    return name


def cases(world: World) -> dict[str, str | None]:
    """Outcomes of all cases, by their process and whom or what they are about."""
    return {f"{row.process} {row.subject}": row.outcome for row in world.rows(CaseRow)}


def data_of(world: World, case: str) -> dict:
    return dict(decode_snapshot(json.loads(world.case(case).snapshot)).data)


def told(world: World, person: str) -> list[str]:
    """The titles of what somebody was told, in order."""
    return [
        json.loads(row.payload)["title"]
        for row in world.rows(OutboxRow)
        if row.person == f"p_{person}" and row.kind == "note"
    ]


def ask_for_a_seat(world: World, position: str = SEAT) -> str:
    """Approved, posted, and Ann and Ben are candidates."""
    world.service.signal(
        "requisition.requested",
        {
            "position": position,
            "title": "Account executive",
            "department": "Sales",
            "reason": "The bench is empty.",
            "needed_by": "2027-04-01",
        },
        None,
        None,
        world.now,
    )
    settle(world)
    seat = case_of(world, "recruiting", seat=position)
    approval = case_of(world, "requisition", seat=position)
    answer(
        world,
        approval,
        "request",
        "bob",
        hiring_manager="p_bob",
        level="L3",
        salary_to={"amount": "60000", "currency": "EUR"},
        critical=False,
        leads=False,
        must_have=[{"skill": "Sells alone", "seen_by": "A talk"}],
    )
    answer(world, approval, "finance_check", "fin", "approve", above_band=False)
    answer(world, seat, "posting", "rae", ad=AD, channels=["job boards"])
    for person in ("ann", "ben"):
        answer(
            world, seat, "search.candidates.candidate", "rae", candidate=f"p_{person}",
            source="our ad",
        )  # fmt: skip
    return seat


def meet(world: World, person: str, position: str = SEAT) -> str:
    """From the application to the day of the talks; the case of these."""
    case = case_of(world, "candidate-application", person, seat=position)
    step = "running.path."
    answer(world, case, f"{step}apply", person, motive="I like to sell what I believe in.")
    answer(world, case, f"{step}screen", "rae", "advance")
    answer(world, case, f"{step}review", "bob", "talk_with_them")
    talks = case_of(world, "interviews", person, seat=position)
    day = (world.now + timedelta(days=1)).date().isoformat()
    answer(
        world, talks, "talks", "rae", interviewers=["p_ida", "p_ivo"], interview_on=day,
        where="Room 3",
    )  # fmt: skip
    answer(world, talks, "invite", person, "i_will_be_there")
    on(world, day)
    return talks


def choose(world: World, person: str, position: str = SEAT) -> str:
    """The same, and on to a debrief that says yes; the case of the application."""
    talks = meet(world, person, position)
    for interviewer in ("ida", "ivo"):
        answer(
            world, talks, f"interviews[p_{interviewer}]", interviewer, me=f"p_{interviewer}", **CARD
        )
    grounds = "Sells alone; both of them saw it on the day."
    answer(world, talks, "debrief", "bob", "hire", grounds=grounds)
    case = case_of(world, "candidate-application", person, seat=position)
    answer(world, case, "running.path.references", "rae", "good")
    return case


def offer(world: World, person: str, **terms) -> str:
    """Drafted, checked, approved twice and sent."""
    case = case_of(world, "offer", person)
    answer(world, case, "draft", "rae", **{**TERMS, **terms})
    check = case_of(world, "offer-approval", person)
    fair = "In the middle of the five who do it."
    answer(world, check, "compensation", "pam", "fair", fair=fair)
    for approver in ("bob", "hal"):
        answer(world, check, f"approval[p_{approver}]", approver, "approve")
    answer(world, case, "letter", "rae", "send")
    return case


def begin_work(world: World, onboarding: str) -> None:
    """Everything is ready, the first day comes, and Ann arrives."""
    step = "preboarding."
    answer(
        world, onboarding, f"{step}joiner.details", "ann", legal_name="Ann Example",
        bank="DE02120300000000202051", emergency="Al 0123", equipment="light laptop",
    )  # fmt: skip
    for state, said in (
        ("joiner.computer", {"serial": "SN-1", "ready_on": "2027-02-20"}),
        ("accounts", {"systems": [{"system": "mail", "by": "eve"}]}),
    ):
        world.service.claim(world.task(step + state, onboarding), "p_eve", world.now)
        answer(world, onboarding, step + state, "eve", **said)
    answer(
        world, onboarding, f"{step}plan", "bob", buddy="p_ivo",
        first_task="Call five customers who have left us.",
    )  # fmt: skip
    answer(world, onboarding, f"{step}papers", "pia", complete=True)
    answer(world, onboarding, f"{step}payroll", "pia", in_payroll=True)
    on(world, "2027-03-01")
    answer(world, onboarding, "arrival", "pia", "arrived")


def test_one_of_two_is_hired_and_begins_with_goals_and_a_probation(world: World):
    seat = ask_for_a_seat(world)
    choose(world, "ann")
    sent = offer(world, "ann")
    answer(world, sent, "out.reply.reply", "ann", answer="I accept")

    assert cases(world)["candidate-application p_ann"] == "hired"
    onboarding = case_of(world, "onboarding", "ann")
    assert data_of(world, onboarding)["probation_ends"] == "2027-08-31"
    assert "details#1" in [key.rpartition(".")[2] for key in world.open_tasks(onboarding)]

    # the other one is told at once, and the seat closes after that
    assert told(world, "ben") == ["Your application as Account executive"]
    assert world.case(seat).outcome == "filled"
    assert {row.name for row in world.rows(SignalRow)} >= {
        "requisition.approved", "candidate.applied", "offer.requested", "offer.accepted",
        "role.filled", "requisition.closed", "application.closed",
    }  # fmt: skip

    begin_work(world, onboarding)

    about_ann = {name for name in cases(world) if name.endswith("p_ann")}
    assert {"goal-setting p_ann", "probation-review p_ann"} <= about_ann
    assert data_of(world, case_of(world, "probation-review"))["probation_ends"] == "2027-08-31"
    assert world.case(sent).outcome == "accepted"
    assert world.incidents() == []
    check_everything(world.database)


def test_a_declined_offer_frees_the_next_one_and_a_written_no_goes_within_days(world: World):
    seat = ask_for_a_seat(world)
    choose(world, "ann")
    choose(world, "ben")
    sent = offer(world, "ann")
    assert case_of(world, "offer") == sent  # one at a time

    answer(world, sent, "out.reply.reply", "ann", answer="I decline", reason="another offer")

    assert cases(world)["offer p_ann"] == "declined"
    assert cases(world)["candidate-application p_ann"] == "declined"
    assert "onboarding p_ann" not in cases(world)
    second = offer(world, "ben")
    answer(world, second, "out.course", "rae", "take_it_back")
    answer(world, second, "take_back", "rae", off_because="Two seats become one.")

    application = case_of(world, "candidate-application", "ben")
    assert cases(world)["offer p_ben"] == "taken_back"
    assert "refuse#1" in world.open_tasks(application)
    on(world, "2027-01-22")  # nobody writes
    assert told(world, "ben")[-1] == "Your application as Account executive"
    assert data_of(world, application)["outcome"] == "rejected"
    assert data_of(world, seat)["running"] == []
    assert world.case(seat).outcome is None  # and goes on looking
    assert world.incidents() == []
    check_everything(world.database)


def test_who_withdraws_while_another_is_asked_gets_no_offer_any_more(world: World):
    ask_for_a_seat(world)
    choose(world, "ann")
    choose(world, "ben")
    sent = offer(world, "ann")
    ben = case_of(world, "candidate-application", "ben")
    answer(world, ben, "running.stay", "ben", "withdraw")
    answer(world, sent, "out.reply.reply", "ann", answer="I decline", reason="pay")

    assert world.case(ben).outcome == "withdrawn"
    assert "offer p_ben" not in cases(world)
    with pytest.raises(StartRefused, match="started by a case of another process"):
        world.service.start("offer", "p_ben", {}, "p_rae", world.now)


def test_who_does_not_come_after_all_leaves_an_empty_seat_and_no_onboarding(world: World):
    first = ask_for_a_seat(world)
    choose(world, "ann")
    sent = offer(world, "ann")
    answer(world, sent, "out.reply.reply", "ann", answer="I accept")
    onboarding = case_of(world, "onboarding", "ann")
    answer(world, sent, "until_then.course.waiting", "pia", "another_day")
    answer(world, sent, "until_then.course.move", "pia", start_date="2027-04-01")
    assert data_of(world, onboarding)["start_date"] == "2027-04-01"

    answer(world, sent, "until_then.course.waiting", "pia", "they_do_not_come")
    answer(world, sent, "let_go", "pia", off_because="Stays where she is.")

    assert world.case(onboarding).outcome == "withdrawn"
    seats = [row for row in world.rows(CaseRow) if row.process == "recruiting"]
    assert [row.outcome for row in seats] == ["filled", None]
    assert seats[0].name == first
    assert world.incidents() == []


def test_two_teams_that_want_one_candidate_hear_of_each_other_and_one_gets_her(world: World):
    ask_for_a_seat(world)
    world.later(days=1)
    ask_for_a_seat(world, "account-manager")
    for seat, other_seat in ((SEAT, "account-manager"), ("account-manager", SEAT)):
        case = case_of(world, "candidate-application", "ann", seat=seat)
        assert data_of(world, case)["also_for"] == other_seat
    assert told(world, "rae").count("Ann is in the running for another seat, too") == 2
    choose(world, "ann")
    sent = offer(world, "ann")
    other = choose(world, "ann", "account-manager")

    assert case_of(world, "offer") == sent
    assert "running.path.two_teams#1" in world.open_tasks(other)

    answer(world, sent, "out.reply.reply", "ann", answer="I accept")

    assert world.case(other).outcome == "elsewhere"
    assert world.incidents() == []


def test_an_interviewer_reads_what_the_seat_needs_and_no_card_of_another(world: World):
    office = office_of(world)
    ask_for_a_seat(world)
    case = meet(world, "ann")
    answer(world, case, "interviews[p_ida]", "ida", me="p_ida", **CARD)

    read = page(office, "interviews[p_ivo]", "ivo")

    assert "Sells alone" in read
    assert "Listened before offering." not in read

    answer(world, case, "interviews[p_ivo]", "ivo", me="p_ivo", **CARD)
    assert "Ida: yes - Listened before offering." in page(office, "debrief", "bob")


def test_the_candidate_reads_the_terms_and_not_what_might_have_been_paid(world: World):
    office = office_of(world)
    ask_for_a_seat(world)
    choose(world, "ann")
    offer(world, "ann")

    read = page(office, "out.reply.reply", "ann")

    assert "55000 EUR a year" in read
    assert "probation until 2027-08-31" in read
    assert "60000" not in read
    assert "In the middle of the five" not in read


def page(office: Office, state: str, person: str) -> str:
    task = office.world.task(state)
    return html.unescape(office.seated(task, person).get(f"/task/{task}").text)


def test_who_withdraws_with_talks_booked_takes_the_interviewers_off(world: World):
    ask_for_a_seat(world)
    talks = meet(world, "ann")
    case = case_of(world, "candidate-application", "ann")
    mail_leaves(world)

    answer(world, case, "running.stay", "ann", "withdraw")

    assert (world.case(case).outcome, world.case(talks).outcome) == ("withdrawn", "cancelled")
    assert world.open_tasks(talks) == {}
    heard = {person for _, person in world.letters(kind="no_longer_needed")}
    assert heard == {"p_ida", "p_ivo"}


def mail_leaves(world: World) -> None:
    while letters := world.service.claim_outbox(50, timedelta(minutes=2), "w", world.now):
        for letter in letters:
            world.service.sent(letter.id, world.now)


def test_a_colleague_who_gets_the_seat_is_not_welcomed_as_a_stranger(world: World):
    ask_for_a_seat(world)
    choose(world, "ann")
    sent = offer(world, "ann", works_here=True)
    answer(world, sent, "out.reply.reply", "ann", answer="I accept")

    assert "onboarding p_ann" not in cases(world)
    filled = next(row for row in world.rows(SignalRow) if row.name == "role.filled")
    assert json.loads(filled.body)["inside"] is True
