"""A plan survives its file, and a file that is none is told in a sentence."""

import json
from datetime import UTC, datetime

import pytest

from engine.core.mapping import BY_NAME, MigrationRule, Otherwise, Timers
from engine.versions import (
    CasePlan,
    Outcome,
    Plan,
    Planned,
    PlanUnreadable,
    plan_from_json,
    plan_to_json,
)
from engine.versions.plan import Date

NOW = datetime(2027, 3, 1, 9, tzinfo=UTC)
RULE = MigrationRule(
    states={"old": "new"},
    stay=frozenset({"pilot"}),
    drop=frozenset({"gather.badge"}),
    timers=Timers.RECOMPUTE,
    otherwise=Otherwise.STAY,
)
CASE = CasePlan(
    outcome=Outcome.CLOSER,
    place=None,
    why=None,
    places=(("old", "new"),),
    dates=(Date(what="new", was=NOW, becomes=None),),
    past=True,
    mails=2,
    reminders=3,
    at_once=1,
    lost=("note",),
)
PLAN = Plan(
    process="mid-year",
    version=3,
    sha256="0" * 64,
    made_at=NOW,
    rules={1: BY_NAME, 2: RULE},
    cases=(Planned(case="MID-0001", version=2, revision=7, plan=CASE),),
)


def test_a_plan_survives_its_file():
    assert plan_from_json(json.loads(json.dumps(plan_to_json(PLAN))), "plan.json") == PLAN


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda data: [], "is no plan"),
        (lambda data: {**data, "format": "tenure plan 9"}, "is no plan"),
        (lambda data: {**data, "rules": {}}, "changed by hand"),
        (lambda data: {**data, "cases": [{"case": "MID-0001"}]}, "changed by hand"),
        (lambda data: {**data, "made_at": "soon"}, "changed by hand"),
        (lambda data: {**data, "cases": 7}, "changed by hand"),
    ],
    ids=["a list", "of another kind", "no rules", "a cut case", "no instant", "no cases"],
)
def test_a_file_that_is_no_plan_is_told_in_a_sentence(change, says):
    with pytest.raises(PlanUnreadable, match=rf"^plan\.json .*{says}"):
        plan_from_json(change(plan_to_json(PLAN)), "plan.json")
