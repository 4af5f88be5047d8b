"""What a year of all shipped processes costs in a company of 250 people.

    python benchmarks/rehearse.py [PEOPLE]

`tenure rehearse` in a process of its own, as somebody calls it: CPU seconds, and the most memory.
The company is made from a seed, as the tests make theirs.
"""

import os
import subprocess
import sys
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parents[1]
sys.path.append(str(ROOT / "tests"))

from support.invented import invented  # noqa: E402

# The most memory it ever had by itself: `ru_maxrss` counts what it was forked from as well.
MEASURED = """
import re
from pathlib import Path
from tenure.cli import main
main()
status = Path("/proc/self/status").read_text()
Path("peak.txt").write_text(re.search(r"VmHWM:\\s+(\\d+) kB", status)[1])
"""


def main(people: int) -> None:
    shipped = ROOT / "definitions"
    texts = [path.read_text("utf-8") for path in sorted(shipped.glob("*.yaml"))]
    firm = invented(people, date(2027, 1, 1), texts)
    words = ["rehearse", str(shipped), "--people", "people.csv", "--reorg", "changes.csv"]
    words += ["--from", "2027-01-01", "--behaviour", "away=8", "--country", "DE"]
    words += ["--zone", "Europe/Berlin", "--html", "year.html"]
    with TemporaryDirectory() as folder:
        (Path(folder) / "people.csv").write_text(firm.people, "utf-8")
        (Path(folder) / "changes.csv").write_text(firm.changes, "utf-8")
        program = [sys.executable, "-c", MEASURED, *words]
        child = subprocess.Popen(program, cwd=folder, stdout=subprocess.DEVNULL)
        _, status, took = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        assert child.returncode == 0
        peak = int((Path(folder) / "peak.txt").read_text())
    seconds = took.ru_utime + took.ru_stime
    print(f"{people} people, {len(texts)} processes: {seconds:.1f} s CPU, {peak / 1000:.0f} MB")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 250)
