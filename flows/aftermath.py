"""What a process that died left behind in Prefect: runs that stay Running, ticks long overdue."""

from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from prefect.client.orchestration import PrefectClient
    from prefect.client.schemas.objects import FlowRun

_PAGE = 200


async def mark_crashed(
    client: "PrefectClient", flow_names: list[str], worker: str, *, alone: bool
) -> int:
    """Mark what this worker's last life left unfinished as Crashed; how many flow runs it was.

    `alone` says that no other process works with this server, so that every run is ours.
    To be called while nothing of ours runs.
    """
    from prefect.client.schemas.filters import (  # noqa: PLC0415
        FlowFilter,
        FlowFilterName,
        FlowRunFilter,
        FlowRunFilterName,
        FlowRunFilterState,
        FlowRunFilterStateType,
    )
    from prefect.client.schemas.objects import StateType  # noqa: PLC0415
    from prefect.states import Crashed  # noqa: PLC0415

    unfinished = FlowRunFilterStateType(
        any_=[StateType.RUNNING, StateType.PENDING, StateType.CANCELLING]
    )
    ours = None if alone else FlowRunFilterName(any_=[worker])
    marked = 0
    while True:
        runs = await client.read_flow_runs(
            flow_filter=FlowFilter(name=FlowFilterName(any_=flow_names)),
            flow_run_filter=FlowRunFilter(state=FlowRunFilterState(type=unfinished), name=ours),
            limit=_PAGE,
        )
        if not runs:
            return marked
        for run in runs:
            await _mark_tasks_crashed(client, run)
            await client.set_flow_run_state(
                run.id,
                Crashed(
                    message="Its process ended in the middle; the work goes on in another run."
                ),
                force=True,
            )
            marked += 1


async def _mark_tasks_crashed(client: "PrefectClient", run: "FlowRun") -> None:
    from prefect.client.schemas.filters import (  # noqa: PLC0415
        FlowRunFilter,
        FlowRunFilterId,
        TaskRunFilter,
        TaskRunFilterState,
        TaskRunFilterStateType,
    )
    from prefect.client.schemas.objects import StateType  # noqa: PLC0415
    from prefect.states import Crashed  # noqa: PLC0415

    unfinished = TaskRunFilterStateType(
        any_=[StateType.RUNNING, StateType.PENDING, StateType.SCHEDULED]
    )
    # a flow has at most as many in flight as one page holds
    for task_run in await client.read_task_runs(
        flow_run_filter=FlowRunFilter(id=FlowRunFilterId(any_=[run.id])),
        task_run_filter=TaskRunFilter(state=TaskRunFilterState(type=unfinished)),
        limit=_PAGE,
    ):
        await client.set_task_run_state(
            task_run.id, Crashed(message="Its process ended in the middle."), force=True
        )


async def delete_overdue(
    client: "PrefectClient", flow_names: list[str], now: datetime
) -> dict[str, datetime]:
    """Delete scheduled runs whose time has passed, since a pile of them locks SQLite.

    Returns when each flow should have run last, by the flow's name, for whoever makes up for it.
    """
    from prefect.client.schemas.filters import (  # noqa: PLC0415
        FlowFilter,
        FlowFilterName,
        FlowRunFilter,
        FlowRunFilterExpectedStartTime,
        FlowRunFilterState,
        FlowRunFilterStateType,
    )
    from prefect.client.schemas.objects import StateType  # noqa: PLC0415
    from prefect.types import DateTime  # noqa: PLC0415

    missed: dict[str, datetime] = {}
    for name in flow_names:
        while True:
            runs = await client.read_flow_runs(
                flow_filter=FlowFilter(name=FlowFilterName(any_=[name])),
                flow_run_filter=FlowRunFilter(
                    state=FlowRunFilterState(
                        type=FlowRunFilterStateType(any_=[StateType.SCHEDULED])
                    ),
                    expected_start_time=FlowRunFilterExpectedStartTime(
                        before_=DateTime.fromisoformat(now.isoformat())
                    ),
                ),
                limit=_PAGE,
            )
            if not runs:
                break
            for run in runs:
                when = run.expected_start_time
                if when is not None and (name not in missed or when > missed[name]):
                    missed[name] = when
                await client.delete_flow_run(run.id)
    return missed
