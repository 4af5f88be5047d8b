"""The figures of talent management and recruiting, by name."""

from typing import Final

from analytics.insight import running, staying, talent
from analytics.insight.measures import Metric, Unit

FIGURES: Final = (
    Metric(
        name="internal-fill-rate",
        id="MT4",
        title="Seats filled from inside",
        definition="The share of the seats that were filled for good in the last 12 months by "
        "somebody who was an employee the day before.",
        trap="Who sits in for the time being does not count, and a chain of moves counts each "
        "seat.",
        reads=("role.filled",),
        unit=Unit.SHARE,
        of="seats filled",
        compute=talent.internal_fill_rate,
    ),
    Metric(
        name="retention",
        id="MT7",
        title="Employees who stayed",
        definition="The share of those who were employees 12 months ago and have not left since, "
        "whatever the cause.",
        trap="Who came and left within the 12 months is not in it.",
        reads=(),
        unit=Unit.SHARE,
        of="employees of then",
        compute=staying.retention,
    ),
    Metric(
        name="high-performer-retention",
        id="MT5",
        title="The best who stayed",
        definition="The share of those who were employees with a top rating 12 months ago and "
        "have not left of their own will since; a top rating is one from `insight_top` on (4).",
        trap="The group is fixed at the start; whoever left without a known cause counts as of "
        "their own will.",
        reads=("rating", "notice.given", "notice.withdrawn"),
        unit=Unit.SHARE,
        of="people with a top rating then",
        compute=staying.high_performer_retention,
        personal=True,
    ),
    Metric(
        name="unexpected-exits",
        id="MT16",
        title="The best who left unseen",
        definition="The share of the employees with a top rating who left in the last 12 months "
        "of whom no record `flight_risk` was written in the 90 days before.",
        trap="Nothing that ships writes such records; where nobody does, everybody left unseen.",
        reads=("rating", "flight_risk"),
        unit=Unit.SHARE,
        of="people with a top rating who left",
        compute=staying.unexpected_exits,
        better="low",
    ),
    Metric(
        name="time-to-fill",
        id="MT6",
        title="Days until a critical role is filled",
        definition="The days after which half of the vacancies of critical roles are filled for "
        "good, estimated after Kaplan and Meier with those that are still open: from "
        "`role.vacated` or `requisition.approved`, whichever came first, to `role.filled`.",
        trap="The mean of those that are filled would be too short, since the long ones are still "
        "open.",
        reads=("role.vacated", "requisition.approved", "role.filled", "requisition.withdrawn",
               "requisition.closed", "notice.withdrawn", "move.withdrawn", "person.resumed",
               "critical",               "succession"),
        unit=Unit.DAYS,
        of="vacancies",
        compute=talent.time_to_fill,
        better="low",
    ),
    Metric(
        name="readiness",
        id="MT10",
        title="Critical roles with somebody ready",
        definition="The share of the critical roles with a successor on the list who is employed "
        "and of whom skills, potential or development were recorded in the last 90 days.",
        trap="Fresh evidence may also show that somebody is not ready: read the list.",
        reads=("critical", "succession", "skills", "potential", "development"),
        unit=Unit.SHARE,
        of="critical roles",
        compute=talent.readiness,
    ),
    Metric(
        name="bench-depth",
        id="MT8",
        title="Successors for each critical role",
        definition="The people on the valid lists of critical roles who are employed (without "
        "those who only cover in an emergency), divided by the critical roles.",
        trap="One person on three lists counts three times.",
        reads=("critical", "succession"),
        unit=Unit.EACH,
        of="critical roles",
        compute=talent.bench_depth,
    ),
    Metric(
        name="activation-rate",
        id="MT11",
        title="Succession plans that were used",
        definition="The share of the critical roles vacated in the last 12 months for which "
        "succession-activation was started within 2 days and somebody on the list of then took "
        "the seat, for the time being or for good.",
        trap="A seat that nobody has taken yet counts only once it is too late to start in time.",
        reads=("role.vacated", "role.filled", "succession", "critical", "succession-activation"),
        unit=Unit.SHARE,
        of="vacated critical roles",
        compute=talent.activation_rate,
    ),
    Metric(
        name="stale-data",
        id="MT12",
        title="Data that are too old",
        definition="The share of the newest records about employees that are too old: ratings "
        "after 12 months, potential and skills after 90 days, signals that somebody may leave "
        "after 60.",
        trap="Who has no record at all is not in it; see the people without a rating.",
        reads=("rating", "potential", "skills", "flight_risk"),
        unit=Unit.SHARE,
        of="records",
        compute=talent.stale_data,
        better="low",
    ),
    Metric(
        name="days-to-hire",
        id="MT15",
        title="Days until a requisition is filled",
        definition="The days after which half of all approved requisitions are filled, estimated "
        "after Kaplan and Meier: from `requisition.approved` to `role.filled` of the same case.",
        trap="It begins with the approval, not with the wish.",
        reads=("recruiting", "requisition.approved", "role.filled"),
        unit=Unit.DAYS,
        of="requisitions",
        compute=running.days_to_hire,
        better="low",
    ),
    Metric(
        name="candidates-per-opening",
        id="MT15",
        title="Candidates for each opening",
        definition="The mean number of applications that requisitions approved in the last 12 "
        "months have started.",
        trap="Requisitions that are still open will get more.",
        reads=("recruiting", "candidate-application", "requisition.approved"),
        unit=Unit.EACH,
        of="requisitions",
        compute=running.candidates_per_opening,
        better="neither",
    ),
    Metric(
        name="interviews-per-hire",
        id="MT15",
        title="Interviews for each hire",
        definition="The mean number of answered interview tasks over all candidates of a "
        "requisition that was filled in the last 12 months; an interview is a step of "
        "candidate-application with `interview` in its name.",
        trap="Interviews that nobody wrote down are not in it.",
        reads=("recruiting", "candidate-application", "role.filled"),
        unit=Unit.EACH,
        of="hires",
        compute=running.interviews_per_hire,
        better="low",
    ),
)  # fmt: skip
