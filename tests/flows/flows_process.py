"""A process of tenure with a server of its own: killed, started again and asked by the tests."""

import sys
from pathlib import Path
from time import monotonic

from flows_book import Book, now

import flows


def main() -> None:
    folder = Path(sys.argv[1])
    begun = monotonic()
    hand = flows.start(
        Book(folder / "book.db"), flows.Settings(folder=folder, clock=now, linger_seconds=0.5)
    )
    assert hand.wait_ready(80), hand.status().sentence
    _say(f"ready after {monotonic() - begun:.2f}")
    for line in sys.stdin:
        if line.strip() == "stop":
            break
        _say(" ".join(_states()))
    hand.stop()


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _states() -> list[str]:
    from prefect.client.orchestration import get_client

    with get_client(sync_client=True) as client:
        return [str(run.state_name) for run in client.read_flow_runs(limit=200)]


if __name__ == "__main__":
    main()
