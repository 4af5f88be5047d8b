"""What happened in the company's year, good and bad, so that every figure has something to say."""

from insight_company import Company
from insight_voices import asked, signs, thanks

GOALS = [{"goal": "Ship it", "measure": "shipped", "due": "2027-06-01"}]
SALES = [f"s{n}" for n in range(1, 10)]
IT = [f"i{n}" for n in range(1, 7)]
MARKS = {  # what managers send in, and what the session made of it
    "s1": (4, 5), "s2": (4, 4), "s3": (3, 3), "s4": (3, 2), "s5": (2, 2), "s6": (3, 3),
    "s7": (5, 4), "s8": (3, 3), "i1": (5, 5), "i2": (4, 4), "i3": (3, 3), "i4": (2, 2),
    "i5": (4, 4), "i6": (3, 3),
}  # fmt: skip


def before(company: Company) -> None:
    """What was known when the year began."""
    for name, mark in {"s1": 4, "s2": 5, "s3": 4, "s9": 3, "i1": 5, "i2": 4, "i3": 2, "o1": 4,
                       "bob": 5, "eve": 4, "olaf": 4, **{f"s{n}": 3 for n in range(4, 9)},
                       }.items():  # fmt: skip
        rater = company.ids["bob" if name in SALES else "cy"]
        company.start("note-rating", name, value=mark, calibrated=name != "s3", rated_by=rater)
    company.on("2026-11-16")
    company.start(
        "note-rating", "i3", value=3, calibrated=True, rated_by=company.ids["eve"]
    )  # put right
    company.start("note-critical", "head-of-sales", why="customers")
    company.start("note-critical", "head-of-ops", why="the plant")
    company.start("note-critical", "archivist", why="no")
    company.on("2026-12-01")
    company.start(
        "succession-planning", "head-of-sales", listed=[company.ids["s1"], company.ids["s2"]]
    )
    company.start("succession-planning", "head-of-it", listed=[company.ids["i1"]],
                  cover=[company.ids["i5"], company.ids["i6"]])  # fmt: skip
    agree_on_plan(company, "s1")
    company.on("2026-12-03")
    company.start("succession-planning", "head-of-support", listed=[company.ids["o3"]])


def agree_on_plan(company: Company, name: str, *, returned: bool = False) -> str:
    case = company.case("development-plan", name)
    action = {
        "serves": "a next role", "skill": "Lead", "how": "a stretch task", "what": "The fair",
        "by": "2027-12-01", "seen": "The team says so",
    }  # fmt: skip
    company.answer(case, "draft", actions=[action])
    if returned:
        company.answer(case, "agree", "return", actions=[action], help="Name one more, please.")
        company.answer(case, "draft", actions=[action])
    company.answer(case, "agree", "agree", actions=[action], help="Half a day in each week.")
    return case


def first_half(company: Company) -> None:
    """Goals and reviews begin; the head of sales leaves, the head of IT nearly does."""
    company.on("2027-01-11")
    years = {}
    for name in [*SALES, *IT]:
        years[name] = company.start(
            "pcer-year", name, cycle="2027", evaluate_from="2027-06-01",
            months_in_role=2 if name == "s9" else 12,
        )  # fmt: skip
    for name in [*SALES[:8], *IT]:
        company.answer(years[name], "plan", expectations="Sell more than last year.", goals=GOALS,
                       peers=[company.ids["cy"]])  # fmt: skip
        company.answer(years[name], "agree", "accept", goals=GOALS)
    goals(company)
    company.on("2027-02-01")
    thanks(company)
    asked(company)
    company.on("2027-03-01")
    company.start("exit", "bob", last_day="2027-04-30", cause="resigned", seat="head-of-sales")
    company.on("2027-03-03")
    sales = company.case("succession-activation", "head-of-sales")
    company.answer(sales, "look", "for_now", who=company.ids["s1"])
    company.on("2027-03-10")
    company.start("exit", "eve", last_day="2027-05-31", cause="resigned", seat="head-of-it")
    company.on("2027-03-15")
    company.answer(company.case("exit", "eve"), "talk", "they_stay")
    company.on("2027-04-15")
    for name in ("s1", "s2", "i1"):
        company.answer(years[name], "coach", note="Talked about the big customer, and the fair.")
    company.answer(sales, "look", "for_good", who=company.ids["s1"])
    company.answer(company.case("exit", "bob"), "talk", "it_does")
    signs(company)
    company.on("2027-05-01")
    company.answer(company.case("exit", "bob"), "act")
    company.gone("bob", "o1")  # of o1 nobody knew
    company.people(
        ("s1", "cy", "Sales", "employee", "head-of-sales"),
        *((f"s{n}", "s1", "Sales", "employee", "") for n in range(2, 10)),
        ("kim", "s1", "Sales", "contractor", ""),
    )
    company.service.cancel(years["i6"], None, "on leave for the year", company.now)


