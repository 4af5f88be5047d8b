"""The figures of how processes run and hand on to one another, by name."""

from functools import partial
from typing import Final

from analytics.insight import joints, running
from analytics.insight.measures import Metric, Unit

FIGURES: Final = (
    Metric(
        name="performance-funnel",
        id="MT8",
        title="Performance years that were completed",
        definition="The share of the performance years opened in the last 12 months that ended as "
        "done, and how many came to each step that asks somebody.",
        trap="Those that were opened lately cannot be done yet.",
        reads=("pcer-year",),
        unit=Unit.SHARE,
        of="performance years",
        compute=partial(running.funnel, "pcer-year", "done"),
    ),
    Metric(
        name="development-funnel",
        id="MT8",
        title="Development plans that were achieved",
        definition="The share of the development plans opened in the last 12 months that ended as "
        "achieved, and how many came to each step that asks somebody.",
        trap="Those that were opened lately cannot be achieved yet.",
        reads=("development-plan",),
        unit=Unit.SHARE,
        of="plans",
        compute=partial(running.funnel, "development-plan", "achieved"),
    ),
    Metric(
        name="recruiting-funnel",
        id="MT8",
        title="Applications that led to a hire",
        definition="The share of the applications opened in the last 12 months that ended as "
        "hired, and how many came to each step that asks somebody.",
        trap="Those that were opened lately cannot be decided yet.",
        reads=("candidate-application",),
        unit=Unit.SHARE,
        of="applications",
        compute=partial(running.funnel, "candidate-application", "hired"),
        better="neither",
    ),
    Metric(
        name="on-time",
        id="MT14",
        title="Tasks answered in time",
        definition="The share of the tasks that fell due in the last 12 months, and were not "
        "withdrawn before, that were answered by then; in all processes, and for each step.",
        trap="A due date that was moved counts as it is now.",
        reads=(),
        unit=Unit.SHARE,
        of="tasks",
        compute=running.on_time,
    ),
    Metric(
        name="handovers",
        id="MT14",
        title="Hand-overs for each case",
        definition="How often a task went from somebody to somebody else in the last 12 months, "
        "divided by the cases that were open at any time in them; who takes a task out of a queue "
        "takes it from nobody.",
        trap="Hand-overs because of a new manager are as they should be.",
        reads=(),
        unit=Unit.EACH,
        of="cases",
        compute=running.handovers,
        better="neither",
    ),
    Metric(
        name="cancelled",
        id="MT14",
        title="Cases that were broken off",
        definition="The share of the cases closed in the last 12 months that ended as cancelled "
        "or withdrawn.",
        trap="Why each was broken off stands in its history.",
        reads=(),
        unit=Unit.SHARE,
        of="closed cases",
        compute=running.cancelled,
        better="low",
    ),
    Metric(
        name="people-without-rating",
        id="CN1",
        title="Employees without a rating of this year",
        definition="The share of the employees without a valid rating that was recorded in the "
        "last 12 months.",
        trap="Who came in the year counts as everybody else.",
        reads=("rating",),
        unit=Unit.SHARE,
        of="employees",
        compute=joints.people_without_rating,
        better="low",
    ),
    Metric(
        name="reviews-without-plan",
        id="CN2",
        title="Reviews without a plan",
        definition="The share of the reviews closed in the last 12 months, and at least 14 days "
        "ago, for whose person no development plan was open or opened within 14 days.",
        trap="A plan that was opened may still be empty; see the reviews that led to action.",
        reads=("review.closed", "development-plan"),
        unit=Unit.SHARE,
        of="reviews",
        compute=joints.reviews_without_plan,
        better="low",
    ),
    Metric(
        name="uncalibrated-decisions",
        id="CN4",
        title="Decisions without a calibrated rating",
        definition="The share of the people named as successors or placed in a talent review in "
        "the last 12 months who had no calibrated rating of less than 12 months at that time.",
        trap="It says that the data were missing, not that the decision was wrong.",
        reads=("successor.named", "talent", "rating"),
        unit=Unit.SHARE,
        of="decisions",
        compute=joints.uncalibrated_decisions,
        better="low",
    ),
    Metric(
        name="plans-per-person",
        id="CN6",
        title="Employees with two plans or none",
        definition="The share of the employees who do not have exactly one open development plan.",
        trap="Who has just achieved a plan has none for a while.",
        reads=("development-plan",),
        unit=Unit.SHARE,
        of="employees",
        compute=joints.plans_per_person,
        better="low",
    ),
    Metric(
        name="successors-without-plan",
        id="CN8",
        title="Successors without a plan",
        definition="The share of the people on a valid list of successors, named at least 2 days "
        "ago, for whom no development plan was open or opened within 2 days of being named.",
        trap="Somebody on two lists counts twice. Of several on a list it is about whoever is "
        "furthest from ready, if the event says who that is.",
        reads=("successor.named", "succession", "development-plan"),
        unit=Unit.SHARE,
        of="successors",
        compute=joints.successors_without_plan,
        better="low",
    ),
    Metric(
        name="vacancies-without-activation",
        id="CN8",
        title="Vacated critical roles for which nothing was started",
        definition="The share of the critical roles vacated in the last 12 months, and at least 2 "
        "days ago, for which succession-activation was not started within 2 days.",
        trap="It does not matter here who took the seat; see the plans that were used.",
        reads=("role.vacated", "notice.withdrawn", "critical", "succession",
               "succession-activation"),
        unit=Unit.SHARE,
        of="vacated critical roles",
        compute=joints.vacancies_without_activation,
        better="low",
    ),
    Metric(
        name="hires-without-onboarding",
        id="CN10",
        title="Hires without onboarding",
        definition="The share of the offers accepted in the last 12 months, and at least 2 days "
        "ago, after which no onboarding was opened within 2 days.",
        trap="An onboarding that was opened by hand before the offer was accepted does not count.",
        reads=("offer.accepted", "onboarding"),
        unit=Unit.SHARE,
        of="accepted offers",
        compute=joints.hires_without_onboarding,
        better="low",
    ),
    Metric(
        name="hires-without-goals",
        id="CN10",
        title="Hires without goals after 30 days",
        definition="The share of those who started in the last 12 months, and whose first day is "
        "at least 30 days ago, whose goals were not agreed on within 30 days of that day.",
        trap="Who has left since counts as everybody else.",
        reads=("person.started", "goals.agreed"),
        unit=Unit.SHARE,
        of="people who started",
        compute=joints.hires_without_goals,
        better="low",
    ),
    Metric(
        name="reviews-with-thanks",
        id="CN12",
        title="Reviews with thanks to read",
        definition="The share of the reviews sent in in the last 12 months about somebody of whom "
        "a valid record `recognition` was there at that time.",
        trap="Whoever keeps their thanks to themselves counts as nobody who was thanked.",
        reads=("review.submitted", "recognition"),
        unit=Unit.SHARE,
        of="reviews",
        compute=joints.reviews_with_thanks,
    ),
)  # fmt: skip
