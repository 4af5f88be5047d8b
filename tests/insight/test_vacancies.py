"""What became of empty seats, event by event."""

import pytest
from insight_tables import ago, case, history, person, record, told

from analytics.insight import METRICS
from analytics.insight.vacancies import End, vacancies

EMPTY = told("role.vacated", 50, "EXI-1", position="cfo", person="p_ann", last_day="2028-02-20")


def seen(*rows):
    return [
        (one.end, one.ended_at and (history([]).at - one.ended_at).days, one.takers)
        for one in vacancies(history(rows))
    ]


@pytest.mark.parametrize(
    ("later", "expected"),
    [
        ([], [(None, None, ())]),
        ([told("role.filled", 20, position="cfo", person="p_bob", interim=False)],
         [(End.FILLED, 20, ("p_bob",))]),
        ([told("role.filled", 20, position="cfo", person="p_bob", interim=True)],
         [(None, None, ("p_bob",))]),
        ([told("role.filled", 40, position="cfo", person="p_bob", interim=True),
          told("role.filled", 30, position="cfo", person="p_dan", interim=True),
          told("role.filled", 20, position="cfo", person="p_eve", interim=False)],
         [(End.FILLED, 20, ("p_bob", "p_eve"))]),
        ([told("notice.withdrawn", 45, person="p_ann")], [(End.STAYED, 45, ())]),
        ([told("move.withdrawn", 45, person="p_ann")], [(End.STAYED, 45, ())]),
        ([told("notice.withdrawn", 45, person="p_bob")], [(None, None, ())]),
        ([told("person.resumed", 45, person="p_ann")], [(None, None, ())]),  # back from a holiday
        ([told("requisition.withdrawn", 44, position="cfo")], [(End.GIVEN_UP, 44, ())]),
        ([told("requisition.closed", 44, position="cfo", outcome="called_off")],
         [(End.GIVEN_UP, 44, ())]),
        ([told("requisition.closed", 44, position="cfo", outcome="filled")], [(None, None, ())]),
        ([told("role.filled", 20, position="cto", person="p_bob", interim=False)],
         [(None, None, ())]),
        ([told("requisition.approved", 40, position="cfo"),
          told("role.vacated", 20, position="cfo", person="p_ann")], [(None, None, ())]),
        ([told("role.filled", 30, position="cfo", person="p_bob", interim=False),
          told("role.vacated", 10, position="cfo", person="p_bob")],
         [(End.FILLED, 30, ("p_bob",)), (None, None, ())]),
    ],
)  # fmt: skip
def test_a_vacancy_ends_as_what_is_told_says(later, expected):
    assert seen(EMPTY, *later) == expected


def test_who_was_on_leave_has_the_seat_again_when_they_are_back():
    leave = told("role.vacated", 50, position="cfo", person="p_ann", cause="on leave")

    assert seen(leave, told("person.resumed", 20, person="p_ann")) == [(End.STAYED, 20, ())]


def test_it_begins_with_what_came_first():
    (one,) = vacancies(
        history([
            told("requisition.approved", 60, "REC-1", position="cfo"),
            EMPTY,
            told("last_day.changed", 40, person="p_ann", last_day="2028-02-25"),
        ])
    )  # fmt: skip

    assert (one.since, one.vacated_at, one.person) == (ago(60), ago(50), "p_ann")
    assert one.last_day.isoformat() == "2028-02-25"
    assert one.cases == ("REC-1", "EXI-1")


@pytest.mark.parametrize(
    ("more", "rate"),
    [
        ([], 0.0),  # nothing was started
        ([case("succession-activation", "cfo", 49)], None),  # started; nobody has the seat yet
        ([case("succession-activation", "cfo", 47)], 0.0),  # on the third day
        ([case("succession-activation", "cfo", 49),
          told("role.filled", 20, position="cfo", person="p_bob", interim=False)], 1.0),
        ([case("succession-activation", "cfo", 49),
          told("role.filled", 20, position="cfo", person="p_bob", interim=True)], 1.0),
        ([case("succession-activation", "cfo", 49),
          told("role.filled", 20, position="cfo", person="p_dan", interim=False)], 0.0),
        ([case("succession-activation", "cfo", 49),
          told("role.filled", 20, position="cfo", person="p_eve", interim=False)], 0.0),
        ([told("role.filled", 20, position="cfo", person="p_bob", interim=False)], 0.0),
        ([told("notice.withdrawn", 49, person="p_ann")], None),
    ],
)  # fmt: skip
def test_a_plan_was_used_if_it_was_started_in_time_and_somebody_on_it_took_the_seat(more, rate):
    listed = [{"person": "p_bob", "band": "now"}, {"person": "p_eve", "band": "in an emergency"}]
    rows = [EMPTY, person("p_bob"), record("succession", "cfo", 200, listed), *more]

    assert METRICS["activation-rate"].measure(history(rows)).number == rate


@pytest.mark.parametrize(
    ("records", "n"),
    [
        ([], 0),
        ([record("critical", "cfo", 200, "yes")], 1),
        ([record("critical", "cfo", 200, "no"), record("succession", "cfo", 200, [])], 0),
        ([record("critical", "cfo", 300, 4), record("critical", "cfo", 200, "no longer")], 0),
        ([record("succession", "cfo", 200, [])], 1),
        ([record("critical", "cfo", 20, "yes")], 0),  # called so only later
        ([record("critical", "cfo", 200, "yes", until=60)], 0),  # and no more
    ],
)
def test_only_roles_that_were_critical_then_count(records, n):
    filled = told("role.filled", 20, position="cfo", person="p_bob", interim=False)

    assert METRICS["time-to-fill"].measure(history([EMPTY, filled, *records])).n == n
