"""Macrosteps per second of the core alone on the standard onboarding, without any storage.

    python benchmarks/core.py [CASES]

prepare -> three tasks in parallel -> check-in -> closed: a start and five answers a case, with two
conditions, forms, rendered titles, owners from the directory, due dates and reminders.
"""

import sys
import time
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "core"))

from core_charts import Charts, S, button, done, final, lowered

from engine.core.chart import Definition, Shape
from engine.core.events import CaseStarted, TaskAnswered
from engine.core.form import FieldType
from engine.core.snapshot import CaseFacts
from engine.core.step import Step, step

NOW = datetime(2026, 1, 5, 9, tzinfo=UTC)
ROUNDS = 30
PREPARE = {"start_date": "2026-02-03", "seat": "B1", "signed": True, "band": 3}
ANSWERS: tuple[tuple[str, str, Mapping[str, Any]], ...] = (
    ("prepare#1", "boss", PREPARE),
    ("set_up.account.task#1", "it1", {"username": "user1", "licences": 2}),
    ("set_up.equipment.task#1", "fac1", {"laptop": "14 inch", "delivered": True}),
    ("set_up.payroll.task#1", "pay1", {"tax_class": 1, "approved": True}),
    ("checkin#1", "boss", {"rating": 4, "comment": "Settled in well."}),
)


class Office:
    """A directory that knows everybody, and a calendar without holidays."""

    zone: tzinfo = timezone(timedelta(hours=1))

    def person(self, person: str) -> Mapping[str, Any] | None:
        manager = None if person == "boss" else "boss"
        return {"id": person, "name": person, "manager": manager, "location": "berlin"}

    def holders(self, role: str, of: str | None) -> tuple[str, ...]:  # noqa: ARG002
        return (f"{role}1",)

    def members(self, queue: str) -> tuple[str, ...]:  # noqa: ARG002
        return ()

    def pooled(self, pool: str, *, people: int, least: int) -> tuple[()]:  # noqa: ARG002
        return ()

    def record(self, kind: str, about: str) -> None:  # noqa: ARG002
        return None

    def stand_in(self, person: str) -> str | None:  # noqa: ARG002
        return None

    def calendar(self, location: str | None) -> "Office":  # noqa: ARG002
        return self

    def add_workdays(self, day: date, count: int) -> date:
        return day + timedelta(days=count)

    def workdays_between(self, start: date, end: date) -> int:
        return (end - start).days


def onboarding() -> Definition:
    shared = {
        "start_date": FieldType.DATE, "seat": FieldType.TEXT, "signed": FieldType.YES_NO,
        "band": FieldType.INTEGER, "username": FieldType.TEXT, "licences": FieldType.INTEGER,
        "laptop": FieldType.TEXT, "delivered": FieldType.YES_NO, "tax_class": FieldType.INTEGER,
        "approved": FieldType.YES_NO, "rating": FieldType.SCALE, "comment": FieldType.LONGTEXT,
    }  # fmt: skip
    charts = Charts(shared)
    remind = (charts.rule("remind", "1 days before due"),)

    def task(name: str, to: str, due: str, fields: list[str]) -> S:
        asked = charts.task(to, due=due, shared=fields, title="Onboard {{ subject.name }}")
        rows = [button("submit", "$done")] if name == "task" else []
        return S(name=name, task=asked, timers=remind, on=rows)

    account = task("task", "role:it", "5 days", ["username", "licences"])
    equipment = task("task", "role:fac", "7 days", ["laptop", "delivered"])
    payroll = task("task", "role:pay", "7 days", ["tax_class", "approved"])
    prepare = task("prepare", "subject.manager", "3 days", ["start_date", "seat", "signed", "band"])
    prepare.on = [button("submit", "set_up", when="data.signed"), button("submit", "prepare")]
    checkin = task("checkin", "subject.manager", "30 days", ["rating", "comment"])
    checkin.on = [
        button("submit", "closed", when="data.rating >= 2"),
        button("submit", "prepare"),
    ]
    branches = [
        lowered("account", account),
        lowered("equipment", equipment),
        lowered("payroll", payroll),
    ]
    set_up = S(name="set_up", shape=Shape.PARALLEL, children=branches, on=[done("checkin")])
    return charts.define(
        prepare, set_up, checkin, final("closed", "done"), calendar="subject.location"
    )


def run(definition: Definition, cases: int) -> float:
    """Seconds to play the cases from start to end, every step from the snapshot before it."""
    office = Office()
    begun = time.perf_counter()
    for number in range(cases):
        facts = CaseFacts(
            id=f"ONB-{number}", subject="ann", opened_by="boss", opened_at=NOW, key=None
        )
        now: Step = step(definition, None, CaseStarted(case=facts, data={}), NOW, office)
        for key, by, answers in ANSWERS:
            event = TaskAnswered(task=key, button="submit", answers=answers, by=by, at=NOW)
            now = step(definition, now.snapshot, event, NOW, office)
        assert now.snapshot.outcome == "done"
    return time.perf_counter() - begun


def main() -> None:
    cases = int(sys.argv[1]) if len(sys.argv) > 1 else 50
    definition = onboarding()
    run(definition, 10)
    best = min(run(definition, cases) for _ in range(ROUNDS))
    steps = cases * (1 + len(ANSWERS))
    print(f"{steps / best:,.0f} macrosteps/s ({best / steps * 1e6:.1f} us each, best of {ROUNDS})")


if __name__ == "__main__":
    main()
