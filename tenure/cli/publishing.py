"""`tenure publish`: definitions become versions that cases are run by."""

from tenure.cli.asked import Home, Paths
from tenure.cli.definitions import counted, open_all, show_problems
from tenure.cli.home import opened
from tenure.cli.stopped import Stopped
from tenure.cli.terminal import say


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
    return 0
