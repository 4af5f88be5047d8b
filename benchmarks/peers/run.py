"""Tenure beside its peers: one command, one table of ratios to what the disk allows.

    uv run python benchmarks/peers/run.py --harness FOLDER [--rounds 3] [--cases 1000] [--dir …]

FOLDER holds the peers' harness (`harness.py`, `workload.py`, `adapters/`, `defs/`); it is copied,
never written to. The peers get an environment of their own in the cache folder, made by `uv` at the
first run. Before each engine the hand-written limit (`limit_sqlite:full`) runs once more, and the
ratio is to that neighbour, so that a noisy minute hits both. Only ratios are worth quoting.
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
PEERS: dict[str, tuple[str, ...]] = {
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
    "| engine | durable | answers x limit | lowest-highest | CPU us each | CPU x limit "
    "| bytes a case | bytes x limit |"
)

Result = dict[str, Any]  # the harness's line about one run
Pair = tuple[Result, Result]  # an engine, and the limit just before it


def main() -> None:
    asked = _arguments()
    names = [name for name in PEERS if asked.only in name and name != LIMIT]
    pairs: dict[str, list[Pair]] = {name: [] for name in names}
    with _workplace(asked.harness, asked.dir) as place:
        for number in range(asked.rounds):
            for name in names:
                limit = run(LIMIT, place, asked.cases)
                result = run(name, place, asked.cases)
                pairs[name].append((result, limit))
                print(
                    f"round {number + 1}  {name:22} {result['subs_s']:6.0f}/s beside the limit's "
                    f"{limit['subs_s']:6.0f}/s  CPU {result['cpu_us']:5.0f} us  "
                    f"load {os.getloadavg()[0]:.1f}",
                    flush=True,
                )
    print(table(pairs))


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
        uv = os.environ.get("UV", "uv")  # `uv run` says where it is: it may not be on the PATH
        subprocess.run([uv, "venv", "--clear", "--python", base, str(folder)], check=True)
        subprocess.run([uv, "pip", "install", "--python", str(python), *needs], check=True)
        (folder / "complete").touch()
    return python


def table(pairs: dict[str, list[Pair]]) -> str:
    """Markdown; medians, of figures and of the ratios of each pair."""

    def middle(name: str, key: str) -> float:
        return statistics.median([float(result[key]) for result, _ in pairs[name]])

    def ratio(name: str, key: str) -> float:
        return statistics.median([float(result[key] / limit[key]) for result, limit in pairs[name]])

    def lowest(name: str, key: str) -> float:
        return min(float(result[key] / limit[key]) for result, limit in pairs[name])

    def highest(name: str, key: str) -> float:
        return max(float(result[key] / limit[key]) for result, limit in pairs[name])

    lines = ["", _HEADER, "|---|---|---|---|---|---|---|---|"]
    lines += [
        f"| {name} | {each[0][0]['durable']} | {ratio(name, 'subs_s'):.2f} "
        f"| {lowest(name, 'subs_s'):.2f}-{highest(name, 'subs_s'):.2f} "
        f"| {middle(name, 'cpu_us'):.0f} | {ratio(name, 'cpu_us'):.1f} "
        f"| {middle(name, 'db_case'):.0f} | {ratio(name, 'db_case'):.1f} |"
        for name, each in pairs.items()
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
    parser.add_argument("--only", default="", help="engines whose name holds this")
    asked = parser.parse_args()
    if not (asked.harness / "harness.py").is_file():
        parser.error(f"{asked.harness} holds no harness.py; name the peers' harness folder.")
    return asked


if __name__ == "__main__":
    main()
