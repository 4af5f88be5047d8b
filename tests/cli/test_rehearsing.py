"""`tenure rehearse` through the front door: text, JSON, page, mails, and what it refuses."""

import email
import json
import os
import re
from dataclasses import fields
from email import policy
from pathlib import Path

import pytest

from engine.rehearsal import Behaviour

ASK = """\
process: ask
version: 1
title: Ask everybody
subject: person
data:
  year: {type: text, from: start}
people:
  manager: subject.manager
states:
  ask:
    task: {to: subject, title: "Goals for {{ data.year }}", due: 5 workdays, about_minutes: 30}
    remind: [at due]
  read:
    task: {to: manager, title: "Read the goals of {{ subject.name }}", due: 3 workdays, buttons: [fine, again]}
    remind: [at due]
    late: {after: 2 workdays, go: closed}
    on: {fine: closed, again: ask}
  closed: {end: done}
"""
PEOPLE = """\
number,name,email,manager
1,Cy Boss,cy@firm.test,
2,Bob Ray,bob@firm.test,1
3,Ann Lee,ann@firm.test,2
4,Dan Fox,dan@firm.test,2
"""
CHANGES = "number,from,leaves,manager\n2,2027-01-08,yes,\n3,2027-01-08,,1\n4,2027-01-08,,1\n"


@pytest.fixture(autouse=True)
def files(tmp_path):
    """In the folder in which the commands run."""
    (tmp_path / "ask.yaml").write_text(ASK, "utf-8")
    (tmp_path / "org.csv").write_text(PEOPLE, "utf-8")
    (tmp_path / "changes.csv").write_text(CHANGES, "utf-8")
    return tmp_path


def rehearse(run, *words):
    return run("rehearse", "ask.yaml", "--people", "org.csv", *words)


def test_a_rehearsal_tells_how_cases_end_and_who_had_how_much_to_do(run):
    ran = rehearse(run, "--set", "year=2027")

    assert ran.code == 0
    assert ran.out.startswith("ask 1: 4 cases among 4 people, 2027-01-04 to 2028-07-04, seed 1 (")
    assert "How the cases ended" in ran.out
    assert "Busiest people" in ran.out
    assert "Bob Ray (2)" in ran.out
    assert "What ask came by" in ran.out
    assert ran.err == ""


def test_the_same_in_json_twice_is_the_same(run):
    first, again = (rehearse(run, "--format", "json", "--seed", "7").out for _ in range(2))
    told = json.loads(first)

    assert first == again
    assert told["seed"] == 7
    assert told["processes"][0]["started"] == 4
    assert told["behaviour"]["early"] == 55
    assert told["load"]["people"][0]["arrived"] >= 1


def test_a_case_without_a_way_on_is_stuck_and_the_exit_code_says_so(run, files):
    """Cy has no manager, so nobody can read her goals."""
    (files / "ask.yaml").write_text(ASK.replace("    late: {after: 2 workdays, go: closed}\n", ""))
    ran = rehearse(run, "--behaviour", "never=0")

    assert ran.code == 1
    assert "nobody has the task `read` (rule `manager`)" in ran.out
    assert ran.out.endswith("1 case stuck\n")


def test_a_reorganisation_is_played_under_the_cases(run):
    ran = rehearse(
        run, "--reorg", "changes.csv", "--behaviour", "early=0", "--behaviour", "due=100"
    )

    assert "What the reorganisation did" in ran.out
    assert "1 day of change: 0 came, 2 changed, 1 left" in ran.out


def test_mails_are_written_as_they_would_be_sent_and_listed(run, files):
    ran = rehearse(run, "--set", "year=2027", "--mails", "mails", "--mails-each", "2")

    total = int(re.search(r"([\d,]+) mails:", ran.out)[1].replace(",", ""))
    written = sorted((files / "mails").glob("*.eml"))
    assert f"{len(written)} mails of {total:,} written" in ran.err
    message = email.message_from_bytes(written[0].read_bytes(), policy=policy.default)
    assert message["Subject"].startswith("Ask everybody: something for you, by 11 January")
    assert "Goals for 2027" in message.get_body(("plain",)).get_content()
    page = (files / "mails" / "index.html").read_text("utf-8")
    for name in re.findall(r'href="([^"]+)"', page):
        assert (files / "mails" / name).exists()
    assert page.count("<tr>") == len(written) + 1


def test_reminders_that_are_due_together_are_one_mail(run, files):
    """Ann's and Dan's goals wait for Bob, and he never reads them."""
    text = ASK.replace("    task: {to: subject,", "    task: {to: manager,", 1)
    (files / "ask.yaml").write_text(text, "utf-8")
    rehearse(run, "--behaviour", "never=100", "--behaviour", "early=0", "--behaviour", "due=0",
             "--behaviour", "late=0", "--mails", "mails")  # fmt: skip

    (digest,) = (files / "mails").glob("*digest.eml")
    message = email.message_from_bytes(digest.read_bytes(), policy=policy.default)
    assert message["To"] == "Bob Ray <bob@firm.test>"
    assert message["Subject"] == "Reminder: 2 tasks wait for you"


