"""Files of people: read as spreadsheets write them, compared, refused in sentences, imported."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest

from engine.directory.applying import ImportRefused, apply_people
from engine.directory.directory import Directory
from engine.directory.plan import ImportPlan, plan_people
from engine.directory.preview import preview, summary
from engine.directory.sheet import SheetUnreadable, read_sheet
from engine.store import Database

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
TODAY = NOW.date()
HEADER = "number,name,email,manager,title,department,location,country,zone,roles,queues\n"
FILE = (
    HEADER
    + "1,Ann Lee,ann@example.com,,CEO,Board,Berlin,DE-BE,Europe/Berlin,head-of-hr,\n"
    + "2,Bob Ray,bob@example.com,1,Head of Sales,Sales,Berlin,,,,\n"
    + '3,"Cho, Eun-ji",cho@example.com,2,Seller,Sales,Austin,US-TX,America/Chicago,hr-partner@Sales,it-desk; payroll\n'
)


def plan(
    database: Database, text: str | bytes, as_of: date = TODAY, *, full: bool = False
) -> ImportPlan:
    data = text.encode() if isinstance(text, str) else text
    with database.read() as session:
        return plan_people(read_sheet(data), session.connection(), as_of, full=full)


class Importing:
    """An import with everything that is always the same."""

    def __init__(self, database: Database, entropy: Callable[[int], bytes]) -> None:
        self.database, self.entropy = database, entropy

    def __call__(
        self, text: str, as_of: date = TODAY, *, full: bool = False, despite_problems: bool = False
    ) -> ImportPlan:
        planned = plan(self.database, text, as_of, full=full)
        return self.database.write(
            lambda tx: apply_people(
                tx, planned, "p_me", NOW, self.entropy, despite_problems=despite_problems
            )
        ).plan


@pytest.fixture
def importing(database: Database, entropy: Callable[[int], bytes]) -> Importing:
    return Importing(database, entropy)


def at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


def test_an_imported_file_answers_the_look_ups_of_a_macrostep(
    database: Database, directory: Directory, importing: Importing
) -> None:
    importing(FILE)
    with database.read() as session:
        facts = directory.facts(session, NOW)
        ids = facts.roster.by_number
        cho = facts.person(ids["3"])

    assert cho == {
        "id": ids["3"],
        "number": "3",
        "name": "Cho, Eun-ji",
        "email": "cho@example.com",
        "manager": ids["2"],
        "title": "Seller",
        "department": "Sales",
        "location": "Austin",
        "country": "US-TX",
        "zone": "America/Chicago",
        "grade": None,
        "employment": None,
        "start_date": None,
        "language": "en",
        "active": True,
        "roles": ["hr-partner@Sales"],
    }
    assert facts.holders("hr-partner", "Sales") == (ids["3"],)
    assert facts.holders("hr-partner", None) == ()
    assert facts.holders("head-of-hr", None) == (ids["1"],)
    assert facts.members("payroll") == facts.members("it-desk") == (ids["3"],)
    assert str(facts.calendar("Austin").zone) == "America/Chicago"
    assert facts.calendar("Atlantis") is facts.calendar(None)
    assert facts.person("p_nobody") is None


def test_the_ids_are_random_and_say_nothing_about_people(
    database: Database, directory: Directory, importing: Importing
) -> None:
    importing(FILE)
    with database.read() as session:
        ids = list(directory.facts(session, NOW).roster.people)
    assert all(len(one) == 18 and one.startswith("p_") for one in ids)
    assert len(set(ids)) == 3


def test_the_second_import_of_a_file_changes_nothing(
    database: Database, importing: Importing, entropy: Callable[[int], bytes]
) -> None:
    first = plan(database, FILE, full=True)
    importing(FILE, full=True)
    again = plan(database, FILE, full=True)
    assert (again.empty, again.unchanged) == (True, 3)
    assert summary(again) == "As of 2026-11-23: nothing changes; 3 stay as they are."

    stale = database.write(lambda tx: apply_people(tx, first, None, NOW, entropy))
    assert (stale.persons, stale.plan.empty) == ((), True)


def test_a_change_holds_from_its_day_and_leaves_the_days_before_as_they_were(
    database: Database, directory: Directory, importing: Importing
) -> None:
    importing(FILE, date(2026, 1, 1))
    importing("number,name,email,title\n2,Bob Ray,bob@example.com,CRO\n", date(2026, 6, 1))
    with database.read() as session:
        titles = [
            directory.facts(session, at(day)).roster.people[
                directory.facts(session, at(day)).roster.by_number["2"]
            ]["title"]
            for day in (date(2026, 1, 1), date(2026, 5, 31), date(2026, 6, 1), date(2027, 1, 1))
        ]
        before = directory.facts(session, at(date(2025, 12, 31)))
        later = directory.facts(session, at(date(2026, 6, 1)))

    assert titles == ["Head of Sales", "Head of Sales", "CRO", "CRO"]
    assert before.roster.people == {}
    # What the second file had no column for stayed.
    assert later.roster.people[later.roster.by_number["2"]]["department"] == "Sales"
    assert later.holders("hr-partner", "Sales") == (later.roster.by_number["3"],)


def test_a_correction_on_the_same_day_replaces_the_slip(
    database: Database, directory: Directory, importing: Importing
) -> None:
    importing(FILE)
    corrected = FILE.replace("Seller", "Buyer").replace("it-desk; payroll", "payroll; garage")
    told = preview(importing(corrected))
    with database.read() as session:
        facts = directory.facts(session, NOW)
    assert facts.roster.people[facts.roster.by_number["3"]]["title"] == "Buyer"
    assert facts.members("it-desk") == ()
    assert facts.members("garage") == (facts.roster.by_number["3"],)
    assert told.splitlines()[1] == (
        "  changes  Cho, Eun-ji (3): title Seller → Buyer; joins the queue garage; "
        "leaves the queue it-desk"
    )


def test_people_missing_from_a_full_file_leave_with_their_roles_and_may_return(
    database: Database, directory: Directory, importing: Importing
) -> None:
    importing(FILE, date(2026, 1, 1), full=True)
    without_cho = "".join(FILE.splitlines(keepends=True)[:-1])
    left = importing(without_cho, date(2026, 3, 1), full=True)
    back = importing(FILE, date(2026, 5, 1), full=True)
    with database.read() as session:
        february, march, may = (
            directory.facts(session, at(date(2026, month, 15))) for month in (2, 3, 5)
        )
    cho = february.roster.by_number["3"]

    assert [change.kind for change in left.changes] == ["leaves"]
    assert [change.kind for change in back.changes] == ["returns"]
    gone = march.person(cho)
    assert gone is not None
    assert (gone["active"], gone["name"]) == (False, "Cho, Eun-ji")
    assert [facts.holders("hr-partner", "Sales") for facts in (february, march, may)] == [
        (cho,),
        (),
        (cho,),
    ]
    assert [facts.members("payroll") for facts in (february, march, may)] == [(cho,), (), (cho,)]


def test_people_missing_from_a_partial_file_stay(database: Database, importing: Importing) -> None:
    importing(FILE)
    changes = importing(HEADER + FILE.splitlines()[1]).changes
    assert changes == ()


def test_the_preview_says_in_words_what_would_happen(database: Database) -> None:
    assert preview(plan(database, FILE)) == (
        "As of 2026-11-23: 3 join.\n"
        "  joins    Ann Lee (1): gets the role head-of-hr\n"
        "  joins    Bob Ray (2): reports to Ann Lee (1)\n"
        "  joins    Cho, Eun-ji (3): reports to Bob Ray (2); gets the role hr-partner@Sales; "
        "joins the queue it-desk; joins the queue payroll\n"
        "  place    Berlin: holidays of DE-BE, clock of Europe/Berlin\n"
        "  place    Austin: holidays of US-TX, clock of America/Chicago"
    )


def test_a_fact_that_is_already_planned_for_later_stays_and_is_mentioned(
    database: Database, importing: Importing
) -> None:
    importing(FILE, date(2026, 1, 1))
    importing(FILE.replace("Seller", "Lead"), date(2026, 12, 1))
    notes = plan(database, FILE.replace("Seller", "Buyer"), date(2026, 6, 1)).notes
    assert notes == (
        (
            "Cho, Eun-ji (3) has other facts from 2026-12-01 on, which stay; "
            "import again as of that day to change them too."
        ),
    )


@pytest.mark.parametrize(
    ("data", "rows"),
    [
        ("\ufeff" + FILE, 3),
        (
            FILE.replace(",", ";").replace('"Cho; Eun-ji"', "Cho").replace("desk; pay", "desk pay"),
            3,
        ),
        ("sep=,\r\n" + FILE.replace("\n", "\r\n"), 3),
        ("Number\tNAME\tEmail\tStart Date\n1\tAnn\tann@example.com\t2027-06-01\n\n", 1),
    ],
    ids=["byte order mark", "semicolons", "Excel's own line", "tabs and capitals"],
)
def test_files_are_read_as_spreadsheets_write_them(
    database: Database, data: str, rows: int
) -> None:
    planned = plan(database, data)
    assert [str(problem) for problem in planned.problems] == []
    assert len(planned.changes) == rows


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (
            "Jörg".encode("latin-1"),
            "line 1 is not UTF-8 (byte 0xf6); the file was probably saved in",
        ),
        (FILE.encode("utf-16"), "the file is UTF-16 (Excel calls it `Unicode text`); save it as"),
        (b'number,name\n1,"Ann\n2,Bob\n', "the row that begins on line 2 cannot be read"),
        (b"number\0", "line 1 holds a zero byte"),
    ],
)
def test_a_file_that_is_no_csv_is_refused_with_the_way_out(data: bytes, sentence: str) -> None:
    with pytest.raises(SheetUnreadable) as caught:
        read_sheet(data)
    assert sentence in str(caught.value)


def row(**cells: str) -> str:
    known = {"number": "7", "name": "Dan", "email": "dan@example.com"} | cells
    return f"{','.join(known)}\n{','.join(known.values())}\n"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (row(email="dan@"), "line 2, column `email`, found 'dan@': no e-mail address: "),
        (row(email="Dan <dan@example.com>"), "no e-mail address: "),
        (row(email=""), "line 2, column `email`: everybody needs one"),
        (row(start_date="01.06.2027"), "found '01.06.2027': no date; write year-month-day"),
        (row(start_date="2027-02-30"), "found '2027-02-30': no such day (day is out of range"),
        (
            row(location="Rome", country="IT", zone="Rome"),
            "column `zone`, found 'Rome': no time zone",
        ),
        (row(location="Rome", country="Italy", zone="UTC"), "found 'Italy': no country is written"),
        (row(location="Rome"), "column `country`: the location 'Rome' is new, so its country must"),
        (
            row(location="Rome", country="IT"),
            "column `zone`: the location 'Rome' is new, so its zone",
        ),
        (row(zone="UTC", country=""), "column `country`: a time zone without a country"),
        (row(language="klingon"), "column `language`, found 'klingon': no language; write `en`"),
        (row(roles="@Sales"), "'@Sales' is no role; write `role` or `role@unit`"),
        (row(name='"Dan\tBo"'), "column `name`, found 'Dan\\tBo': it holds a line break"),
        (row(manager="4711"), "found '4711': nobody has this number; A manager is written as"),
        (
            row(manager="7"),
            "found '7': nobody can report to themselves, not even by way of others: ",
        ),
        ("number,name\n7,Dan\n", "line 1, column `email`: the file needs this column; add it"),
        ("number,name,e_mail\n", "column `email`: the file needs this column; rename `e_mail`"),
        (row(mangaer="1"), "line 1, column `mangaer`: no such column; rename it to `manager`"),
        (row(title="a,b"), "line 2: it has 5 cells and the header 4; a text that holds"),
        (
            "number,name,email\n7,Dan,dan@example.com\n8,Eve,Dan@Example.com\n",
            "line 3, column `email`, found 'Dan@example.com': line 2 (Dan) has the same address",
        ),
        (
            "number,name,email\n7,Dan,dan@example.com\n7,Eve,eve@example.com\n",
            "line 3, column `number`, found '7': line 2 (Dan) has the same number",
        ),
        (
            (
                "number,name,email,location,country,zone\n"
                "7,Dan,d@example.com,HQ,DE,Europe/Berlin\n8,Eve,e@example.com,HQ,FR,Europe/Paris\n"
            ),
            "found 'HQ': it is in FR, Europe/Paris here and in DE, Europe/Berlin on line 2",
        ),
    ],
)
def test_a_mistake_is_named_with_its_line_column_value_and_the_way_out(
    database: Database, text: str, sentence: str
) -> None:
    (problem,) = plan(database, text).problems
    assert sentence in str(problem)


def test_a_loop_of_managers_is_named_from_one_to_the_other(database: Database) -> None:
    text = (
        "number,name,email,manager\n1,Ann,a@example.com,3\n2,Bob,b@example.com,1\n"
        "3,Cy,c@example.com,2\n4,Dan,d@example.com,3\n"
    )
    problems = plan(database, text).problems
    assert [problem.line for problem in problems] == [2, 3, 4, 5]  # the last reports to the loop
    assert "Ann (1) → Cy (3) → Bob (2) → Ann (1)" in problems[0].message


def test_a_loop_through_people_who_are_not_in_the_file_is_found(
    database: Database, importing: Importing
) -> None:
    importing(FILE)
    (problem,) = plan(database, "number,name,email,manager\n1,Ann Lee,ann@example.com,3\n").problems
    assert "Ann Lee (1) → Cho, Eun-ji (3) → Bob Ray (2) → Ann Lee (1)" in problem.message


def test_a_manager_who_has_left_or_would_leave_is_refused_by_name(
    database: Database, importing: Importing
) -> None:
    importing(FILE, date(2026, 1, 1))
    only = HEADER + "".join(FILE.splitlines(keepends=True)[2:])
    (would_leave,) = plan(database, only, full=True).problems[:1]
    assert "Ann Lee is not in this full file and would leave" in would_leave.message

    importing("".join(FILE.splitlines(keepends=True)[:2]), date(2026, 2, 1), full=True)
    (has_left,) = plan(database, row(manager="2")).problems
    assert "Bob Ray has left; give this person another manager" in has_left.message


def test_an_address_of_somebody_who_is_not_in_the_file_is_refused(
    database: Database, importing: Importing
) -> None:
    importing(FILE)
    (problem,) = plan(database, row(email="ANN@example.com")).problems
    assert "Ann Lee (1) has the same address" in problem.message


def test_nothing_is_written_while_there_is_a_problem_unless_asked(
    database: Database, directory: Directory, importing: Importing
) -> None:
    text = FILE + "4,Dan,dan@,2,,,,,,,\n5,Eve,eve@example.com,4,,,,,,,\n"
    with pytest.raises(
        ImportRefused, match="the file has 2 problems, the first is: line 5, column"
    ):
        importing(text)
    with database.read() as session:
        assert directory.facts(session, NOW).roster.people == {}

    importing(text, despite_problems=True)
    with database.read() as session:
        assert set(directory.facts(session, NOW).roster.by_number) == {"1", "2", "3"}


def test_somebody_whose_row_has_a_problem_does_not_leave_with_a_full_file(
    database: Database, directory: Directory, importing: Importing
) -> None:
    importing(FILE)
    broken = importing(FILE.replace("bob@example.com", "bob@"), full=True, despite_problems=True)
    assert broken.changes == ()


def test_two_people_may_swap_their_addresses_in_one_file(
    database: Database, importing: Importing
) -> None:
    importing(FILE)
    swapped = FILE.replace("ann@", "x@").replace("bob@", "ann@").replace("x@", "bob@")
    assert plan(database, swapped).problems == ()


def test_a_role_for_a_department_that_nobody_is_in_is_mentioned(database: Database) -> None:
    notes = plan(database, FILE.replace("@Sales", "@Slaes")).notes
    assert notes == (
        "The role `hr-partner@Slaes` is for 'Slaes', and nobody is in a department of that name.",
    )


def test_somebody_without_an_office_works_from_their_country(
    database: Database, directory: Directory, importing: Importing
) -> None:
    importing(row(country="FR", zone="Europe/Paris"))
    with database.read() as session:
        facts = directory.facts(session, NOW)
    (dan,) = facts.roster.people.values()
    assert (dan["location"], dan["country"], dan["zone"]) == ("FR", "FR", "Europe/Paris")


def test_who_has_left_leaves_once(
    sqlite_database: Database, directory: Directory, entropy: Callable[[int], bytes]
) -> None:
    importing = Importing(sqlite_database, entropy)
    importing(FILE, date(2026, 1, 1))
    without_cho = "".join(FILE.splitlines(keepends=True)[:-1])
    importing(without_cho, date(2026, 3, 1), full=True)
    assert plan(sqlite_database, without_cho, date(2026, 3, 1), full=True).empty
    assert plan(sqlite_database, without_cho, date(2026, 4, 1), full=True).empty


def test_a_role_ends_on_the_first_day_without_it(
    sqlite_database: Database, directory: Directory, entropy: Callable[[int], bytes]
) -> None:
    importing = Importing(sqlite_database, entropy)
    importing(FILE, date(2026, 1, 1))
    importing(FILE.replace("hr-partner@Sales", ""), date(2026, 3, 1))
    with sqlite_database.read() as session:
        held = [
            directory.facts(session, at(day)).holders("hr-partner", "Sales") != ()
            for day in (date(2026, 2, 28), date(2026, 3, 1))
        ]
    assert held == [True, False]


def test_who_has_left_holds_no_role_that_was_planned_for_later(
    sqlite_database: Database, directory: Directory, entropy: Callable[[int], bytes]
) -> None:
    importing = Importing(sqlite_database, entropy)
    importing(FILE, date(2026, 1, 1))
    later = FILE.replace("payroll", "payroll; garage").replace("@Sales", "@Sales; coach")
    importing(later, date(2026, 6, 1))
    importing("".join(FILE.splitlines(keepends=True)[:-1]), date(2026, 3, 1), full=True)
    with sqlite_database.read() as session:
        june = directory.facts(session, at(date(2026, 6, 15)))
    assert (june.members("garage"), june.members("payroll")) == ((), ())
    assert june.holders("coach", None) == ()


def test_who_reports_to_a_row_that_fell_out_of_a_circle_falls_out_too(
    database: Database, entropy: Callable[[int], bytes]
) -> None:
    people = (
        "number,name,email,manager\n1,A,a@x.test,2\n2,B,b@x.test,1\n3,C,c@x.test,2\n4,D,d@x.test,\n"
    )
    found = plan(database, people)
    assert [(one.line, one.column) for one in found.problems] == [
        (2, "manager"),
        (3, "manager"),
        (4, "manager"),
    ]
    assert "own row has a problem" in found.problems[2].message

    imported = database.write(
        lambda tx: apply_people(tx, found, None, NOW, entropy, despite_problems=True)
    )
    assert [change.number for change in imported.plan.changes] == ["4"]


def test_nobody_gets_an_address_that_is_somebody_else_s_from_a_later_day_on(
    database: Database, importing: Importing
) -> None:
    importing(FILE, date(2026, 1, 1))
    importing(FILE.replace("bob@", "robert@"), date(2026, 6, 1))

    (problem,) = plan(database, FILE.replace("cho@", "robert@"), date(2026, 3, 1)).problems
    assert "has the same address from 2026-06-01 on" in problem.message
    assert plan(database, FILE.replace("bob@", "robert@"), date(2026, 3, 1)).problems == ()
