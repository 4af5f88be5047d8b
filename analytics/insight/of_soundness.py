"""The detectors of decisions and data that do not hold what they promise, by name."""

from typing import Final

from analytics.insight import soundness
from analytics.insight.measures import Detector

DETECTORS: Final = (
    Detector(
        name="rating-difference",
        id="FM5",
        title="A manager's ratings differ from everybody else's",
        rule="The analytic `rating_distribution`, with whoever rated as units and at least 5 "
        "people each, calls the difference notable.",
        way_out="Put the ratings of this team on the agenda of a calibration session; it may be "
        "the team that differs.",
        reads=("rating", "review.submitted"),
        find=soundness.rating_differences,
    ),
    Detector(
        name="pay-without-calibration",
        id="FM6",
        title="Pay was decided on a rating that nobody had compared",
        rule="Pay was decided in the last 12 months (`pay.decided`), and no calibration of that "
        "cycle that names the person was published before.",
        way_out="Hold the payment, calibrate the rating, and decide again.",
        reads=("pay.decided", "calibration.published"),
        find=soundness.pay_without_calibration,
    ),
    Detector(
        name="seat-without-potential",
        id="FM7",
        title="Somebody moved up on past work alone",
        rule="An employee took a seat for good in the last 12 months and had no valid record "
        "`potential` at that time.",
        way_out="Assess what the new role asks for with them, and plan the first 90 days.",
        reads=("role.filled", "potential"),
        find=soundness.seats_without_potential,
    ),
    Detector(
        name="stale-rating",
        id="FM8",
        title="A rating is too old, or not of this manager or role",
        rule="The newest rating of an employee is older than 12 months, or who gave it "
        "(`rated_by` of the record, else `rater` of the last `review.submitted`) is not employed "
        "any more, or it was given in another role (`title` of the record).",
        way_out="Do not decide on it; ask the present manager for a review.",
        reads=("rating", "review.submitted"),
        find=soundness.stale_ratings,
    ),
    Detector(
        name="potential-like-performance",
        id="FM12",
        title="Somebody sees potential wherever performance is",
        rule="Over at least 5 employees whose valid ratings were given by the same manager, valid "
        "record `potential` (low, middle and high count as 1, 2 and 3) and rating correlate with "
        "more than 0.9.",
        way_out="Ask a second rater for these people before the talent review.",
        reads=("potential", "rating", "review.submitted"),
        find=soundness.potential_like_performance,
    ),
    Detector(
        name="change-without-reason",
        id="FM13",
        title="A calibration changed a rating without a reason",
        rule="A rating published in the last 12 months differs from what the manager sent in for "
        "the same cycle, and no reason is published with it.",
        way_out="Ask the session for the reason and tell it to the person.",
        reads=("calibration.published", "review.submitted"),
        find=soundness.changes_without_reason,
    ),
    Detector(
        name="slow-hiring",
        id="FM14",
        title="A requisition is open for too long",
        rule="A recruiting case is open and its requisition was approved more than 45 days ago.",
        way_out="Look at where its candidates wait, or close it.",
        reads=("recruiting", "requisition.approved"),
        find=soundness.slow_hiring,
    ),
    Detector(
        name="many-interviews",
        id="FM14",
        title="A candidate had too many interviews",
        rule="More than 4 interview tasks of an application opened in the last 12 months were "
        "answered.",
        way_out="Decide with what is known; agree on fewer interviews for the next opening.",
        reads=("candidate-application",),
        find=soundness.many_interviews,
    ),
    Detector(
        name="single-holder",
        id="FM16",
        title="One person alone has a skill, and sits on a critical role",
        rule="Only one employee has a skill at level 3 or more in the valid records `skills`, and "
        "holds a position with a valid record `critical`.",
        way_out="Plan the succession of the role, and let somebody learn from them.",
        reads=("skills", "critical"),
        find=soundness.single_holders,
    ),
    Detector(
        name="talent-on-weak-ratings",
        id="FM17",
        title="Talent decisions before the ratings are sound",
        rule="There are decisions of the last 12 months on successors or talent reviews while "
        "fewer than 80 % of the employees have a valid rating of the last 12 months.",
        way_out="Close and calibrate the performance year first.",
        reads=("successor.named", "talent", "rating"),
        find=soundness.talent_on_weak_ratings,
    ),
    Detector(
        name="goals-before-profile",
        id="CN5",
        title="Somebody works towards goals of an older profile of their role",
        rule="An employee holds a position whose valid record `capability_profile` was written "
        "more than 30 days ago, and their goals were last agreed on before it.",
        way_out="Look at their goals again in the light of what the role will ask for.",
        reads=("capability_profile", "goals.agreed"),
        find=soundness.goals_before_profile,
    ),
)