def test_a_cohort_file_says_who_gets_a_case(run, files):
    (files / "cohort.csv").write_text("number,year\n3,2027\n9,2027\n", "utf-8")
    ran = rehearse(run, "--cohort", "cohort.csv")

    assert "ask 1: 1 case among 4 people" in ran.out
    assert ran.code == 1
    assert ran.err.startswith("cohort.csv:3: The directory knows nobody called “9”.")


def test_so_many_cases_start_on_the_given_day(run):
    ran = rehearse(run, "--cases", "2", "--from", "2027-03-01", "--months", "3")

    assert "ask 1: 2 cases among 4 people, 2027-03-01 to 2027-06-01" in ran.out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--behaviour", "lat=3"), "`lat=3` is no behaviour. Did you mean `late`?"),
        (("--set", "yaer=3"), "No case is started with `yaer`. The fields at the start are: year."),
        (("--months", "0"), "--months is a number from 1 to 120."),
        (("--cases", "0"), "--cases is a number from 1 on; 0 is none."),
        (("--reorg", "none.csv"), "none.csv cannot be read"),
        (("--zone", "Berlin"), "no time zone is called 'Berlin'"),
        (("--country", "XX"), "no country is written 'XX'"),
        (("--mails", "."), ". is not an empty folder. Name one that does not exist yet."),
        (("--html", "no/such/folder.html"), "no/such/folder.html cannot be written"),
    ],
)
def test_what_cannot_be_done_is_said_with_the_way_out(run, words, said):
    ran = rehearse(run, *words)

    assert ran.code == 1
    assert said in ran.err


def test_the_folder_for_mails_is_looked_at_before_the_work(run):
    ran = rehearse(run, "--mails", ".")

    assert ran.out == ""


def test_a_definition_with_errors_is_shown_and_not_rehearsed(run, files):
    (files / "ask.yaml").write_text(ASK.replace("again: ask", "again: aks"), "utf-8")
    ran = rehearse(run)

    assert ran.code == 1
    assert "did you mean `ask`?" in ran.out
    assert ran.err == "ask.yaml has errors, so it cannot be rehearsed.\n"


def test_a_people_file_with_problems_is_refused_unless_they_are_skipped(run, files):
    (files / "org.csv").write_text(PEOPLE + "5,Eve,nobody,\n", "utf-8")

    refused = rehearse(run)
    skipped = rehearse(run, "--skip-problems")

    assert "line 6, column `email`, found 'nobody'" in refused.err
    assert "4 cases among 4 people" in skipped.out


def test_more_cases_than_people_need_a_process_without_a_key(run, files):
    many = rehearse(run, "--cases", "9")
    (files / "ask.yaml").write_text(ASK.replace("data:", "key: one per year, subject\ndata:"))
    keyed = rehearse(run, "--cases", "9", "--set", "year=2027")

    assert "9 cases among 4 people" in many.out
    assert "names 4 people, so 9 cases are too many" in keyed.err


FEEDBACK = """\
process: feedback
version: 1
title: Feedback
subject: person
data:
  about: {type: text, from: start}
states:
  give:   {task: {to: subject.manager, title: "Feedback on {{ data.about }}", due: 5 workdays}}
  thanks: {do: [{emit: feedback.given, with: {person: subject.id}}]}
  closed: {end: given}
"""
THANKS = """\
process: thanks
version: 1
subject: person
starts:
  - {signal: feedback.given, for: event.person}
  - {signal: nobody.says, for: event.person}
states:
  thank:  {task: {to: subject, title: Say thank you, due: 5 workdays}}
  closed: {end: thanked}
"""
RATES = "process,a_year,on,over,with\nfeedback,8,,,about=the shop\n"


@pytest.fixture
def company(files):
    """Two processes in a folder, and how often they are begun."""
    (files / "processes").mkdir()
    (files / "processes" / "feedback.yaml").write_text(FEEDBACK, "utf-8")
    (files / "processes" / "thanks.yaml").write_text(THANKS, "utf-8")
    (files / "rates.csv").write_text(RATES, "utf-8")
    return files


def live(run, *words):
    return run("rehearse", "processes", "--people", "org.csv", *words)


def test_a_folder_is_a_company_in_which_processes_start_each_other(run, company):
    ran = live(run, "--rates", "rates.csv", "--behaviour", "never=0")

    assert ran.code == 0
    assert "2027-01-04 to 2028-01-04" in ran.out  # a year
    assert re.search(r"feedback +by hand +8\n", ran.out)
    assert re.search(r"thanks +signal feedback.given +\d\n", ran.out)
    assert re.search(r"feedback +feedback.given +thanks +starts a case +\d\n", ran.out)
    assert (
        "thanks was never started by “signal nobody.says”: nobody raised `nobody.says`." in ran.out
    )
    assert "How the cases ended" not in ran.out  # the processes' table says it


