"""People and changes files: read as the import reads them, refused with line and way out."""

from datetime import date

import pytest
from support.rehearsals import MONDAY, PEOPLE

from engine.rehearsal import PeopleUnusable, read_timeline

HEADER = "number,from,leaves,name,email,manager,department,roles\n"


def timeline(changes, **more):
    return read_timeline(PEOPLE.encode(), (HEADER + changes).encode(), MONDAY, **more)


def test_rows_hold_from_their_day_on_and_names_need_not_be_repeated():
    found = timeline(
        "5,2027-02-01,,Eve,eve@firm.test,2,Sales,\n"
        "3,2027-03-01,,,,1,Law,hr-partner@Law\n"
        "2,2027-04-01,yes,,,,,\n"
    )

    assert [roster.day for roster in found.rosters] == [
        MONDAY,
        date(2027, 2, 1),
        date(2027, 3, 1),
        date(2027, 4, 1),
    ]
    assert "5" not in found.on(date(2027, 1, 31)).people
    assert found.on(date(2027, 2, 1)).people["5"]["manager"] == "2"
    ann = found.on(date(2027, 3, 15)).people["3"]
    assert (ann["name"], ann["manager"], ann["department"]) == ("Ann", "1", "Law")
    assert found.on(date(2027, 3, 15)).roles["hr-partner", "Law"] == ("3",)
    assert not found.on(date(2027, 5, 1)).people["2"]["active"]
    assert found.on(date(2027, 3, 1)).queues["desk"] == ("2", "4")
    assert found.on(date(2027, 4, 1)).queues["desk"] == ("4",)
    assert [(m.joins, m.changes, m.leaves) for m in found.moves] == [
        (1, 0, 0),
        (0, 1, 0),
        (0, 0, 1),
    ]


def test_a_newcomer_may_take_the_address_of_somebody_who_leaves_the_same_day():
    found = timeline("2,2027-02-01,yes,,,,,\n5,2027-02-01,,Eve,bob@firm.test,1,,\n")

    assert found.rosters[-1].people["5"]["active"]


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ("3,soon,,,,1,,\n", "line 2, column `from`, found 'soon': no date"),
        ("3,2027-02-01,perhaps,,,1,,\n", "column `leaves`, found 'perhaps': write yes"),
        ("30,2027-02-01,yes,,,,,\n", "nobody has this number; did you mean '3'?"),
        ("3,2027-02-01,,,,77,,\n", "column `manager`, found '77': nobody has this number"),
        ("9,2027-02-01,,,,,,\n", "column `name`: everybody needs one"),
        (
            "3,2027-02-01,yes,,,,,\n3,2027-03-01,yes,,,,,\n",
            "that person has left before; remove the row",
        ),
    ],
)
def test_a_row_that_cannot_hold_is_refused_with_its_line(rows, said):
    with pytest.raises(PeopleUnusable) as refused:
        timeline(rows)

    assert said in str(refused.value)
    assert "--skip-problems" in str(refused.value)


def test_rows_with_problems_can_be_passed_over():
    found = timeline("30,2027-02-01,yes,,,,,\n3,2027-02-01,,,,1,,\n", skip_problems=True)

    assert found.rosters[-1].people["3"]["manager"] == "1"


def test_a_changes_file_without_its_day_is_refused():
    with pytest.raises(PeopleUnusable, match="column `from`: the file needs this column"):
        read_timeline(PEOPLE.encode(), b"number,manager\n3,1\n", MONDAY)


def test_an_empty_people_file_is_refused():
    with pytest.raises(PeopleUnusable, match="nobody to rehearse with"):
        read_timeline(b"number,name,email\n", None, MONDAY)
