"""The dispatcher: waits outside Prefect, works inside it, and keeps waiting when it is gone."""

import asyncio
import logging
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from flows import aftermath, cases, cohorts, effects, environment, house, schedules
from flows.bell import Bell, heard
from flows.ports import Due, Work
from flows.server import Server, ServerError
from flows.settings import Settings

if TYPE_CHECKING:
    from prefect.client.orchestration import PrefectClient

_FIRST_PAUSE = 0.5
_GRACE_SECONDS = 4.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Status:
    """How the hand stands, for the console and for `tenure doctor`."""

    # starting, ready: all well; away: Prefect is gone; stuck: our database fails; stopped
    state: Literal["starting", "ready", "away", "stuck", "stopped"]
    # the same in a sentence for a person
    sentence: str
    # since when
    since: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Lane:
    """One kind of work: at most one flow run of each at a time, beside those of the others."""

    # the flow's name
    name: str
    # whether there is something for it
    wanted: Callable[[Due], bool]
    # runs its flow until that ends by itself
    run: Callable[[], Coroutine[Any, Any, None]]


class Dispatcher:
    """Runs in a thread of its own: during flows Prefect takes signals over in the main one."""

    def __init__(self, work: Work, settings: Settings, server: Server | None) -> None:
        self._work = work
        self._settings = settings
        self._server = server
        self._bell = Bell()
        self._stop_asked = threading.Event()
        self._ready = threading.Event()
        self._status = Status(
            state="starting", sentence="Prefect is starting.", since=settings.clock()
        )
        self._thread = threading.Thread(target=self._run, name="tenure-hand", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def nudge(self) -> None:
        """Something may be due: look now. From any thread; costs microseconds."""
        self._bell.ring()

    def status(self) -> Status:
        return self._status

    def wait_ready(self, seconds: float) -> bool:
        """Whether flows run, waiting at most this long for the first time that they do."""
        return self._ready.wait(seconds)

    def stop(self, seconds: float) -> bool:
        """Ends what runs, gives back what has not begun; whether that took less than `seconds`."""
        self._stop_asked.set()
        self._bell.ring()
        self._thread.join(seconds)
        return not self._thread.is_alive()

    # -- in the thread ------------------------------------------------------------------------

    def _run(self) -> None:
        pause = _FIRST_PAUSE
        while not self._stop_asked.is_set():
            begun_ready = False
            try:
                if self._server is not None and not self._server.alive:
                    self._server.start()
                asyncio.run(self._session())
            except ServerError as error:
                self._tell("away", f"{error} Effects wait in the outbox.")
            except house.HouseError as error:
                begun_ready = self._status.state == "ready"
                self._tell("stuck", f"The work cannot go on: {error}")
            except Exception as error:
                begun_ready = self._status.state == "ready"
                logging.getLogger(__name__).warning("Prefect is away", exc_info=True)
                self._tell(
                    "away",
                    f"Prefect does not answer ({type(error).__name__}). Answers are still "
                    "accepted; effects wait in the outbox and leave when it is back.",
                )
            if not self._stop_asked.is_set():
                pause = _FIRST_PAUSE if begun_ready else pause
                self._stop_asked.wait(pause)
                pause = min(pause * 2, self._settings.longest_pause_seconds)
        self._tell("stopped", "The dispatcher has been stopped.")

    async def _session(self) -> None:
        """One stretch of working with Prefect, from its first answer to its first silence."""
        environment.read_again()
        from prefect.context import AsyncClientContext  # noqa: PLC0415
        from prefect.settings import (  # noqa: PLC0415
            PREFECT_FLOWS_HEARTBEAT_FREQUENCY,
            temporary_settings,
        )

        loop = asyncio.get_running_loop()
        with (
            ThreadPoolExecutor(self._settings.threads, thread_name_prefix="tenure-hand") as pool,
            # its thread is joined for a second at the end of every flow, and no value of the
            # environment turns it off
            temporary_settings({PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None}),
        ):
            loop.set_default_executor(pool)
            async with AsyncClientContext() as context:
                self._bell.hang(loop)
                try:
                    await self._work_with(context.client)
                finally:
                    self._bell.take_down()

    async def _work_with(self, client: "PrefectClient") -> None:
        from flows.worker import TenureWorker  # noqa: PLC0415 - it is one of Prefect's classes

        settings, now = self._settings, self._settings.clock()
        by_clock = schedules.scheduled(self._work, settings, self._bell)
        names = [effects.FLOW, cases.FLOW, cohorts.FLOW, *schedules.FLOWS]
        alone = self._server is not None
        await aftermath.mark_crashed(client, names, settings.worker, alone=alone)
        missed = await aftermath.delete_overdue(client, list(schedules.FLOWS), now)
        await schedules.limit_rate(client, settings)
        deployments = await schedules.deploy(client, by_clock, settings)
        await schedules.make_up(client, deployments, missed, now)

        stopping = asyncio.Event()
        worker = TenureWorker(
            work_pool_name=schedules.POOL, name=settings.worker, flows=deployments
        )
        async with worker:
            self._tell("ready", "Prefect is ready.")
            self._ready.set()
            tasks = {
                asyncio.create_task(self._watch(stopping)),
                asyncio.create_task(_poll(worker, settings, stopping)),
            }
            _, pending = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            stopping.set()
            self._bell.ring()
            if pending:
                await asyncio.wait(pending, timeout=_GRACE_SECONDS)
            for task in pending:
                task.cancel()
            ends = await asyncio.gather(*tasks, return_exceptions=True)
        for end in ends:
            if isinstance(end, Exception):
                raise end

    async def _watch(self, stopping: asyncio.Event) -> None:
        """Start a flow where something is due and none runs; raises what ends a flow badly."""
        ear = self._bell.listener()
        running: dict[str, asyncio.Task[None]] = {}
        lanes = self._lanes(stopping)
        try:
            while not (self._stop_asked.is_set() or stopping.is_set()):
                for name, task in list(running.items()):
                    if task.done():
                        del running[name]
                        task.result()
                due = await house.call(self._work.due, self._settings.clock())
                for lane in lanes:
                    if lane.name not in running and lane.wanted(due):
                        running[lane.name] = asyncio.create_task(lane.run())
                        running[lane.name].add_done_callback(lambda _: ear.set())
                await heard(ear, self._settings.look_seconds)
        finally:
            stopping.set()
            self._bell.forget(ear)
            self._bell.ring()
            if running:
                await asyncio.wait(running.values(), timeout=_GRACE_SECONDS)
            for task in running.values():
                task.cancel()
            await asyncio.gather(*running.values(), return_exceptions=True)

    def _lanes(self, stopping: asyncio.Event) -> tuple[Lane, ...]:
        of = (self._work, self._settings, self._bell, stopping)
        deliver = effects.deliver_effects(*of)
        advance = cases.advance_cases(*of)
        launch = cohorts.launch_cohort(*of)

        async def run_deliver() -> None:
            await deliver()

        async def run_advance() -> None:
            await advance()

        async def run_launch() -> None:
            for cohort in await house.call(self._work.launches, self._settings.clock()):
                if not stopping.is_set():
                    await launch(cohort)

        return (
            Lane(name=effects.FLOW, wanted=lambda due: due.letters > 0, run=run_deliver),
            Lane(
                name=cases.FLOW,
                wanted=lambda due: due.timers + due.events + due.sealing > 0,
                run=run_advance,
            ),
            Lane(name=cohorts.FLOW, wanted=lambda due: due.launches > 0, run=run_launch),
        )

    def _tell(
        self, state: Literal["starting", "ready", "away", "stuck", "stopped"], sentence: str
    ) -> None:
        if (state, sentence) != (self._status.state, self._status.sentence):
            self._status = Status(state=state, sentence=sentence, since=self._settings.clock())
            logging.getLogger(__name__).info(sentence)


async def _poll(worker: Any, settings: Settings, stopping: asyncio.Event) -> None:
    """Ask for scheduled runs, and tell the server now and then that somebody serves the pool."""
    clock = asyncio.get_running_loop().time
    greeted = clock()
    while not stopping.is_set():
        if clock() - greeted > worker.heartbeat_interval_seconds:
            await worker.sync_with_backend()
            greeted = clock()
        await worker.get_and_submit_flow_runs()
        with suppress(TimeoutError):
            await asyncio.wait_for(stopping.wait(), settings.schedule_look_seconds)
