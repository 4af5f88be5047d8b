"""A play told in sentences: what happened, and what will happen if nobody acts."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import assert_never

from engine.core.effects import AskAdvice, Call, Emit, OpenIncident, StartCase, WriteRecord
from engine.core.events import (
    CaseCancelled,
    CaseStarted,
    DirectoryChanged,
    SignalArrived,
    SubcaseClosed,
    TaskAnswered,
    TaskClaimed,
    TaskReassigned,
    TimerCameDue,
)
from engine.core.questions import buttons
from engine.core.snapshot import Snapshot
from engine.queries.atlas import Atlas
from engine.queries.upcoming import Upcoming, upcoming
from engine.scenarios import Moment, Stage
from tenure.dev.desk import words_of
from tenure.dev.look import name_of
from web.words import sentence


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """One event."""

    at: datetime
    words: str
    further: tuple[str, ...]  # where that led, and what else it caused


def told(stage: Stage) -> tuple[Told, ...]:
    teller = _Teller(stage=stage, atlas=_atlas(stage))
    return tuple(
        Told(at=moment.at, words=teller.words(moment), further=tuple(teller.further(moment)))
        for moment in stage.moments
    )


def coming(stage: Stage) -> tuple[Upcoming, ...]:
    """What time alone will bring, in the product's words."""
    return upcoming(_atlas(stage), stage.standing, lambda person: name_of(stage, person))


def _atlas(stage: Stage) -> Atlas:
    definition = stage.definition
    return Atlas(
        process=definition.process,
        version=definition.version,
        title=definition.title,
        sha256="",
        definition=definition,
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class _Teller:
    stage: Stage
    atlas: Atlas

    def words(self, moment: Moment) -> str:
        before = moment.before
        match moment.event:
            case CaseStarted():
                return "The case starts"
            case TaskAnswered(task=key, button=button, by=by):
                return (
                    f"{self._name(by)} answers {self._task(key)}{self._choice(before, key, button)}"
                )
            case TimerCameDue(timer=key):
                return self._due(before, key)
            case SignalArrived(name=name):
                return f"The signal {name} arrives"
            case SubcaseClosed(subcase=key, outcome=outcome):
                return f"The case started by {self._place(key)} ends as {outcome}"
            case TaskClaimed(task=key, by=by):
                return f"{self._name(by)} takes {self._task(key)} from the queue"
            case TaskReassigned(task=key, to=to):
                return f"{self._task(key)} is given to {self._name(to)}"
            case DirectoryChanged():
                return "The directory changes"
            case CaseCancelled(reason=reason):
                return f"The case is cancelled: {reason}"
            case never:
                assert_never(never)

    def further(self, moment: Moment) -> Iterator[str]:
        now = self._standing(moment.done.snapshot)
        if moment.before is None or now != self._standing(moment.before):
            outcome = moment.done.snapshot.outcome
            yield f"ends as {outcome.replace('_', ' ')}" if outcome else f"now at {now}"
        for effect in moment.done.effects:
            match effect:
                case OpenIncident(message=message):
                    yield f"incident: {message}"
                case Emit(event=event):
                    yield f"tells other cases {event}"
                case StartCase(process=process):
                    yield f"starts a case of {process}"
                case WriteRecord(kind=kind):
                    yield f"writes the record {kind}"
                case Call(name=name):
                    yield f"calls {name}"
                case AskAdvice(analytic=analytic):
                    yield f"asks the analytic {analytic}"
                case _:
                    pass  # tasks, timers and mails are shown where they belong

    def _due(self, before: Snapshot | None, key: str) -> str:
        found = upcoming(self.atlas, before, self._name) if before else ()
        timer = next((one for one in found if one.timer == key), None)
        if timer is None:
            return "A time has come"
        return f"{timer.place}: {timer.words} ({timer.phrase})"

    def _choice(self, before: Snapshot | None, key: str, button: str) -> str:
        """Which button, where there were several."""
        several = before is not None and len(buttons(self.stage.definition, before, key)) > 1
        return f": {sentence(button)}" if several else ""

    def _standing(self, snapshot: Snapshot) -> str:
        places = self.atlas.standing(snapshot.configuration)
        titles = (self.atlas.title_of(place, self._name) for place in places)
        return ", ".join(dict.fromkeys(titles)) or "its end"

    def _task(self, key: str) -> str:
        return f"“{words_of(self.stage, key)[0]}”"

    def _place(self, key: str) -> str:
        place = key.rpartition("#")[0]
        return f"“{self.atlas.title_of(place, self._name)}”"

    def _name(self, person: str) -> str:
        return name_of(self.stage, person)
