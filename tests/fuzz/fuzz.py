"""Fuzzes one target with atheris until it is told to stop.

    uv run --group fuzz python tests/fuzz/fuzz.py loader -max_total_time=600

Targets are `loader`, `expression` and `placeholder`; what follows goes to libFuzzer. A text that
takes longer than five seconds, makes the process grow by more than 200 MB or raises anything but
our own errors ends the run, and is written into a file beside you.
"""

import resource
import sys
import tempfile
from pathlib import Path

import atheris

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[2])]
with atheris.instrument_imports(include=["engine"]):
    import targets


def main() -> None:
    name, *flags = sys.argv[1:]
    target = targets.TARGETS[name]

    def one(data: bytes) -> None:
        target(data.decode("utf-8", "surrogateescape").encode("utf-8", "replace").decode("utf-8"))

    with tempfile.TemporaryDirectory() as folder:
        for number, seed in enumerate(targets.seeds(name)):
            (Path(folder) / str(number)).write_text(seed, "utf-8")
            target(seed)  # what is loaded once is no growth
        grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        limits = [
            f"-rss_limit_mb={grown + targets.MOST_MEGABYTES}",
            f"-timeout={targets.MOST_SECONDS}",
            "-max_len=20000" if name == "loader" else "-max_len=700",
        ]
        atheris.Setup([sys.argv[0], *limits, *flags, folder], one)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
