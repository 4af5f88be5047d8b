"""`tenure publish`: definitions become versions that cases are run by."""

from pathlib import Path

from engine.service import Versions
from tenure.cli.asked import Home, Paths
from tenure.cli.definitions import counted, open_all, show_problems
from tenure.cli.home import opened
from tenure.cli.stopped import Stopped
from tenure.cli.terminal import say
from tenure.runtime import Runtime

_AT_A_TIME = 50  # cases in one transaction


def publish(paths: Paths, /, *, home: Home = None) -> int:
    files = open_all(paths)
    for file in files:
        show_problems(file)
    wrong = sum(1 for file in files if file.errors)
    if wrong:
        raise Stopped(
            f"Nothing is published: there are errors in {counted(wrong, 'definition')}, as shown "
            "above."
        )
    with opened(home, create=True) as runtime:
        for file in files:
            # The text byte for byte: its SHA-256 is on every line of history.
            source = file.path.read_bytes().decode("utf-8")
            done = runtime.service.publish(source, str(file.path), None, runtime.clock.now())
            what = "is published" if done.new else "was published before; nothing changes"
            say(f"{done.process} version {done.version} {what} (SHA-256 {done.sha256[:16]}…)")
            _tell_running(runtime, done.process, done.version, file.path)
    return 0


def _tell_running(runtime: Runtime, process: str, version: int, path: Path) -> None:
    """Cases that run show new texts at once; about anything else their operator decides."""
    versions = Versions(service=runtime.service)
    if not versions.running(process, version):
        return
    moved = 0
    after: int | None = 0
    while after is not None:
        patched = versions.patch(process, after, _AT_A_TIME, runtime.clock.now())
        moved, after = moved + patched.moved, patched.after
    if moved:
        say(f"  only its texts are new: {counted(moved, 'running case')} show them now")
    left = sum(versions.running(process, version).values())
    if left:
        say(
            f"  {counted(left, 'case')} {'runs' if left == 1 else 'run'} on under older versions; "
            f"`tenure plan {path}` tells what would become of them"
        )
