"""Fetches SCION's public SCXML tests: machines with JSON oracles, read from the npm package."""

import json
import subprocess
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PACKAGE = "@scion-scxml/test-framework"
VERSION = "2.0.16"
WITHOUT = "w3c-ecma"  # the W3C's own tests: they are about ECMAScript and I/O processors


@dataclass(frozen=True, kw_only=True)
class Machine:
    id: str  # `history/history0`
    scxml: str
    oracle: dict[str, Any]


class Unavailable(Exception):  # noqa: N818
    """The package cannot be had; the message says why."""


def machines() -> tuple[Machine, ...]:
    """All 127 machines, by id."""
    with tarfile.open(_archive()) as archive:
        files = {
            member.name: archive.extractfile(member).read().decode()
            for member in archive.getmembers()
            if member.isfile() and member.name.startswith("package/test/")
        }
    found = []
    for name in sorted(files):
        identity = name.removeprefix("package/test/").removesuffix(".json")
        if name.endswith(".json") and not identity.startswith(WITHOUT):
            scxml = files[name.removesuffix(".json") + ".scxml"]
            found.append(Machine(id=identity, scxml=scxml, oracle=json.loads(files[name])))
    return tuple(found)


def _archive() -> Path:
    """The package's archive, fetched once per machine into the folder for temporary files."""
    folder = Path(tempfile.gettempdir()) / f"tenure-scion-{VERSION}"
    archives = list(folder.glob("*.tgz"))
    if archives:
        return archives[0]
    folder.mkdir(exist_ok=True)
    try:
        subprocess.run(
            ["npm", "pack", "--silent", f"{PACKAGE}@{VERSION}"],
            cwd=folder, check=True, capture_output=True, timeout=60,
        )  # fmt: skip
    except FileNotFoundError as error:
        raise Unavailable("npm is not installed") from error
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
        raise Unavailable(f"npm could not fetch {PACKAGE}@{VERSION}") from error
    return next(folder.glob("*.tgz"))
