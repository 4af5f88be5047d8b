"""`deliver-effects`: one task run for each letter, found again by its name."""

import asyncio
from collections import Counter
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any, cast

from flows import house
from flows.bell import Bell, heard
from flows.ports import Claimed, Delivered, Transient, Work
from flows.settings import Settings

if TYPE_CHECKING:
    from prefect import Flow, Task
    from prefect.client.schemas.objects import State, TaskRun

FLOW = "deliver-effects"
RATE = "tenure-smtp"
# what asks for a longer pause than this is no business of a short retry
_SHORT = timedelta(seconds=10)


@dataclass(kw_only=True)
class Round:
    """What one flow run holds: it ends with everything delivered, marked or given back."""

    # letters that nobody has begun to send, or that wait for a short retry
    waiting: dict[int, Claimed] = field(default_factory=dict)
    # the last trouble of each in its own words, for the outbox alone
    troubles: dict[int, str] = field(default_factory=dict)
    # how many letters ended how
    ends: Counter[str] = field(default_factory=Counter)
    # letters on their way
    under_way: set["asyncio.Task[None]"] = field(default_factory=set)
    # the first error that ends the round early
    broken: BaseException | None = None


def deliver_effects(
    work: Work, settings: Settings, bell: Bell, stopping: asyncio.Event
) -> "Flow[[], Coroutine[Any, Any, Any]]":
    """The flow: claims by lease, keeps a bounded number in flight, lingers, ends."""
    from prefect import flow  # noqa: PLC0415 - importing flows must not import Prefect
    from prefect.states import Completed  # noqa: PLC0415

    @flow(
        name=FLOW,
        flow_run_name=settings.worker,
        persist_result=False,
        validate_parameters=False,
    )
    async def run() -> Any:
        turn = Round()
        mail = mail_task(work, settings, turn)
        ear = bell.listener()
        try:
            await _until_quiet(work, settings, turn, mail, ear=ear, stopping=stopping)
        finally:
            bell.forget(ear)
            await _give_back(work, settings, turn)
        told = ", ".join(f"{count} {end}" for end, count in sorted(turn.ends.items()))
        return Completed(message=told or "nothing was left to do")

    return run


def mail_task(
    work: Work, settings: Settings, turn: Round
) -> "Task[[Claimed], Coroutine[Any, Any, Any]]":
    """One try at one letter, with short retries; how it ended is the name of its state."""
    from prefect import task  # noqa: PLC0415
    from prefect.cache_policies import NO_CACHE  # noqa: PLC0415
    from prefect.results import ResultRecordMetadata  # type: ignore[attr-defined] # noqa: PLC0415
    from prefect.serializers import JSONSerializer  # noqa: PLC0415
    from prefect.states import Completed, Failed  # noqa: PLC0415

    # given as it is, Prefect does not work out the path of a result that nobody keeps: half of
    # what a task run costs here
    nowhere = ResultRecordMetadata(storage_key="", serializer=JSONSerializer())

    def send(letter: Claimed) -> Delivered:
        turn.waiting.pop(letter.id, None)
        try:
            return work.deliver(letter, settings.clock())
        except BaseException as trouble:
            turn.troubles[letter.id] = str(trouble)
            turn.waiting[letter.id] = letter
            raise

    @task(
        name="mail",
        task_run_name="{letter.name}",
        retries=len(settings.short_retries),
        retry_delay_seconds=list(settings.short_retries),
        retry_condition_fn=passes_in_seconds,
        cache_policy=NO_CACHE,
        persist_result=False,
    )
    async def mail(letter: Claimed) -> Any:
        if settings.letters_per_second is not None:
            await _wait_for_turn()
        try:
            delivered = await house.call(send, letter)
        except Transient as trouble:
            raise Transient(
                "A trouble that passes; the outbox has the details.", trouble.retry_after
            ) from None
        match delivered.state:
            case "sent":
                return Completed(name="Sent", data=nowhere)
            case "failed":
                return Failed(name="Refused", message="Given up; the outbox has the details.")
            case "deferred" | "cancelled":
                return Completed(name=delivered.state.capitalize(), data=nowhere)

    return mail


def passes_in_seconds(_task: "Task[..., Any]", _run: "TaskRun", state: "State[Any]") -> bool:
    """Whether Prefect retries: a plain function over `state.data`, the only form that works."""
    return isinstance(state.data, Transient) and state.data.retry_after <= _SHORT


async def _until_quiet(
    work: Work,
    settings: Settings,
    turn: Round,
    mail: "Task[[Claimed], Coroutine[Any, Any, Any]]",
    *,
    ear: asyncio.Event,
    stopping: asyncio.Event,
) -> None:
    clock = asyncio.get_running_loop().time
    begun = last_work = clock()
    at_least = max(1, settings.letters_in_flight // 4)
    while True:
        tired = (
            stopping.is_set()
            or turn.broken is not None
            or clock() - begun > settings.longest_flow_seconds
        )
        room = settings.letters_in_flight - len(turn.under_way)
        if not tired and room >= at_least:
            letters = await house.call(
                work.claim_letters, room, settings.lease, settings.worker, settings.clock()
            )
            for letter in letters:
                turn.waiting[letter.id] = letter
                begun_task = asyncio.create_task(_carry(work, settings, turn, mail, letter))
                turn.under_way.add(begun_task)
                begun_task.add_done_callback(_ended(turn, ear, settings.letters_in_flight))
        if turn.under_way:
            last_work = clock()
        elif turn.broken is not None:
            raise turn.broken
        elif tired or clock() - last_work >= settings.linger_seconds:
            return
        await heard(ear, settings.look_seconds)


def _ended(turn: Round, ear: asyncio.Event, most: int) -> "Callable[[asyncio.Task[None]], None]":
    def note(done: "asyncio.Task[None]") -> None:
        turn.under_way.discard(done)
        if not done.cancelled() and turn.broken is None:
            turn.broken = done.exception()
        if len(turn.under_way) <= most * 3 // 4:
            ear.set()

    return note


async def _carry(
    work: Work,
    settings: Settings,
    turn: Round,
    mail: "Task[[Claimed], Coroutine[Any, Any, Any]]",
    letter: Claimed,
) -> None:
    # Prefect's types forget that an asynchronous task is awaited for its state, too
    state = await cast("Coroutine[Any, Any, State[Any]]", mail(letter, return_state=True))
    if turn.waiting.pop(letter.id, None) is None:
        turn.ends[(state.name or "ended").lower()] += 1
        return
    note = turn.troubles.pop(letter.id, None)
    await house.call(work.release, letter, note, settings.clock())
    turn.ends["given back"] += 1


async def _give_back(work: Work, settings: Settings, turn: Round) -> None:
    """Whatever ends the flow, what it claimed and did not begin is free again at once."""
    for carried in turn.under_way:
        carried.cancel()

    def release() -> None:
        for letter in list(turn.waiting.values()):
            work.release(letter, turn.troubles.pop(letter.id, None), settings.clock())

    # Shielded and in one go: who stops in a hurry cancels this, too, and it must come to its end.
    await asyncio.shield(house.call(release))


async def _wait_for_turn() -> None:
    from prefect.concurrency.asyncio import rate_limit  # noqa: PLC0415

    # strict: without it a missing limit would mean no limit at all
    await rate_limit(RATE, strict=True)
