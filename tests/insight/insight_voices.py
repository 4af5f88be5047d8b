"""What people say in the company's year: thanks, answers without names, signs that somebody may go."""

from insight_company import Company

MARKS = ("glad_here", "of_use", "have_it", "counts", "learning")


def thanks(company: Company) -> None:
    """Three are thanked, one of them twice; one lets nobody else read it."""
    for name, by in (("s3", "s4"), ("s3", "cy"), ("o2", "cy"), ("bob", "eve")):
        case = company.start("recognition", name, given_by=company.ids[by])
        company.answer(case, "write", did="Stayed until the last customer was served.",
                       effect="They ordered again.")  # fmt: skip
        company.answer(case, "read", share="nobody" if name == "o2" else "my manager")


def asked(company: Company) -> None:
    """Seven of nine in Sales and five of six in IT answer; four of five in Sales are too few."""
    cases = []
    for unit, letter, of, answer in (("Sales", "s", 9, 7), ("IT", "i", 6, 5), ("Law", "s", 5, 4)):
        case = company.start("engagement-pulse", None, period="2027 Q1", department=unit)
        people = [company.ids[f"{letter}{n}"] for n in range(1, of + 1)]
        company.answer(case, "whom", asked=people)
        for n in range(answer):
            marks = {name: 1 + (n + at) % 5 for at, name in enumerate(MARKS)}
            company.answer(case, "ask", **{**marks, "have_it": 5 if unit == "IT" else 2})
        cases.append(case)
    company.on("2027-02-22")
    for case in cases[:2]:
        company.answer(case, "act", change="A second screen for everybody.")


def signs(company: Company) -> None:
    """HR looks at one of two, and finds nothing to it."""
    for name in ("s5", "i2"):
        company.start("stay-interview", name, noticed="Did not come to the last two talks.")
    case = company.case("stay-interview", "s5")
    company.answer(case, "look", "nothing_to_it", because="Was at the fair both times.")
