"""What Prefect knows about one case, found by the names of its task runs."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Run:
    """One task run: a try to do something for a case."""

    # its name, such as "mail case-ONB-0042 #917"
    name: str
    # how it stands: Sent, Deferred, Refused, Failed, Crashed, Running, ...
    state: str
    # when it began, in UTC; None if it has not
    started: datetime | None
    # how often it was tried, short retries included
    tries: int
    # its number in Prefect, for a link to its page
    id: str


def runs_of(case_name: str, limit: int = 200) -> list[Run]:
    """The task runs of a case, newest first; raises PrefectAway when nobody answers.

    `case_name` is the case's own name, "case-ONB-0042"; a name that begins the same is no match.
    """
    import httpx  # noqa: PLC0415 - importing flows must not import Prefect
    from prefect.client.orchestration import get_client  # noqa: PLC0415
    from prefect.client.schemas.filters import TaskRunFilter, TaskRunFilterName  # noqa: PLC0415
    from prefect.client.schemas.sorting import TaskRunSort  # noqa: PLC0415

    try:
        with get_client(sync_client=True) as client:
            found = client.read_task_runs(
                task_run_filter=TaskRunFilter(name=TaskRunFilterName(like_=f" {case_name} #")),
                sort=TaskRunSort.EXPECTED_START_TIME_DESC,
                limit=limit,
            )
    except httpx.HTTPError as error:
        raise PrefectAwayError(
            "Prefect does not answer, so its record of runs cannot be read. The history of the "
            "case itself does not need it."
        ) from error
    return [
        Run(
            name=run.name,
            state=run.state_name or "Unknown",
            started=run.start_time,
            tries=run.run_count,
            id=str(run.id),
        )
        for run in found
        # like_ ignores case and treats an underscore as any character
        if f" {case_name} #" in run.name
    ]


class PrefectAwayError(Exception):
    """Prefect's records cannot be read now; the message says what that means."""
