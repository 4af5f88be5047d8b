"""A plan as a file: what `tenure plan` saves and `tenure migrate` does, case by case."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from engine.audit.migrated import rule_as_data, rule_of
from engine.core.mapping import MigrationRule
from engine.versions.plan import CasePlan, Date, Outcome

_FORMAT: Final = "tenure plan 1"


class PlanUnreadable(Exception):  # noqa: N818 - it says what the file is
    """The message is a sentence for who named the file."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Planned:
    """One case of a plan."""

    case: str  # its name
    version: int  # that it runs under
    revision: int  # that it had; any other means that it moved on since
    plan: CasePlan


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """What becomes of every running case of a process."""

    process: str
    version: int  # the new one
    sha256: str  # of its text
    made_at: datetime
    rules: Mapping[int, MigrationRule]  # by the version that cases come from
    cases: tuple[Planned, ...]  # in the order in which they were opened

    def having(self, *outcomes: Outcome) -> tuple[Planned, ...]:
        return tuple(each for each in self.cases if each.plan.outcome in outcomes)


def plan_to_json(plan: Plan) -> dict[str, Any]:
    return {
        "format": _FORMAT,
        "process": plan.process,
        "version": plan.version,
        "sha256": plan.sha256,
        "made_at": plan.made_at.isoformat(),
        "rules": {str(version): rule_as_data(rule) for version, rule in plan.rules.items()},
        "cases": [
            {
                "case": each.case,
                "from": each.version,
                "revision": each.revision,
                **_case_to_json(each.plan),
            }
            for each in plan.cases
        ],
    }


def _case_to_json(plan: CasePlan) -> dict[str, Any]:
    """Only what there is to say."""
    told: dict[str, Any] = {"outcome": plan.outcome.value}
    if plan.place is not None:
        told["place"] = plan.place
    if plan.why is not None:
        told["why"] = plan.why
    if plan.places:
        told["places"] = [list(pair) for pair in plan.places]
    if plan.dates:
        told["dates"] = [[date.what, _iso(date.was), _iso(date.becomes)] for date in plan.dates]
    if plan.past:
        told["past"] = True
    told |= {
        name: count for name in ("mails", "reminders", "at_once") if (count := getattr(plan, name))
    }
    if plan.lost:
        told["lost"] = list(plan.lost)
    return told


def plan_from_json(data: Any, name: str) -> Plan:
    """Raises PlanUnreadable."""
    if not isinstance(data, Mapping) or data.get("format") != _FORMAT:
        raise PlanUnreadable(
            f"{name} is no plan. `tenure plan FILE --save {name}` writes one; the file of a "
            "definition is not what is wanted here."
        )
    try:
        plan = Plan(
            process=str(data["process"]),
            version=int(data["version"]),
            sha256=str(data["sha256"]),
            made_at=datetime.fromisoformat(data["made_at"]),
            rules={int(version): rule_of(rule) for version, rule in data["rules"].items()},
            cases=tuple(_case_from_json(each) for each in data["cases"]),
        )
        for each in plan.cases:
            plan.rules[each.version]  # KeyError: a rule was taken out
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise PlanUnreadable(
            f"{name} was changed by hand or cut off, and cannot be read as a plan ({error!r}). "
            "Make it anew with `tenure plan FILE --save`."
        ) from error
    return plan


def _case_from_json(data: Mapping[str, Any]) -> Planned:
    plan = CasePlan(
        outcome=Outcome(data["outcome"]),
        place=data.get("place"),
        why=data.get("why"),
        places=tuple((was, now) for was, now in data.get("places", ())),
        dates=tuple(
            Date(what=what, was=_instant(was), becomes=_instant(becomes))
            for what, was, becomes in data.get("dates", ())
        ),
        past=bool(data.get("past", False)),
        mails=int(data.get("mails", 0)),
        reminders=int(data.get("reminders", 0)),
        at_once=int(data.get("at_once", 0)),
        lost=tuple(data.get("lost", ())),
    )
    return Planned(
        case=str(data["case"]),
        version=int(data["from"]),
        revision=int(data["revision"]),
        plan=plan,
    )


def _iso(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()


def _instant(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
