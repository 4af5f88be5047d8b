"""What comes by the clock on the wall: the morning's digests and the nightly housekeeping.

Nothing here may come more often than once a minute; the dispatcher finds what is due in seconds.
"""

from collections.abc import Coroutine
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import TYPE_CHECKING, Any
from uuid import UUID

from flows import effects, house
from flows.bell import Bell
from flows.ports import Work
from flows.settings import Settings

if TYPE_CHECKING:
    from prefect import Flow
    from prefect.client.orchestration import PrefectClient

POOL = "tenure"
DIGESTS = "send-digests"
HOUSEKEEPING = "housekeeping"
FLOWS = (DIGESTS, HOUSEKEEPING)
# a digest at five in the afternoon helps nobody: the next morning's says the same
_WORTH_MAKING_UP = timedelta(hours=8)


@dataclass(frozen=True, kw_only=True, slots=True)
class Scheduled:
    """One flow and the times it runs at."""

    # what runs
    flow: "Flow[[], Coroutine[Any, Any, Any]]"
    # when, as a cron line in the settings' time zone
    cron: str


def scheduled(work: Work, settings: Settings, bell: Bell) -> tuple[Scheduled, ...]:
    """The flows that run by the clock."""
    from prefect import flow  # noqa: PLC0415 - importing flows must not import Prefect
    from prefect.states import Completed  # noqa: PLC0415

    @flow(
        name=DIGESTS,
        flow_run_name=settings.worker,
        persist_result=False,
        validate_parameters=False,
    )
    async def send_digests() -> Any:
        count = await house.call(work.digests, settings.clock())
        bell.ring()
        return Completed(message=f"{count} digests")

    @flow(
        name=HOUSEKEEPING,
        flow_run_name=settings.worker,
        persist_result=False,
        validate_parameters=False,
    )
    async def housekeeping() -> Any:
        # what was done stands in tenure's own records; it may name people
        await house.call(work.housekeeping, settings.clock())
        bell.ring()
        return Completed(message="done")

    return (
        Scheduled(flow=send_digests, cron=settings.digests_at),
        Scheduled(flow=housekeeping, cron=settings.housekeeping_at),
    )


async def deploy(
    client: "PrefectClient", flows: tuple[Scheduled, ...], settings: Settings
) -> dict[UUID, "Flow[[], Coroutine[Any, Any, Any]]"]:
    """Write the schedules into Prefect, over those of the last start; which flow each one runs."""
    from prefect.client.schemas.actions import (  # noqa: PLC0415
        DeploymentScheduleCreate,
        WorkPoolCreate,
    )
    from prefect.client.schemas.schedules import CronSchedule  # noqa: PLC0415
    from prefect.exceptions import ObjectAlreadyExists  # noqa: PLC0415

    from flows.worker import TenureWorker  # noqa: PLC0415 - it is one of Prefect's classes

    with suppress(ObjectAlreadyExists):
        await client.create_work_pool(
            WorkPoolCreate(
                name=POOL,
                type=TenureWorker.type,
                base_job_template=TenureWorker.get_default_base_job_template(),
            )
        )
    deployments = {}
    for each in flows:
        identifier = await client.create_deployment(
            flow_id=await client.create_flow(each.flow),
            name="tenure",
            work_pool_name=POOL,
            schedules=[
                DeploymentScheduleCreate(
                    schedule=CronSchedule(cron=each.cron, timezone=settings.timezone)
                )
            ],
            enforce_parameter_schema=False,
        )
        deployments[identifier] = each.flow
    return deployments


async def make_up(
    client: "PrefectClient",
    deployments: dict[UUID, "Flow[[], Coroutine[Any, Any, Any]]"],
    missed: dict[str, datetime],
    now: datetime,
) -> None:
    """Run once what should have run while nobody was there, if that is not too long ago."""
    for identifier, flow in deployments.items():
        when = missed.get(flow.name)
        if when is not None and now - when <= _WORTH_MAKING_UP:
            await client.create_flow_run_from_deployment(identifier, name="made up for")


async def limit_rate(client: "PrefectClient", settings: Settings) -> None:
    """The limit that holds over all processes; it must exist before anybody leans on it."""
    rate = settings.letters_per_second
    if rate is not None:
        await client.upsert_global_concurrency_limit_by_name(
            effects.RATE, limit=max(1, ceil(rate)), slot_decay_per_second=rate
        )
