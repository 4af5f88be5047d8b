"""The verbs of the engine. Synchronous, thread-safe; each is one transaction, and `now` is last."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

from engine.core.facts import Facts
from engine.directory import Absence, Imported, ImportPlan
from engine.directory.facts import RosterFacts
from engine.service import (
    absences,
    advancing,
    beginnings,
    briefs,
    cohorts,
    drafts,
    files,
    forgetting,
    guest_retention,
    holds,
    membership,
    notes,
    operating,
    outbox,
    publishing,
    retention,
    signals,
    staffing,
    submitting,
    waiting,
)
from engine.service.errors import Refused, StartRefused, TooSoon
from engine.service.history import Origin
from engine.service.macrostep import open_case
from engine.service.outcomes import (
    Advanced,
    AlreadyRecorded,
    Answered,
    Claimed,
    CohortLine,
    Due,
    Launched,
    NotYours,
    Published,
    Submission,
)
from engine.service.starting import check_hand, prepare
from engine.service.tools import Tools
from engine.store import Database, Transaction

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True, slots=True)
class Service:
    database: Database
    tools: Tools

    # --- definitions and cases ---

    def publish(self, source: str, name: str, by: str | None, now: datetime) -> Published:
        """Stores a definition; the very same text again changes nothing. Raises PublishRefused.

        What `check` refuses is refused here, whoever asks.
        """
        sound = publishing.examined(self.tools, source, name)  # slow, so not while we hold a lock
        return self.database.write(lambda tx: publishing.publish(self.tools, tx, sound, by, now))

    def start(
        self,
        process: str,
        subject: str | None,
        data: Mapping[str, Any],
        by: str | None,
        now: datetime,
    ) -> str:
        """Opens a case of the latest version; its name. Raises StartRefused."""

        def job(tx: Transaction) -> str:
            version = self.tools.definitions.latest(tx, process)
            if version is None:
                raise StartRefused(f"No process {process!r} is published. Publish it first.")
            facts = self._facts(tx, now)
            check_hand(version.definition, subject, by, facts, now)
            ready = prepare(self.tools, tx, version, subject, data, by, facts, now)
            origin = Origin(actor=by)
            open_case(self.tools, tx, ready.case, ready.event, ready.facts, now, origin=origin)
            self.tools.failpoints.reach("start.written")
            return ready.case.name

        name = self.database.write(job)
        self.tools.failpoints.reach("start.committed")
        return name

    def cancel(self, case: str, by: str | None, reason: str, now: datetime) -> None:
        """Ends an open case before its time. Raises Refused or Unknown."""
        self._with_facts(
            lambda tx, facts: operating.cancel(self.tools, tx, case, facts, by, reason, now), now
        )

    # --- answers ---

    def submit(self, submission: Submission, now: datetime) -> Answered:
        """One answer, whoever is first. Raises Refused for a button that the task has not.

        `now` is when the answer was received, before anything was done with it: that is what
        counts against a deadline. Right after a deadline of the same case this waits a grace.
        """
        answered = self._after_grace(
            lambda tx, facts, waited: submitting.submit(
                self.tools, tx, submission, facts, now, waited=waited
            ),
            now,
        )
        self.tools.failpoints.reach("submit.committed")
        return answered

    def submit_many(
        self, submissions: Sequence[Submission], now: datetime
    ) -> tuple[Answered | Refused, ...]:
        """The same for many, in one transaction and each on its own; refusals are returned."""

        def job(tx: Transaction, facts: Facts, waited: bool) -> tuple[Answered | Refused, ...]:
            answered: list[Answered | Refused] = []
            for submission in submissions:
                try:
                    with tx.savepoint():
                        facts = self._facts(tx, now)  # an answer before may have named guests
                        answered.append(
                            submitting.submit(self.tools, tx, submission, facts, now, waited=waited)
                        )
                except Refused as refused:
                    answered.append(refused)
            return tuple(answered)

        return self._after_grace(job, now)

    def claim(self, task: str, by: str, now: datetime) -> Claimed | AlreadyRecorded | NotYours:
        """A member takes a task from its queue."""
        return self._with_facts(
            lambda tx, facts: operating.claim(self.tools, tx, task, facts, by, now), now
        )

    def reassign(self, task: str, to: str, by: str | None, reason: str, now: datetime) -> str:
        """Gives an open task to somebody else; the case's name. Raises Refused or Unknown."""
        return self._with_facts(
            lambda tx, facts: operating.reassign(self.tools, tx, task, facts, to, by, reason, now),
            now,
        )

    def save_draft(
        self,
        task: str,
        answers: Mapping[str, Any],
        revision: int,
        by: str,
        now: datetime,
        *,
        key: bytes | None = None,
    ) -> int | drafts.Stale | NotYours:
        """Keeps what was written so far; the new revision. `revision` 0 begins a draft.

        `key` seals it if the task is anonymous. Raises Refused.
        """
        return self.database.write(
            lambda tx: drafts.save_draft(self.tools, tx, task, answers, revision, by, now, key=key)
        )

    def keep_file(
        self, task: str, field: str, name: str, content: bytes, by: str, now: datetime
    ) -> dict[str, Any] | NotYours:
        """Keeps a file with the draft; how an answer names it. Raises FileRefused."""
        return self.database.write(
            lambda tx: files.keep_file(self.tools, tx, task, field, name, content, by, now)
        )

    def sweep_files(self) -> int:
        """Deletes files of drafts that no answer came of; how many."""
        return self.database.write(files.sweep_files)

    def leave_note(self, task: str, text: str, by: str, now: datetime) -> notes.NoteKept | NotYours:
        """What somebody who had a task says to whoever has it now. Raises Refused."""
        return self._with_facts(
            lambda tx, facts: notes.leave_note(self.tools, tx, task, text, facts, by, now), now
        )

    # --- what comes from elsewhere ---

    def signal(
        self,
        name: str,
        body: Mapping[str, Any],
        to: str | None,
        by: str | None,
        now: datetime,
    ) -> int:
        """Raises a signal, for all or for a case name, key or subject; how many wait for it now.

        It is kept: a case that comes to wait for it later gets it then.
        """
        count = self.database.write(
            lambda tx: signals.raise_signal(self.tools, tx, name, body, to, by, now)
        )
        self.tools.failpoints.reach("signal.written")
        return count

    def directory_changed(self, people: Collection[str] | None, now: datetime) -> int:
        """Every open case that concerns these people looks again; how many those are.

        None: all open cases, as after a change of roles, queues or calendars.
        """
        return self.database.write(
            lambda tx: staffing.directory_changed(self.tools, tx, people, now)
        )

    def import_people(
        self, plan: ImportPlan, by: str | None, now: datetime, *, despite_problems: bool = False
    ) -> Imported:
        """Brings the directory up to date and tells the cases, who left to their own cases first.

        Raises ImportRefused for a file with problems, unless its other rows shall be imported.
        """
        return self.database.write(
            lambda tx: staffing.import_people(
                self.tools, tx, plan, by, now, despite_problems=despite_problems
            )
        )

    def note_absence(self, absence: Absence, by: str | None, now: datetime) -> None:
        """Somebody is away from a day on; their open tasks go to who acts for them.

        Raises AbsenceRefused.
        """
        self.database.write(lambda tx: absences.note_absence(self.tools, tx, absence, by, now))

    def call_back(self, person: str, back: date, by: str | None, now: datetime) -> bool:
        """Somebody is there from that day on; False if they would have been anyway."""
        return self.database.write(
            lambda tx: absences.call_back(self.tools, tx, person, back, by, now)
        )

    def day_begun(self, now: datetime) -> int:
        """Tells cases what was entered ahead for today; how many look again at their owners.

        `advance` does it too.
        """
        return self.database.write(lambda tx: staffing.day_begun(self.tools, tx, now))

    def advance(self, limit: int, now: datetime, *, request: str | None = None) -> Advanced:
        """Takes due timers, signals and results for up to `limit` cases, in one transaction.

        The first time on a day it tells the cases first what holds from that day on. Schedules of
        `starts:` whose day has come write down whom they want cases for; `launch` starts those.
        """

        def job(tx: Transaction, facts: Facts) -> Advanced:
            staffing.day_begun(self.tools, tx, now)
            beginnings.come_round(self.tools, tx, self._facts(tx, now), now)
            return advancing.advance(self.tools, tx, limit, facts, now, request)

        advanced = self._with_facts(job, now)
        self.tools.failpoints.reach("advance.committed")
        return advanced

    def retry(self, incident: int, by: str | None, now: datetime) -> int | None:
        """After a repair; the incident that came instead, or None. Raises Refused or Unknown."""
        return self._with_facts(
            lambda tx, facts: operating.retry(self.tools, tx, incident, facts, by, now), now
        )

    # --- what leaves ---

    def claim_outbox(
        self, limit: int, lease: timedelta, worker: str, now: datetime, *, mail: bool = True
    ) -> tuple[outbox.OutboxClaim, ...]:
        """Rows that are due and nobody holds; they are this worker's until the lease ends.

        Without `mail` only calls.
        """
        return self.database.write(
            lambda tx: outbox.claim(self.tools, tx, limit, lease, worker, now, mail=mail)
        )

    def brief(self, outbox_id: int, now: datetime) -> briefs.Brief | briefs.Cancelled:
        """What the letter says, with a fresh link; or that it must not leave any more."""
        return self._with_facts(
            lambda tx, facts: briefs.brief(self.tools, tx, outbox_id, facts, now), now
        )

    def claimed(self, outbox_id: int) -> outbox.OutboxClaim:
        """A row as it was claimed. Raises Unknown."""
        return self.database.write(lambda tx: outbox.claimed(tx, outbox_id))

    def recover(self, worker: str, now: datetime) -> int:
        """Frees what a worker of this name, known to be dead, still holds; how many rows."""
        del now
        return self.database.write(lambda tx: outbox.recover(tx, worker))

    def sent(self, outbox_id: int, now: datetime) -> bool:
        """False: it was marked before, by a worker whose lease had ended."""
        return self._end(outbox_id, "sent", None, now)

    def failed(self, outbox_id: int, note: str, now: datetime) -> bool:
        """For good: nobody tries again before an operator says so. Opens an incident."""
        return self._end(outbox_id, "failed", note, now)

    def cancel_letter(self, outbox_id: int, note: str, now: datetime) -> bool:
        return self._end(outbox_id, "cancelled", note, now)

    def defer(
        self, outbox_id: int, note: str, until: datetime, now: datetime, *, tried: bool = True
    ) -> bool:
        """Tried again from `until` on; what was not `tried` has not used up an attempt."""
        return self.database.write(
            lambda tx: outbox.defer(tx, outbox_id, note, until, now, tried=tried)
        )

    # --- what is forgotten ---

    def erasures(self, now: datetime) -> tuple[retention.Erasure, ...]:
        """What is due to be erased by the retention of each definition; writes nothing."""
        return self.database.write(lambda tx: tuple(retention.due_erasures(self.tools, tx, now)))

    def erase(self, erasure: retention.Erasure, by: str | None, now: datetime) -> bool:
        """Erases it for good; False if a hold keeps it."""
        return self.database.write(lambda tx: forgetting.erase(self.tools, tx, erasure, by, now))

    def guests_due(self, now: datetime) -> tuple[str, ...]:
        """Guests whose name and address no case keeps any more; writes nothing."""
        return self.database.write(lambda tx: guest_retention.due_guests(self.tools, tx, now))

    def forget_guests(self, guests: Collection[str], now: datetime) -> tuple[str, ...]:
        """Erases them for good; who they were: not those who were named again meanwhile."""
        return self.database.write(
            lambda tx: guest_retention.forget_guests(self.tools, tx, guests, now)
        )

    def place_hold(self, case: str, by: str | None, reason: str, now: datetime) -> None:
        """From now on nothing of the case is erased. Raises Refused or Unknown."""
        self.database.write(lambda tx: holds.place_hold(self.tools, tx, case, by, reason, now))

    def lift_hold(self, case: str, by: str | None, reason: str, now: datetime) -> None:
        """Raises Refused or Unknown."""
        self.database.write(lambda tx: holds.lift_hold(self.tools, tx, case, by, reason, now))

    # --- bulk starts ---

    def start_cohort(
        self,
        name: str,
        process: str,
        lines: Sequence[CohortLine],
        by: str | None,
        now: datetime,
        *,
        rule: str | None = None,
    ) -> int:
        """Writes a bulk start down; `launch` starts it. Raises Refused."""
        return self.database.write(
            lambda tx: cohorts.start_cohort(
                self.tools, tx, name, process, lines, by, now, rule=rule
            )
        )

    def launch(self, cohort: int, limit: int, now: datetime) -> Launched:
        """Starts up to `limit` of a cohort's cases, in one transaction. Raises Unknown."""
        return self._with_facts(
            lambda tx, facts: cohorts.launch(self.tools, tx, cohort, limit, facts, now), now
        )

    def add_to_cohort(
        self, name: str, lines: Sequence[CohortLine], by: str | None
    ) -> tuple[int, tuple[str, ...]]:
        """Late joiners: the cohort's number, and who was in it already. Raises Unknown."""
        return self.database.write(lambda tx: membership.add(tx, name, lines, by))

    def remove_from_cohort(
        self, name: str, subject: str, by: str | None, reason: str, now: datetime
    ) -> str | None:
        """The name of the case that this cancelled, if there was one. Raises Refused or Unknown."""
        return self._with_facts(
            lambda tx, facts: membership.remove(
                self.tools, tx, name, subject, facts, by, reason, now
            ),
            now,
        )

    def launches(self, now: datetime) -> tuple[int, ...]:
        """Cohorts with members whose turn to be started has come."""
        with self.database.read() as session:
            return waiting.launches(session, now)

    def in_flight(self, now: datetime) -> int:
        """Letters that a worker holds at this moment."""
        with self.database.read() as session:
            return waiting.in_flight(session, now)

    def next_timer(self) -> datetime | None:
        """When something happens by itself next."""
        with self.database.read() as session:
            return waiting.next_timer(session, self.tools.grace)

    def due(self, now: datetime, *, mail: bool = True) -> Due:
        """What waits to be done now, without `mail` of the outbox only calls.

        Cheap enough to ask twice a second.
        """
        with self.database.read() as session:
            today = self.tools.directory.day(now)
            return waiting.due(session, self.tools.grace, today, now, mail=mail)

    def _facts(self, tx: Transaction, now: datetime) -> RosterFacts:
        return self.tools.directory.facts(tx.connection, now)

    def _with_facts(self, job: Callable[[Transaction, Facts], T], now: datetime) -> T:
        return self.database.write(lambda tx: job(tx, self._facts(tx, now)))

    def _after_grace(self, job: Callable[[Transaction, Facts, bool], T], now: datetime) -> T:
        """At once, or after a pause outside the transaction for answers that came before."""
        try:
            return self._with_facts(lambda tx, facts: job(tx, facts, False), now)
        except TooSoon as soon:
            self.tools.pause(soon.seconds)
        return self._with_facts(lambda tx, facts: job(tx, facts, True), now)

    def _end(self, outbox_id: int, status: str, note: str | None, now: datetime) -> bool:
        return self.database.write(
            lambda tx: outbox.end(self.tools, tx, outbox_id, status, note, now)
        )
