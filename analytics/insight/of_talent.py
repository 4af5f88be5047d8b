"""The figures of talent management and recruiting, by name."""

from typing import Final

from analytics.insight import engagement, hiring, staying, talent
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
        trap="Where nobody writes such records, everybody left unseen.",
        reads=("rating", "flight_risk"),
        unit=Unit.SHARE,
        of="people with a top rating who left",
        compute=staying.unexpected_exits,
        better="low",
    ),
    Metric(
        name="signals-looked-at",
        id="CN3",
        title="Signs of leaving that somebody looked at",
        definition="The share of the records `flight_risk` of the last 12 months after which "
        "somebody decided within 14 days what to make of them; those of the last 14 days count "
        "only once somebody has.",
        trap="That somebody looked says nothing of whether the person stayed.",
        reads=("flight_risk", "risk.looked_at"),
        unit=Unit.SHARE,
        of="signs",
        compute=engagement.signals_looked_at,
    ),
    Metric(
        name="exit-actions",
        id="CN9",
        title="Actions after an exit that were done",
        definition="The share of what was to be done because of somebody's exit, asked for in the "
        "last 12 months, that was done within 90 days; what was asked for in the last 90 days "
        "counts only once it is done. It is the step `act` of the process exit.",
        trap="Exits of which nobody learned anything have no actions.",
        reads=("exit",),
        unit=Unit.SHARE,
        of="actions",
        compute=staying.exit_actions,
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
        compute=hiring.days_to_hire,
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
        compute=hiring.candidates_per_opening,
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
        compute=hiring.interviews_per_hire,
        better="low",
    ),
    Metric(
        name="hires-by-source",
        id="MT15",
        title="Applications that led to a hire, by where they came from",
        definition="The share of the applications of the last 12 months of which it is known how "
        "they were found, and which are closed, that ended as hired; for each source also which "
        "share of all came by it.",
        trap="What a source costs, and whom it keeps away, is not in it.",
        reads=("candidate.applied", "candidate-application"),
        unit=Unit.SHARE,
        of="applications",
        compute=hiring.hires_by_source,
        better="neither",
    ),
    Metric(
        name="cost-per-hire",
        id="MT15",
        title="What ads and agencies cost for each hire",
        definition="What was paid for all searches that were closed in the last 12 months, also "
        "those that found nobody, divided by those of them that filled a seat; as the recruiter "
        "said it (`cost` of recruiting), each currency by itself.",
        trap="The time of those who talk with candidates is not in it.",
        reads=("recruiting",),
        unit=Unit.EACH,
        of="hires",
        compute=hiring.cost_per_hire,
        better="low",
    ),
)  # fmt: skip
