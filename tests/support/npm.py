"""Packages of npm that judge ours: fetched once into the folder for temporary files."""

import shutil
import subprocess
import tempfile
from pathlib import Path


class Unavailable(Exception):  # noqa: N818
    """The package cannot be had; the message says why."""


def package(name: str, version: str) -> Path:
    """The folder of an installed package. Raises Unavailable."""
    for program in ("node", "npm"):
        if shutil.which(program) is None:
            raise Unavailable(f"{program} is not installed")
    home = Path(tempfile.gettempdir()) / f"tenure-npm-{name.replace('/', '-')}-{version}"
    found = home / "node_modules" / name
    if (home / "complete").exists():
        return found
    home.mkdir(parents=True, exist_ok=True)
    (home / "package.json").write_text('{"private": true}', "utf-8")
    command = ["npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", f"{name}@{version}"]
    try:
        subprocess.run(command, cwd=home, check=True, capture_output=True, timeout=120)
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
        raise Unavailable(f"npm could not fetch {name}@{version}") from error
    (home / "complete").touch()
    return found