def goals(company: Company) -> None:
    """Seven have goals for the first half; one changes them late, two do not bring them to an end."""
    company.on("2027-01-18")
    for name in ("s1", "s2", "s3", "s4", "s5", "i1", "i2"):
        case = company.start("goal-setting", name, period="2027", style="single goals",
                             write_from="2027-01-18", starts_on="2027-01-01", ends_on="2027-06-30")  # fmt: skip
        if name == "i2":
            continue
        rows = [
            {"goal": goal, "serves": "Be known", "measure": "orders", "by": "2027-06-30"}
            for goal in ("Fair", "Shop")
        ]
        company.answer(case, "write_goals", goals=rows)
        company.answer(case, "agree", "agree", goals=rows, advice="Ask the people of the web.")


def second_half(company: Company) -> None:
    """Ratings, calibration, talks, plans; hires, exits, vacancies."""
    late_goals(company)
    company.on("2027-06-02")
    years = {name: company.case("pcer-year", name) for name in [*SALES, *IT]}
    for name in [*SALES[:8], *IT[:5]]:
        company.answer(
            years[name], "evaluate.self", self_mark=4, self_evidence="We shipped it at last."
        )
        company.answer(years[name], "evaluate.peers", keeps="Says what she thinks, and listens.")
        company.answer(years[name], "rate", rating=MARKS[name][0],
                       why="Shipped it, and helped two others to ship theirs.")  # fmt: skip
        if company.asks(years[name], "wording"):
            company.answer(years[name], "wording", "fine")
        if company.asks(years[name], "second_look"):
            company.answer(years[name], "second_look", "approve")
    sessions = {unit: company.start("calibration-session", None, cycle="2027", department=unit,
                                    members_in="Board", rated_by="2027-06-14") for unit in ("Sales", "IT")}  # fmt: skip
    score_goals(company)
    hire(company)
    company.on("2027-07-05")
    calibrate(company, sessions["Sales"], SALES[:7], quorum=True)
    calibrate(company, sessions["IT"], IT[:5], quorum=False)
    told(company, years)
    company.on("2027-08-01")
    company.people(("kim", "s1", "Sales", "employee", ""))
    company.on("2027-08-02")
    company.answer(company.case("onboarding", "kim"), "arrival")
    company.service.signal("person.resumed", {"person": company.ids["o2"]}, None, None, company.now)
    feedback(company)
    company.start("note-flight-risk", "s2", value=1)
    company.start("exit", "s2", last_day="2027-09-30", cause="resigned")
    autumn(company)


def autumn(company: Company) -> None:
    """Talent decisions, and more who leave; nobody looks for a head of Ops."""
    company.on("2027-09-01")
    company.start("exit", "i1", last_day="2027-10-15", cause="retired")
    for name, mark in (("s1", 4), ("s3", 2), ("s4", 3), ("s5", 2), ("s6", 3), ("s7", 5)):
        company.start("note-potential", name, value=mark, rater=company.ids["s1"])
    for name in ("s1", "i1", "o2"):
        company.start("note-talent", name, value=1)
    agree_on_plan(company, "s3")  # late
    company.answer(company.case("exit", "s2"), "talk", "it_does")
    company.on("2027-10-01")
    company.gone("s2")
    company.start("exit", "olaf", last_day="2027-10-31", cause="resigned", seat="head-of-ops")
    company.on("2027-10-16")
    company.gone("i1")
    company.on("2027-11-01")
    company.gone("olaf")
    company.start("feedback-request", "s4", asked_by=company.ids["s4"])
    company.on("2027-11-20")
    company.start(
        "succession-planning", "head-of-it", listed=[company.ids["i2"], company.ids["i3"]]
    )
    for name in ("i2", "s6"):
        skills = [{"skill": "Databases", "level": 4}, {"skill": "Writing", "level": 2}]
        company.start("note-skills", name, list=skills if name == "i2" else skills[1:])
    company.on("2028-01-10")
    feedback(company)
    guard = company.start("recruiting", "night-guard")
    company.answer(guard, "approve", "yes")
    company.answer(guard, "search", "ask_them", candidate=company.ids["max"])
    application = company.case("candidate-application", "max")
    company.answer(application, "interview_by_hr", "on")
    company.answer(application, "interview_by_team", "on")
    company.answer(application, "offer", starts_on="2028-02-01")  # and nobody begins an onboarding
    company.on("2028-01-20")


def late_goals(company: Company) -> None:
    """s2 finds in June that the goals do not fit any more."""
    case = company.case("goal-setting", "s2")
    company.on("2027-05-21")
    row = {"goal": "One fair", "serves": "Be known", "measure": "visitors", "by": "2027-06-30"}
    company.answer(case, "period.months.checkpoint", standing=[{"goal": "Fair", "trust": "hardly"}],
                   wants="some have to change")  # fmt: skip
    company.answer(
        case, "period.months.change", goals=[row], changed_because="The fair was called off."
    )
    company.answer(case, "agree", "agree", goals=[row], advice="Then make that one a good one.")


