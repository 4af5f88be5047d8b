"""Tenure beside its peers: one command, rounds interleaved, one table of ratios.

    uv run python benchmarks/peers/run.py --harness FOLDER [--rounds 3] [--cases 1000] [--dir …]

FOLDER holds the peers' harness (`harness.py`, `workload.py`, `adapters/`, `defs/`); it is copied,
never written to. The peers get an environment of their own in the cache folder, made by `uv` at the
first run. Only ratios to `limit_sqlite:full` of the same run are worth quoting.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
LIMIT = "limit_sqlite:full"
# Who runs, and what has to be installed for it; nothing: it runs in tenure's own environment.
PEERS = {
    LIMIT: (),
    "limit_sqlite:group16": (),
    "spiff:blob": ("spiffworkflow",),
    "spiff:live": ("spiffworkflow",),
    "tenure_peer": (),
    "tenure_peer:group16": (),
    "tenure_peer:batch": (),
}
SECONDS = 600  # that one run may take

_HEADER = (
    "| engine | durable | answers x limit | CPU us each | CPU x limit | bytes a case | "
    "bytes x limit | p99 us | fsync us |"
)

Result = dict[str, Any]


def main() -> None:
    asked = _arguments()
    names = [name for name in PEERS if name == LIMIT or asked.only in name]
    with _workplace(asked.harness, asked.dir) as place:
        results: dict[str, list[Result]] = {name: [] for name in names}
        for number in range(asked.rounds):
            for name in names:
                result = run(name, place, asked.cases)
                results[name].append(result)
                print(
                    f"round {number + 1}  {name:22} {result['subs_s']:8.0f}/s  "
                    f"CPU {result['cpu_us']:6.0f} us  fsync {result['fsync_us']:5.0f} us  "
                    f"load {os.getloadavg()[0]:.1f}",
                    flush=True,
                )
    print(table(results))


def run(name: str, place: Path, cases: int) -> Result:
    """One engine in a fresh process, on a fresh database."""
    command = [
        str(interpreter(PEERS[name])),
        "harness.py",
        name,
        "--cases",
        str(cases),
        "--dir",
        str(place / "databases"),
    ]
    done = subprocess.run(
        command, cwd=place / "peers", capture_output=True, text=True, timeout=SECONDS, check=False
    )
    lines = [line for line in done.stdout.splitlines() if line.startswith("{")]
    if done.returncode or not lines or "CHECK FAILED" in done.stderr:
        sys.exit(f"{name} did not do its work:\n{done.stderr or done.stdout}")
    result: Result = json.loads(lines[-1])
    told = result["check"]
    if told["done"] != cases or told["open"]:
        sys.exit(f"{name} did not finish its cases: {told}")
    return result


def interpreter(needs: tuple[str, ...]) -> Path:
    """The Python that has these packages; made on first use."""
    if not needs:
        return Path(sys.executable)
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    folder = cache / "tenure-benchmarks" / "-".join(needs)
    python = folder / "bin" / "python"
    if not (folder / "complete").exists():
        base = f"{sys.version_info.major}.{sys.version_info.minor}"
        subprocess.run(["uv", "venv", "--clear", "--python", base, str(folder)], check=True)
        subprocess.run(["uv", "pip", "install", "--python", str(python), *needs], check=True)
        (folder / "complete").touch()
    return python


def table(results: dict[str, list[Result]]) -> str:
    """Markdown: medians; the ratios are made round by round, so that a noisy round hurts less."""

    def middle(name: str, key: str) -> float:
        return statistics.median([float(one[key]) for one in results[name]])

    def ratio(name: str, key: str) -> float:
        pairs = zip(results[name], results[LIMIT], strict=True)
        return statistics.median([float(one[key] / limit[key]) for one, limit in pairs])

    lines = [
        "",
        _HEADER,
        "|---|---|---|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {name} | {each[0]['durable']} | {ratio(name, 'subs_s'):.2f} "
        f"| {middle(name, 'cpu_us'):.0f} | {ratio(name, 'cpu_us'):.1f} "
        f"| {middle(name, 'db_case'):.0f} | {ratio(name, 'db_case'):.1f} "
        f"| {middle(name, 'p99_us'):.0f} | {middle(name, 'fsync_us'):.0f} |"
        for name, each in results.items()
    ]
    return "\n".join(lines)


@contextmanager
def _workplace(harness: Path, folder: Path | None) -> Iterator[Path]:
    """A copy of the harness with our adapter in it, and room for the databases."""
    place = Path(tempfile.mkdtemp(prefix="tenure-peers-", dir=folder))
    try:
        shutil.copytree(
            harness,
            place / "peers",
            ignore=shutil.ignore_patterns("__pycache__"),
            copy_function=shutil.copyfile,
        )
        for path in (place / "peers", *(place / "peers").rglob("*/")):
            path.chmod(0o755)  # the original may be read-only
        for name in ("tenure_peer.py", "onboarding.yaml"):
            shutil.copyfile(HERE / name, place / "peers" / "adapters" / name)
        yield place
    finally:
        shutil.rmtree(place)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--harness", type=Path, required=True, help="folder with harness.py")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--cases", type=int, default=1000)
    parser.add_argument("--dir", type=Path, help="where databases are written; a RAM disk for CPU")
    parser.add_argument("--only", default="", help="engines whose name holds this, and the limit")
    asked = parser.parse_args()
    if not (asked.harness / "harness.py").is_file():
        parser.error(f"{asked.harness} holds no harness.py; name the peers' harness folder.")
    return asked


if __name__ == "__main__":
    main()
