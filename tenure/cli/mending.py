"""`tenure check --fix`: definitions mended in place, with what was changed shown as a diff."""

import os
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import unified_diff
from pathlib import Path

from engine.verify import mend
from tenure.cli.definitions import counted, files_of
from tenure.cli.stopped import Stopped
from tenure.cli.terminal import say

_COLORS = {"+": "32", "-": "31", "@": "36"}


@dataclass(frozen=True, kw_only=True, slots=True)
class MendedFile:
    path: Path
    before: str
    after: str
    changes: int


def mend_all(paths: Sequence[Path]) -> list[MendedFile]:
    """Mends and writes; files in which there was nothing to mend stay as they are."""
    found = []
    for path in files_of(paths):
        try:
            before = path.read_bytes().decode("utf-8")
        except (OSError, UnicodeDecodeError):
            continue  # `check` tells it right after this
        mended = mend(before, str(path))
        if mended.source != before:
            _replace(path, mended.source)
            found.append(
                MendedFile(path=path, before=before, after=mended.source, changes=len(mended.made))
            )
    return found


def show_mended(mended: Sequence[MendedFile], *, quiet: bool) -> None:
    if quiet:
        return
    for one in mended:
        for line in unified_diff(
            one.before.splitlines(),
            one.after.splitlines(),
            fromfile=str(one.path),
            tofile=f"{one.path} (mended)",
            lineterm="",
            n=1,
        ):
            say(line, style=_COLORS.get(line[:1], ""))
        say(f"mended {counted(one.changes, 'error')} in {one.path}\n")


def _replace(path: Path, text: str) -> None:
    """Whole or not at all: readers and a crash see the old text or the new one."""
    try:
        descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    except OSError as error:
        raise Stopped(f"{path} cannot be mended: {error.strerror}.") from error
    fresh = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(text.encode("utf-8"))
            file.flush()
            os.fsync(file.fileno())
        fresh.chmod(path.stat().st_mode & 0o7777)
        fresh.replace(path.resolve())
    except OSError as error:
        fresh.unlink(missing_ok=True)
        raise Stopped(f"{path} cannot be mended: {error.strerror}.") from error