def score_goals(company: Company) -> None:
    company.on("2027-07-01")
    leave = {"position": "head-of-support", "person": company.ids["o2"], "cause": "on leave"}
    company.service.signal("role.vacated", leave, None, None, company.now)
    company.settle()
    for name, reached in (
        ("s1", (100, 80)),
        ("s2", (50,)),
        ("s3", (70, 69.5)),
        ("i1", (0, 100)),
        ("s5", (90,)),
    ):
        case = company.case("goal-setting", name)
        weights = {} if name == "s2" else {"weight": 3}  # of the first goal; of others none
        results = [
            {"goal": f"Goal {n}", "reached": mark, **({} if n else weights)}
            for n, mark in enumerate(reached)
        ]
        company.answer(case, "score", results=results)
        company.answer(case, "confirm", "confirm")


def hire(company: Company) -> None:
    """Two seats are filled, one from outside; one search is called off, one goes on."""
    for position in ("sales-rep", "tester", "cook"):
        cost = {} if position == "tester" else {"cost": {"amount": "1500.50", "currency": "EUR"}}
        case = company.start("recruiting", position, **cost)
        company.answer(case, "approve", "yes")
    rep, tester = company.case("recruiting", "sales-rep"), company.case("recruiting", "tester")
    for case, name in ((rep, "kim"), (rep, "lou"), (tester, "i2")):
        company.answer(case, "search", "ask_them", candidate=company.ids[name])
        application = company.case("candidate-application", name)
        company.answer(application, "interview_by_hr", "on" if name != "lou" else "no")
    for again in range(4):
        company.answer(company.case("candidate-application", "kim"), "interview_by_team",
                       "again" if again < 3 else "on")  # fmt: skip
    company.on("2027-07-03")
    company.answer(company.case("candidate-application", "kim"), "offer", starts_on="2027-08-01")
    company.answer(rep, "search", "hire_them", candidate=company.ids["kim"])
    company.on("2027-07-04")
    company.answer(tester, "search", "hire_them", candidate=company.ids["i2"])
    company.answer(
        company.case("recruiting", "cook"), "search", "call_off", candidate=company.ids["lou"]
    )


def calibrate(company: Company, session: str, names: list[str], *, quorum: bool) -> None:
    """Without a quorum the head of HR lets it be held all the same."""
    committee = [company.ids[name] for name in ("cy", "sue", "fay")]
    sent_in = [name for name in (*SALES[:8], *IT[:5]) if (name in SALES) == (names[0] in SALES)]
    company.answer(session, "prepare", committee=committee, session_on="2027-07-05",
                   off=[company.ids[name] for name in sent_in if name not in names])  # fmt: skip
    company.answer_all(session, "pre_read")
    company.answer(session, "figures", "leave_it", reason="Nothing to compare with yet.")
    company.answer(session, "agenda", agenda=[company.ids[names[0]]], session_on="2027-07-05")
    company.settle()
    present = committee if quorum else committee[1:2]
    meeting = company.case("committee-meeting", None)
    company.answer(meeting, "attendance", committee=committee, present=present)
    if not quorum:
        company.answer(meeting, "call_again", session_on="2027-07-05")
        company.answer(meeting, "attendance", committee=committee, present=present)
        company.answer(
            meeting, "hold_anyway", "hold_it", because="There is no other day this month."
        )
    for name in names:
        if MARKS[name][0] != MARKS[name][1]:
            change(company, session, name)
    company.answer(session, "session", "all_discussed")
    company.answer(session, "approval", "publish")


def change(company: Company, session: str, name: str) -> None:
    """Somebody argues for another mark, and those who are there agree."""
    company.answer(session, "session", "propose_a_change")
    company.answer(session, "whose", employee=company.ids[name])
    decision = company.case("calibration-decision", name)
    company.answer(decision, "propose", "put_to_the_vote", proposed=MARKS[name][1],
                   reason="comparison with similar work", speaker=company.ids["cy"],
                   evidence="The region grew as fast as the market did.")  # fmt: skip
    while company.asks(decision, "vote"):
        company.answer(decision, "vote", "support")
    if company.asks(decision, "second_level"):
        company.answer(decision, "second_level", "approve")


def told(company: Company, years: dict[str, str]) -> None:
    """Reviews are closed; after some a plan is agreed on in time."""
    for name in ("s1", "s2", "s3", "s4", "s5", "s6", "i1", "i2", "i3", "i4"):
        company.answer(years[name], "talk", told_on="2027-07-05")
        company.answer(years[name], "acknowledge", agrees="I agree")
    for name in ("s4", "s5", "i3"):
        agree_on_plan(company, name, returned=name == "i3")


def feedback(company: Company) -> None:
    """Three ask; one gets an answer of few words, one gets none."""
    for name, did in (("s3", "You asked everybody before you decided on the date."), ("s4", "Good."),
                      ("i2", None)):  # fmt: skip
        case = company.start("feedback-request", name, asked_by=company.ids[name])
        company.answer(case, "ask", givers=[company.ids["cy"], company.ids["sue"]],
                       question="How did I lead the meeting on Monday?",
                       shared_with="the person and their manager")  # fmt: skip
        for _ in range(2):
            if did is None:
                company.answer(case, "give", answer="no, or not this time")
            else:
                company.answer(case, "give", answer="yes, and I can say what", situation="Meeting",
                               did=did, effect="It went well.")  # fmt: skip
        if did is not None:
            company.answer(case, "read", use="make it part of a development plan")
