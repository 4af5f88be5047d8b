"""The detectors of what should have happened and did not, by name."""

from typing import Final

from analytics.insight import omissions
from analytics.insight.measures import Detector

DETECTORS: Final = (
    Detector(
        name="review-without-action",
        id="FM1",
        title="A review led to nothing",
        rule="The last review of an employee of the last 12 months was closed more than 30 days "
        "ago, no plan that had been agreed on was under way then, and none was agreed on since.",
        way_out="Ask them and their manager for a plan, or start one: tenure start "
        "development-plan.",
        reads=("review.closed", "plan.agreed", "development-plan"),
        find=omissions.reviews_without_action,
    ),
    Detector(
        name="feedback-without-development",
        id="FM2",
        title="Feedback was to become a plan and did not",
        rule="An employee wanted to make feedback part of their development plan more than 30 "
        "days ago and in the last 12 months, no plan was agreed on since, and none is open.",
        way_out="Start a development plan for them; the feedback case says what they heard.",
        reads=("feedback.given", "plan.agreed", "development-plan"),
        find=omissions.feedback_without_development,
    ),
    Detector(
        name="role-without-readiness",
        id="FM3",
        title="A critical role has nobody of whom it is known that they are ready",
        rule="Of nobody on the valid list of a critical role who is employed were skills, "
        "potential or development recorded in the last 90 days; or there is no list.",
        way_out="Open a skills inventory or a talent review for those on the list, or plan the "
        "succession anew.",
        reads=("critical", "succession", "skills", "potential", "development"),
        find=omissions.roles_without_readiness,
    ),
    Detector(
        name="untouched-list",
        id="FM3",
        title="A list of successors was not looked at for a quarter",
        rule="The newest record `succession` of a critical role is older than 90 days.",
        way_out="Start succession-planning for the role again.",
        reads=("critical", "succession"),
        find=omissions.untouched_lists,
    ),
    Detector(
        name="vacancy-without-activation",
        id="FM4",
        title="A critical role was vacated and the plan was left in the drawer",
        rule="A critical role was vacated in the last 12 months and more than 2 days ago, "
        "succession-activation was not started within 2 days, and the seat is still empty.",
        way_out="Start succession-activation for the role by hand.",
        reads=("role.vacated", "role.filled", "critical", "succession", "succession-activation"),
        find=omissions.vacancies_not_activated,
    ),
    Detector(
        name="undeveloped-list",
        id="FM4",
        title="Nobody on a list of successors is being developed",
        rule="Of a critical role with a valid list, nobody on it has an open development plan "
        "that was agreed on, nor a valid record `development`.",
        way_out="Agree on a 90-day plan with one of them; begin with whoever is furthest from "
        "ready.",
        reads=("critical", "succession", "plan.agreed", "development-plan", "development"),
        find=omissions.undeveloped_lists,
    ),
    Detector(
        name="empty-critical-seat",
        id="FM9",
        title="A critical seat is empty and nobody sits in",
        rule="A critical role was vacated, its last day is over (or it was vacated more than 2 "
        "days ago and no last day is known), and nobody has taken it, not even for the time being.",
        way_out="Appoint somebody for the time being in the case of succession-activation.",
        reads=("role.vacated", "role.filled", "notice.withdrawn", "critical", "succession"),
        find=omissions.empty_seats,
    ),
    Detector(
        name="exit-without-notice",
        id="FM9",
        title="Somebody left and no process knew before",
        rule="An employee left the directory in the last 90 days and no `notice.given` of an "
        "earlier day is about them, or only one that says that they left without notice.",
        way_out="Start the exit process; what they owned waits for somebody.",
        reads=("notice.given",),
        find=omissions.exits_without_notice,
    ),
    Detector(
        name="plans-only-after-complaints",
        id="FM10",
        title="A department learns only after complaints",
        rule="Every development plan that employees of a department agreed on in the last 12 "
        "months was begun `after a complaint` (the `occasion` of `plan.agreed`), and there is one.",
        way_out="Talk with the department about what its people want to learn before somebody "
        "complains.",
        reads=("plan.agreed",),
        find=omissions.plans_only_after_complaints,
    ),
    Detector(
        name="two-plans",
        id="FM11",
        title="Somebody has two development plans",
        rule="More than one development plan of an employee is open.",
        way_out="Cancel one of them with the reason that the other holds both.",
        reads=("development-plan",),
        find=omissions.two_plans,
    ),
    Detector(
        name="person-without-path",
        id="FM15",
        title="An employee has no development plan",
        rule="Somebody is an employee for 90 days or more, has no open development plan and no "
        "valid record `development`.",
        way_out="Ask them what they would like to be doing in two years; start a development plan.",
        reads=("development-plan", "development"),
        find=omissions.people_without_path,
    ),
    Detector(
        name="never-recognised",
        id="FM15",
        title="Nobody has thanked somebody for a year",
        rule="Somebody is an employee for 365 days or more, and no `recognition.given` of the "
        "last 12 months is about them.",
        way_out="Ask their manager what they did well lately; recognition is how it is said.",
        reads=("recognition.given",),
        find=omissions.never_recognised,
    ),
    Detector(
        name="review-waiting",
        id="CN1",
        title="A review waits for a calibration that never came",
        rule="An employee's rating was sent in more than 30 days ago, its performance year is "
        "still open, and no calibration of that cycle was published with this person.",
        way_out="Start the calibration session of that department and cycle.",
        reads=("review.submitted", "calibration.published", "pcer-year"),
        find=omissions.reviews_waiting,
    ),
    Detector(
        name="signal-not-looked-at",
        id="CN3",
        title="A sign that somebody may leave was not looked at",
        rule="The newest record `flight_risk` of an employee is of the last 12 months and more "
        "than 14 days old, and nobody has decided since what to make of it (`risk.looked_at`).",
        way_out="Open the case that wrote it: talk with them, or say why there is nothing to it.",
        reads=("flight_risk", "risk.looked_at"),
        find=omissions.signals_not_looked_at,
    ),
    Detector(
        name="uncalibrated-decision",
        id="CN4",
        title="A decision was made without a calibrated rating",
        rule="Somebody was named as a successor or placed in a talent review in the last 12 "
        "months and had no calibrated rating of less than 12 months at that time.",
        way_out="Calibrate their rating, then look at the decision again.",
        reads=("successor.named", "talent", "rating"),
        find=omissions.decisions_not_calibrated,
    ),
    Detector(
        name="successor-without-plan",
        id="CN8",
        title="A successor was named and no plan followed",
        rule="An employee on a valid list was named more than 2 days ago as furthest from ready, "
        "or without a word about that; no development plan was open or opened within 2 days, and "
        "none is open now.",
        way_out="Start a development plan for them with the pace of 90 days.",
        reads=("successor.named", "succession", "development-plan"),
        find=omissions.successors_without_plan,
    ),
    Detector(
        name="exit-action-open",
        id="CN9",
        title="What was learned from an exit was not done",
        rule="A task of the step `act` of an exit was opened more than 90 days ago and in the "
        "last 12 months, and is still open.",
        way_out="Remind whoever has it, give it to somebody else, or cancel it with the reason.",
        reads=("exit",),
        find=omissions.exit_actions_open,
    ),
    Detector(
        name="hire-without-onboarding",
        id="CN10",
        title="An offer was accepted and no onboarding began",
        rule="An offer was accepted in the last 12 months and more than 2 days ago, and no "
        "onboarding of that person was ever opened.",
        way_out="Start onboarding for them by hand.",
        reads=("offer.accepted", "onboarding"),
        find=omissions.hires_not_onboarded,
    ),
    Detector(
        name="hire-without-goals",
        id="CN10",
        title="Somebody started and has no goals",
        rule="The first day of an employee who started in the last 12 months is more than 30 days "
        "ago, and goals of theirs were never agreed on.",
        way_out="Start goal-setting for them.",
        reads=("person.started", "goals.agreed"),
        find=omissions.hires_still_without_goals,
    ),
    Detector(
        name="probation-forgotten",
        id="CN10",
        title="A probation ends and no review was opened",
        rule="An employee started in the last 12 months and more than 2 days ago with an end of "
        "probation, and no probation-review of theirs was ever opened.",
        way_out="Start probation-review now: in many places silence confirms by law.",
        reads=("person.started", "probation-review"),
        find=omissions.probations_forgotten,
    ),
)
