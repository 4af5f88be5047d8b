"""Why a case has not ended when a rehearsal ends."""

from enum import StrEnum

from engine.core.chart import Reassign
from engine.core.questions import Waiting, innermost, waits_for
from engine.core.snapshot import Timer
from engine.core.time import TimerKind
from engine.rehearsal.cases import Case, Play


class Standing(StrEnum):
    """What is the matter with an open case."""

    UNDER_WAY = "under way"  # something will move it after the last day
    UNANSWERED = "unanswered"  # somebody does not answer, and nothing follows from that
    STUCK = "stuck"  # nothing that people do moves it any more


def note_standing(play: Play, case: Case) -> None:
    where = ", ".join(
        dict.fromkeys(map(case.process.spoken, innermost(case.process.definition, case.standing)))
    )
    kind, why = _why(play, case)
    play.tally.standing.note(
        (case.process.name, kind, where, why), case, case.moved_at or case.opened_at
    )


def _why(play: Play, case: Case) -> tuple[Standing, str]:
    if case.held is not None:
        return Standing.STUCK, "an incident stops it (see the incidents)"
    if case.stands_until:
        return _of_pause(case)
    if any(_moves(case, timer) for timer in case.standing.timers.values()):
        return Standing.UNDER_WAY, "a deadline comes later"
    waiting = waits_for(case.process.definition, case.standing)
    if not waiting:
        return Standing.STUCK, "nobody is asked, nothing is waited for and no timer runs"
    found = [_of_one(play, case, each) for each in waiting]
    for kind in (Standing.UNDER_WAY, Standing.STUCK, Standing.UNANSWERED):
        sentences = [sentence for one, sentence in found if one is kind]
        if sentences:
            return kind, "; ".join(dict.fromkeys(sentences))
    raise AssertionError(found)


def _of_pause(case: Case) -> tuple[Standing, str]:
    coming = {name for _, name in case.expected}
    if case.stands_until <= coming:
        return Standing.UNDER_WAY, "it is paused, and what ends that comes later"
    names = " and ".join(f"`{name}`" for name in sorted(case.stands_until - coming))
    return Standing.STUCK, f"it is paused until {names}, and none came that fits"


def _moves(case: Case, timer: Timer) -> bool:
    """Whether a timer leads on, or gives the task to somebody else; reminders do neither."""
    node = case.process.node(timer.place)
    rule = next(each for each in node.state.timers if each.id == timer.rule)
    if rule.kind is TimerKind.UNTIL:
        return True
    return any(
        row.transition.targets
        or any(isinstance(action, Reassign) for action in row.transition.actions)
        for row in node.timers.get(rule.id, ())
    )


def _of_one(play: Play, case: Case, waiting: Waiting) -> tuple[Standing, str]:
    place = case.process.spoken(waiting.place)
    if waiting.task is not None:
        task = waiting.task
        if not task.owners and not (task.queue and play.facts.members(task.queue)):
            return Standing.STUCK, f"nobody has the task `{place}` (rule `{task.by_rule}`)"
        if any((task.key, person) in case.planned for person in case.holders.get(task.key, ())):
            return Standing.UNDER_WAY, f"the answer to `{place}` comes later"
        return Standing.UNANSWERED, f"the task `{place}` is not answered, and nothing follows"
    if waiting.signal is not None:
        if (waiting.place, waiting.signal) in case.expected:
            return Standing.UNDER_WAY, f"the event `{waiting.signal}` comes later"
        if waiting.signal in play.processes.sent:
            return Standing.STUCK, f"it waits for `{waiting.signal}`, and none came that fits"
        return Standing.STUCK, f"it waits for `{waiting.signal}`, which nobody sends"
    if waiting.subcases:
        return _of_subcases(case, waiting, place)
    return Standing.UNDER_WAY, f"`{place}` ends by itself later"


def _of_subcases(case: Case, waiting: Waiting, place: str) -> tuple[Standing, str]:
    held = [key for key in waiting.subcases if key in case.children]
    if not held:
        return Standing.UNDER_WAY, f"`{place}` waits for a process that was not given"
    return Standing.UNDER_WAY, f"`{place}` waits for its sub-cases (see those)"
