"""`advance-cases`: timers, signals and sub-case results that are due, and the history's seal."""

import asyncio
from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any

from flows import house
from flows.bell import Bell, heard
from flows.ports import Work
from flows.settings import Settings

if TYPE_CHECKING:
    from prefect import Flow

FLOW = "advance-cases"


def advance_cases(
    work: Work, settings: Settings, bell: Bell, stopping: asyncio.Event
) -> "Flow[[], Coroutine[Any, Any, Any]]":
    """The flow: batch after batch, each a transaction and a task run, until nothing is due."""
    from prefect import flow, task  # noqa: PLC0415 - importing flows must not import Prefect
    from prefect.cache_policies import NO_CACHE  # noqa: PLC0415
    from prefect.states import Completed  # noqa: PLC0415

    @task(name="advance", task_run_name="advance", cache_policy=NO_CACHE, persist_result=False)
    async def advance() -> Any:
        return await house.call(work.advance, settings.cases_in_batch, settings.clock())

    @task(name="seal", task_run_name="seal", cache_policy=NO_CACHE, persist_result=False)
    async def seal() -> Any:
        return await house.call(work.seal, settings.seal_batch, settings.clock())

    @flow(
        name=FLOW,
        flow_run_name=settings.worker,
        persist_result=False,
        validate_parameters=False,
    )
    async def run() -> Any:
        clock = asyncio.get_running_loop().time
        begun = last_work = clock()
        cases = events = sealed = 0
        ear = bell.listener()
        try:
            while not stopping.is_set() and clock() - begun < settings.longest_flow_seconds:
                moved = more = False
                due = await house.call(work.due, settings.clock())
                if due.timers or due.events:
                    batch = await advance()
                    cases, events = cases + batch.cases, events + batch.events
                    moved, more = batch.cases > 0, batch.more
                if due.sealing:
                    stretch = await seal()
                    sealed += stretch.events
                    moved, more = moved or stretch.events > 0, more or stretch.more
                if moved:
                    last_work = clock()
                    # a step usually leaves letters behind
                    bell.ring()
                elif clock() - last_work >= settings.linger_seconds:
                    break
                if not (moved and more):
                    await heard(ear, settings.look_seconds)
        finally:
            bell.forget(ear)
        return Completed(message=f"{cases} cases, {events} events, {sealed} sealed")

    return run
