"""Every figure computed a second time, from exported files only and with other tools."""

from collections.abc import Callable, Mapping

import again_joints
import again_performance
import again_running
import again_talent
import again_voices
from insight_files import YEAR, Files
from insight_shape import Again

AGAIN: Mapping[str, Callable[[Files], Again]] = {
    "goal-attainment": again_performance.goal_attainment,
    "feedback-frequency": again_performance.feedback_frequency,
    "rating-distribution": again_performance.rating_distribution,
    "engagement": again_voices.engagement,
    "recognised": lambda files: again_performance.told_of(files, "recognition.given"),
    "signals-looked-at": again_voices.signals_looked_at,
    "exit-actions": again_voices.exit_actions,
    "hires-by-source": again_running.hires_by_source,
    "cost-per-hire": again_running.cost_per_hire,
    "reviews-closed": lambda files: again_performance.told_of(files, "review.closed"),
    "goals-agreed": lambda files: again_performance.told_of(files, "goals.agreed", "goals.scored"),
    "action-rate": again_performance.action_rate,
    "calibration-coverage": again_performance.calibration_coverage,
    "calibration-movement": again_performance.calibration_movement,
    "internal-fill-rate": again_talent.internal_fill_rate,
    "retention": again_talent.retention,
    "high-performer-retention": again_talent.high_performer_retention,
    "unexpected-exits": again_talent.unexpected_exits,
    "time-to-fill": again_talent.time_to_fill,
    "readiness": again_talent.readiness,
    "bench-depth": again_talent.bench_depth,
    "activation-rate": again_talent.activation_rate,
    "stale-data": again_talent.stale_data,
    "days-to-hire": again_running.days_to_hire,
    "candidates-per-opening": again_running.candidates_per_opening,
    "interviews-per-hire": again_running.interviews_per_hire,
    "performance-funnel": lambda files: again_running.funnel(files, "pcer-year", "done"),
    "development-funnel": lambda files: again_running.funnel(files, "development-plan", "achieved"),
    "recruiting-funnel": lambda files: again_running.funnel(
        files, "candidate-application", "hired"
    ),
    "on-time": again_running.on_time,
    "handovers": again_running.handovers,
    "cancelled": again_running.cancelled,
    "reviews-with-thanks": again_joints.reviews_with_thanks,
    "people-without-rating": again_joints.people_without_rating,
    "reviews-without-plan": lambda files: again_joints.followed(
        files, files.told("review.closed", files.at - YEAR), "development-plan", 14, running=True
    ),
    "uncalibrated-decisions": again_joints.uncalibrated_decisions,
    "plans-per-person": again_joints.plans_per_person,
    "successors-without-plan": again_joints.successors_without_plan,
    "vacancies-without-activation": again_joints.vacancies_without_activation,
    "hires-without-onboarding": lambda files: again_joints.followed(
        files, files.told("offer.accepted", files.at - YEAR), "onboarding", 2, running=False
    ),
    "hires-without-goals": again_joints.hires_without_goals,
}
