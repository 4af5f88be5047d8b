"""The flows' verbs, carried out by the engine and the post. Rules stay where they are: there."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.message import EmailMessage
from random import Random

import structlog

from engine.service import Cancelled, OutboxClaim, Service
from flows.calls import CallFailed, Webhooks
from flows.channel import Channel
from flows.letters import letter_of
from flows.ports import Advanced, Claimed, Delivered, Due, Launched, Sealed, Transient
from notifications import LetterError, Passing, Post, Recipient, Refused, Sender, compose

_MAIL_TRIES = 19  # with the pauses below: four days
_LONGEST_PAUSE = timedelta(hours=12)
_UNTRIED = timedelta(seconds=5)  # what a letter waits that nobody has begun to send


@dataclass(frozen=True, kw_only=True, slots=True)
class Errands:
    """Implements flows.ports.Work."""

    service: Service
    post: Post
    sender: Sender
    webhooks: Webhooks
    reply_to: Recipient | None  # who reads answers to a letter
    clock: Callable[[], datetime]
    random: Random  # jitter of pauses
    housekeepers: tuple[Callable[[datetime], str], ...] = ()  # the nightly work
    morning: Callable[[datetime], int] | None = None  # writes digests
    channel: Channel = field(default_factory=Channel)

    def due(self, now: datetime) -> Due:
        waiting = self.service.due(now, mail=self.channel.is_open(now))
        return Due(letters=waiting.letters, events=waiting.events, launches=waiting.launches)

    def claim_letters(
        self, limit: int, lease: timedelta, worker: str, now: datetime
    ) -> tuple[Claimed, ...]:
        mail = self.channel.is_open(now)
        claims = self.service.claim_outbox(limit, lease, worker, now, mail=mail)
        return tuple(
            Claimed(id=claim.id, name=_name(claim), attempt=claim.attempt) for claim in claims
        )

    def recover(self, worker: str, now: datetime) -> int:
        return self.service.recover(worker, now)

    def deliver(self, claimed: Claimed, now: datetime) -> Delivered:
        claim = self.service.claimed(claimed.id)
        if claim.kind == "call":
            return self._call(claim, now)
        if not self.channel.is_open(now):
            return self._wait(claimed, "The mail server is in trouble; all mail waits.", now)
        brief = self.service.brief(claimed.id, now)
        if isinstance(brief, Cancelled):
            return Delivered(state="cancelled", note=brief.reason)
        try:
            letter = letter_of(brief, self.sender.base_url, self.reply_to)
            message = compose(letter, self.sender, now=now)
        except (LetterError, Refused) as wrong:  # the next try would say the same
            return self._fail(claimed.id, f"it could not be written: {wrong}", now)
        return self._mail(claimed, message, now)

    def release(self, claimed: Claimed, note: str | None, now: datetime) -> None:
        if note is None:
            self._wait(claimed, "Its delivery had not begun.", now)
        else:
            self._later(claimed, note, now)

    def advance(self, limit: int, now: datetime) -> Advanced:
        done = self.service.advance(limit, now)
        return Advanced(cases=done.cases, events=done.events, more=done.more)

    def seal(self, limit: int, now: datetime) -> Sealed:
        """Nothing is sealed yet beyond the chain of each case."""
        del limit, now
        return Sealed(events=0, more=False)

    def launch(self, cohort_id: int, limit: int, now: datetime) -> Launched:
        done = self.service.launch(cohort_id, limit, now)
        return Launched(done=done.done, total=done.total, refused=done.refused, more=done.more)

    def launches(self, now: datetime) -> tuple[int, ...]:
        return self.service.launches(now)

    def digests(self, now: datetime) -> int:
        return self.morning(now) if self.morning else 0

    def housekeeping(self, now: datetime) -> str:
        return "; ".join(keep(now) for keep in self.housekeepers) or "nothing to do"

    def _mail(self, claimed: Claimed, message: EmailMessage, now: datetime) -> Delivered:
        try:
            self.post.send(message)
        except Refused as refused:
            return self._fail(claimed.id, str(refused), now)
        except Passing as passing:
            if passing.slow:
                self.channel.close(now)
                return self._wait(claimed, str(passing), now)
            raise Transient(str(passing)) from passing
        self.channel.open()
        self.service.sent(claimed.id, self.clock())
        return Delivered(state="sent")

    def _call(self, claim: OutboxClaim, now: datetime) -> Delivered:
        try:
            self.webhooks.call(str(claim.payload["name"]), claim.payload["body"], key=claim.id)
        except CallFailed as failed:
            tries = int(claim.payload.get("tries", 1))
            if failed.final or claim.attempt >= tries:
                return self._fail(claim.id, str(failed), now)
            pause = timedelta(seconds=float(claim.payload.get("within_seconds", 60)) / tries)
            self.service.defer(claim.id, str(failed), now + pause, now)
            return Delivered(state="deferred", note=str(failed))
        self.service.sent(claim.id, self.clock())
        return Delivered(state="sent")

    def _fail(self, outbox: int, note: str, now: datetime) -> Delivered:
        """For good: an incident on the case, and nobody tries again before it is repaired."""
        self.service.failed(outbox, note, now)
        return Delivered(state="failed", note=note)

    def _wait(self, claimed: Claimed, note: str, now: datetime) -> Delivered:
        """Through no fault of the letter, so that no try of its is used up."""
        self.service.defer(claimed.id, note, now + _UNTRIED, now, tried=False)
        return Delivered(state="deferred", note=note)

    def _later(self, claimed: Claimed, note: str, now: datetime) -> None:
        if claimed.attempt >= _MAIL_TRIES:
            self.service.failed(claimed.id, f"given up after {claimed.attempt} tries: {note}", now)
            return
        pause = min(timedelta(seconds=15) * 2**claimed.attempt, _LONGEST_PAUSE)
        until = now + pause * self.random.uniform(0.8, 1.2)
        self.service.defer(claimed.id, note, until, now)
        structlog.get_logger("tenure.mail").warning(
            "deferred", outbox=claimed.id, attempt=claimed.attempt, until=until.isoformat()
        )


def _name(claim: OutboxClaim) -> str:
    what = "call" if claim.kind == "call" else "mail"
    return f"{what} case-{claim.case} #{claim.id}" if claim.case else f"{what} #{claim.id}"
