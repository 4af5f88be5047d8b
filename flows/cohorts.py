"""`launch-cohort`: starts the cases of a cohort chunk by chunk, with its progress to look at."""

import asyncio
from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any

from flows import house
from flows.bell import Bell, heard
from flows.ports import Work
from flows.settings import Settings

if TYPE_CHECKING:
    from prefect import Flow

FLOW = "launch-cohort"
# chunks without progress after which another process is taken to be at it
_PATIENCE = 4


def launch_cohort(
    work: Work, settings: Settings, bell: Bell, stopping: asyncio.Event
) -> "Flow[[int], Coroutine[Any, Any, Any]]":
    """The flow for one cohort, given by its number; begun again it continues where it was."""
    from prefect import flow, task  # noqa: PLC0415 - importing flows must not import Prefect
    from prefect.artifacts import (  # noqa: PLC0415
        acreate_progress_artifact,
        aupdate_progress_artifact,
    )
    from prefect.cache_policies import NO_CACHE  # noqa: PLC0415
    from prefect.states import Completed  # noqa: PLC0415

    @task(
        name="launch",
        task_run_name="launch cohort #{cohort_id}",
        cache_policy=NO_CACHE,
        persist_result=False,
    )
    async def launch(cohort_id: int) -> Any:
        return await house.call(work.launch, cohort_id, settings.cohort_chunk, settings.clock())

    @flow(
        name=FLOW,
        flow_run_name=settings.worker,
        persist_result=False,
        validate_parameters=False,
    )
    async def run(cohort_id: int) -> Any:
        artifact = await acreate_progress_artifact(
            progress=0.0,
            key=f"cohort-{cohort_id}",
            description=f"Cohort #{cohort_id}: how many of its cases have been started",
        )
        ear = bell.listener()
        done = idle = 0
        try:
            while True:
                chunk = await launch(cohort_id)
                share = 100.0 * chunk.done / chunk.total if chunk.total else 100.0
                await aupdate_progress_artifact(artifact, progress=round(share, 1))
                # the first task of each new case is a letter
                bell.ring()
                idle = idle + 1 if chunk.done == done else 0
                done = chunk.done
                if not chunk.more or stopping.is_set() or idle >= _PATIENCE:
                    break
                if idle:
                    await heard(ear, settings.look_seconds)
        finally:
            bell.forget(ear)
        return Completed(message=f"{chunk.done} of {chunk.total}, {chunk.refused} refused")

    return run
