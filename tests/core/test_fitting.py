"""What `set:` writes is what the field's type holds, or the event waits and somebody is asked."""

from datetime import UTC, datetime

import pytest
from core_charts import Charts, S, done, final, signal
from core_story import Story

from engine.core.chart import Assign
from engine.core.form import FieldType


def listening(kind: FieldType) -> Story:
    charts = Charts({"field": kind})
    heard = signal("it.came", do=(Assign(field="field", value=charts.expr("event.it")),))
    definition = charts.define(
        S(name="wait", task=charts.task("subject.manager"), on=[heard, done("closed")]),
        final("closed"),
    )
    return Story(definition=definition).start()


@pytest.mark.parametrize(
    ("kind", "given", "kept"),
    [
        (FieldType.TEXT, 5, "5"),
        (FieldType.INTEGER, 4.0, 4),
        (FieldType.NUMBER, 4.5, 4.5),
        (FieldType.DATE, "2027-06-01", "2027-06-01"),
        (FieldType.DATETIME, "2027-06-01T09:00:00+02:00", "2027-06-01T09:00:00+02:00"),
        (FieldType.YES_NO, False, False),
        (FieldType.PERSON, {"id": "dan"}, "dan"),
        (FieldType.PEOPLE, ["dan", {"id": "eve"}], ["dan", "eve"]),
        (FieldType.TABLE, [{"goal": "Ship"}], [{"goal": "Ship"}]),
    ],
)
def test_a_value_is_kept_as_the_field_stores_it(kind, given, kept):
    assert listening(kind).send("it.came", it=given).case.data == {"field": kept}


@pytest.mark.parametrize(
    ("kind", "given", "wants"),
    [
        (FieldType.TEXT, {"a": 1}, "wants text"),
        (FieldType.TEXT, True, "wants text"),
        (FieldType.INTEGER, 4.5, "wants a whole number"),
        (FieldType.SCALE, "4", "wants a number"),
        (FieldType.NUMBER, True, "wants a number"),
        (FieldType.DATE, "1 June", "wants a date such as 2027-06-01"),
        (FieldType.DATE, "2027-06-01T09:00", "wants a date such as 2027-06-01"),
        (FieldType.DATETIME, "2027-06-01", "wants an instant such as"),
        (FieldType.YES_NO, "yes", "wants true or false"),
        (FieldType.CHOICE, "L9", "wants one of"),
        (FieldType.PERSON, 5, "wants a person"),
        (FieldType.PEOPLE, "dan", "wants a list"),
        (FieldType.MONEY, 12, "wants an amount and a currency"),
        (FieldType.TABLE, ["Ship"], "wants rows"),
        (FieldType.ATTEST, "Ann", "wants somebody's name"),
    ],
)
def test_a_value_of_another_kind_changes_nothing_and_asks_for_help(kind, given, wants):
    story = listening(kind).send("it.came", it=given)
    (incident,) = story.last.effects

    assert (incident.code, incident.blocking, story.case.data) == ("condition-failed", True, {})
    assert incident.message.startswith(f"`field` {wants}")
    assert "`event.it` at `wait` gives" in incident.message


def test_the_instant_that_a_date_is_set_to_is_the_day_it_is_there():
    charts = Charts({"met_on": FieldType.DATE})
    definition = charts.define(
        S(name="meet", entry=(Assign(field="met_on", value=charts.expr("now")),), on=[done("end")]),
        final("end"),
    )
    late = datetime(2027, 3, 1, 23, 30, tzinfo=UTC)  # after midnight where the case is

    story = Story(definition=definition, now=late).start()

    assert story.case.data == {"met_on": "2027-03-02"}