def test_the_page_of_a_company_tells_what_started_and_where_they_met(run, company):
    ran = live(run, "--rates", "rates.csv", "--html", "year.html")

    page = (company / "year.html").read_text("utf-8")
    assert ran.code == 0
    assert "<td>signal feedback.given</td>" in page
    assert "<code>feedback.given</code></td><td>thanks</td><td>started a case</td>" in page
    assert "thanks: signal nobody.says; nobody raised <code>nobody.says</code>" in page


def test_without_a_file_of_rates_a_company_lives_as_its_definitions_suggest(run, company):
    ran = live(run, "--format", "json")

    report = json.loads(ran.out)
    assert report["company"] is True
    assert {part["process"] for part in report["processes"]} == {"feedback", "thanks"}
    (feedback, _) = report["processes"]
    assert feedback["ways"] == {"by hand": 1}  # 20 % of four people


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("fedback,8,,,", "Did you mean `feedback`?"),
        ("feedback,,,,", "say either `a_year`"),
        ("feedback,8,2027-02-01,,", "say either `a_year`"),
        ("feedback,often,,,", "`often` is no number of cases a year"),
        ("feedback,,soon,,", "`soon` is no day; write it as 2027-01-11."),
        ("feedback,,2027-02-01,long,", "`long` is no number of working days"),
        ("feedback,8,,,abuot=x", "There is no field `abuot` here. Did you mean `about`?"),
    ],
)
def test_a_line_of_rates_that_cannot_be_followed_is_refused_with_its_place(run, company, line, why):
    (company / "rates.csv").write_text(f"process,a_year,on,over,with\n{line}\n", "utf-8")

    ran = live(run, "--rates", "rates.csv")

    assert ran.code != 0
    assert "rates.csv:2: " in ran.err
    assert why in ran.err


def test_a_column_that_rates_do_not_have_is_refused(run, company):
    (company / "rates.csv").write_text("process,a_month\nfeedback,8\n", "utf-8")

    ran = live(run, "--rates", "rates.csv")

    assert ran.code != 0
    assert "a_month" in ran.err
    assert "process, a_year, on, over, with" in ran.err


def test_who_gets_a_case_is_not_said_of_a_company(run, company):
    ran = live(run, "--cases", "3")

    assert ran.code != 0
    assert "--cases says who gets a case of one process" in ran.err


def test_the_rates_in_the_documentation_fit_the_shipped_processes(run, company):
    shipped = PAGE.parents[2] / "definitions"
    block = re.search(r"```csv\n(process,.*?)```", PAGE.read_text("utf-8"), flags=re.DOTALL)
    (company / "rates.csv").write_text(block[1], "utf-8")

    ran = run(
        "rehearse",
        str(shipped),
        "--people",
        "org.csv",
        "--rates",
        "rates.csv",
        "--months",
        "1",
        "--format",
        "json",
    )

    started = {part["process"]: part["ways"] for part in json.loads(ran.out)["processes"]}
    assert started["pcer-year"] == {"cohort employees": 4}
    assert started["check-in"] == {}


PAGE = Path(__file__).parents[2] / "docs" / "reference" / "rehearse.md"


def test_the_report_in_the_documentation_is_what_the_program_says(run, files):
    """After a change of the report: TENURE_WRITE_DOCS=1 pytest tests/cli/test_rehearsing.py"""
    page = PAGE.read_text("utf-8")
    found = re.findall(r"^`([\w.]+)`.*?```\w+\n(.*?)```", page, flags=re.DOTALL | re.MULTILINE)
    blocks = {name: text for name, text in found if name.endswith((".yaml", ".csv"))}
    for name, text in blocks.items():
        (files / name).write_text(text, "utf-8")
    assert sorted(blocks) == ["changes.csv", "goals.yaml", "org.csv", "rates.csv"]

    ran = run(
        "rehearse",
        "goals.yaml",
        "--people",
        "org.csv",
        "--reorg",
        "changes.csv",
        "--set",
        "year=2027",
    )

    before, _, rest = page.partition("<!-- report -->\n```text\n")
    shown, _, after = rest.partition("```")
    if os.environ.get("TENURE_WRITE_DOCS"):
        PAGE.write_text(f"{before}<!-- report -->\n```text\n{ran.out}```{after}", "utf-8")
        shown = ran.out
    assert shown == ran.out


def test_the_table_of_behaviour_is_complete():
    rows = re.findall(r"^\| `(\w+)` \| (\d+) \|", PAGE.read_text("utf-8"), flags=re.MULTILINE)

    assert rows == [(field.name, f"{field.default:g}") for field in fields(Behaviour)]
