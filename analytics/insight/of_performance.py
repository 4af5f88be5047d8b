"""The figures of performance management, by name."""

from typing import Final

from analytics.insight import calibration, engagement, performance, ratings
from analytics.insight.measures import Metric, Unit

FIGURES: Final = (
    Metric(
        name="goal-attainment",
        id="MT1",
        title="Goals reached",
        definition="The mean of how far each goal was reached, over all goals of goal-setting "
        "cases that were closed as scored in the last 12 months, by weight: a goal counts by the "
        "part that its weight has in all weights of its case (1 where there is none), and each "
        "case by how many goals it has.",
        trap="Goals that are changed late are easier to reach; see how many people changed theirs "
        "in the last quarter of their period.",
        reads=("goal-setting", "goal_attainment"),
        unit=Unit.PERCENT,
        of="goals",
        compute=performance.goal_attainment,
        personal=True,
    ),
    Metric(
        name="feedback-frequency",
        id="MT2",
        title="Feedback for each employee in 90 days",
        definition="Pieces of feedback that employees got in the last 90 days, divided by all "
        "employees: each answer of 40 characters or more in a feedback case that was closed as "
        "given, and each coaching note that was written in a performance year.",
        trap="It counts, it does not read: short answers are left out, empty praise is not.",
        reads=("feedback-request", "pcer-year"),
        unit=Unit.EACH,
        of="employees",
        compute=performance.feedback_frequency,
        personal=True,
    ),
    Metric(
        name="rating-distribution",
        id="MT3",
        title="How ratings are spread",
        definition="The mean of the ratings of all employees that are valid now, how many have "
        "each mark, and the mean of each department, of those whom each manager rated, and of "
        "each grade; before calibration are the marks that managers sent in.",
        trap="A mean cannot tell a lenient manager from a strong team; what would tell of fewer "
        "than 5, also by comparing two groups, is told only together.",
        reads=("rating", "review.submitted"),
        unit=Unit.MARK,
        of="people with a valid rating",
        compute=ratings.rating_distribution,
        personal=True,
        better="neither",
    ),
    Metric(
        name="reviews-closed",
        id="MT7",
        title="Employees with a closed review",
        definition="The share of the employees of whom a review was closed in the last 12 months.",
        trap="Who came in the year counts as everybody else.",
        reads=("review.closed",),
        unit=Unit.SHARE,
        of="employees",
        compute=performance.reviews_closed,
    ),
    Metric(
        name="goals-agreed",
        id="MT7",
        title="Employees with goals",
        definition="The share of the employees whose goals were agreed on or scored in the last "
        "12 months.",
        trap="That goals were agreed on says nothing of whether they are any good.",
        reads=("goals.agreed", "goals.scored"),
        unit=Unit.SHARE,
        of="employees",
        compute=performance.goals_agreed,
    ),
    Metric(
        name="engagement",
        id="MT7",
        title="How people find it to work here",
        definition="The mean of all answers in the valid records `engagement` of departments, of "
        "5, every answer weighing the same; and how many of those who were asked answered.",
        trap="Who does not answer may see it otherwise; departments of fewer than 5 answers are in "
        "no number.",
        reads=("engagement",),
        unit=Unit.MARK,
        of="answers",
        compute=engagement.engagement,
        personal=True,
    ),
    Metric(
        name="recognised",
        id="FM15",
        title="Employees who were thanked",
        definition="The share of the employees about whom `recognition.given` was told in the last "
        "12 months.",
        trap="Most thanks are said and not written.",
        reads=("recognition.given",),
        unit=Unit.SHARE,
        of="employees",
        compute=engagement.recognised,
    ),
    Metric(
        name="action-rate",
        id="MT9",
        title="Reviews that led to action",
        definition="The share of the reviews closed in the last 12 months after which a "
        "development plan was agreed on within 30 days, or one that had been agreed on was under "
        "way; reviews of the last 30 days count only once there is a plan.",
        trap="A plan that is agreed on is a beginning; whether it is done is told by the plan.",
        reads=("review.closed", "plan.agreed", "development-plan"),
        unit=Unit.SHARE,
        of="reviews",
        compute=performance.action_rate,
    ),
    Metric(
        name="calibration-coverage",
        id="MT13",
        title="Employees rated in a session with enough people",
        definition="The share of the employees whose rating was published in the last 12 months "
        "by a calibration session at which two thirds of the committee were present.",
        trap="That somebody was on the list does not mean that anybody talked about them.",
        reads=("calibration.published", "calibration"),
        unit=Unit.SHARE,
        of="employees",
        compute=calibration.calibration_coverage,
    ),
    Metric(
        name="calibration-movement",
        id="MT13",
        title="Ratings that calibration changed",
        definition="The share of the ratings published in the last 12 months that differ from "
        "what the manager had sent in for the same person and cycle, and how far all of them lie "
        "apart before and after.",
        trap="Committees make ratings more alike: a smaller variance is not a better one.",
        reads=("calibration.published", "review.submitted"),
        unit=Unit.SHARE,
        of="ratings",
        compute=calibration.calibration_movement,
        personal=True,
        better="neither",
    ),
)
