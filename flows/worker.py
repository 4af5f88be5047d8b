"""The worker of the work pool: it runs scheduled flows inside this process, within a second.

Imported only once Prefect's settings are in place (see flows.environment).
"""

import os
from collections.abc import Coroutine
from typing import Any
from uuid import UUID

import anyio.abc
from prefect import Flow
from prefect.client.schemas.objects import FlowRun
from prefect.flow_engine import run_flow_async
from prefect.workers.base import (
    BaseJobConfiguration,
    BaseVariables,
    BaseWorker,
    BaseWorkerResult,
)


class InProcessResult(BaseWorkerResult):
    """A run's own state says how it went; the infrastructure, being us, always holds."""


class TenureWorker(BaseWorker[BaseJobConfiguration, BaseVariables, InProcessResult]):
    """Prefect asks for a subclass: this is the seam it offers."""

    type = "tenure"
    _description = "Runs tenure's scheduled flows inside a process of tenure."
    _display_name = "tenure"

    def __init__(
        self,
        *,
        work_pool_name: str,
        name: str,
        flows: dict[UUID, Flow[[], Coroutine[Any, Any, Any]]],
    ) -> None:
        super().__init__(work_pool_name=work_pool_name, name=name, prefetch_seconds=0)
        self._flows = flows

    async def run(
        self,
        flow_run: FlowRun,
        configuration: BaseJobConfiguration,  # noqa: ARG002 - there is nothing to configure
        task_status: anyio.abc.TaskStatus[int] | None = None,
    ) -> InProcessResult:
        flow = self._flows.get(flow_run.deployment_id) if flow_run.deployment_id else None
        if flow is None:
            raise LookupError(
                "This deployment belongs to another version of tenure; delete it in Prefect."
            )
        if task_status is not None:
            task_status.started(os.getpid())
        await run_flow_async(flow, flow_run=flow_run, parameters={}, return_type="state")
        return InProcessResult(status_code=0, identifier="in-process")
