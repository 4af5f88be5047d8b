"""The browser of the tests: found, or fetched before the tests begin.

As a script it makes sure that there is one; it never fails, it says what will be skipped and why.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = (
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-default-apps",
    "--no-first-run",
)


def chromium() -> str | None:
    """The path of a Chromium: the system's, or the one that Playwright keeps."""
    for name in _NAMES:
        found = shutil.which(name)
        if found:
            return found
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        own = playwright.chromium.executable_path
    return own if Path(own).exists() else None


def _say(sentence: str) -> None:
    sys.stdout.write(f"{sentence}\n")


def main() -> None:
    if chromium():
        return
    debian = Path("/etc/debian_version").exists() and shutil.which("apt-get")
    if debian and os.geteuid() == 0:
        command = ["apt-get", "install", "-y", "--no-install-recommends", "chromium"]
    else:
        command = [sys.executable, "-m", "playwright", "install", "chromium"]
    _say(f"No Chromium here; fetching one for the browser tests: {' '.join(command)}")
    try:
        done = subprocess.run(command, check=False, timeout=900)
        why = f"`{' '.join(command)}` ended with {done.returncode}"
    except (OSError, subprocess.TimeoutExpired) as error:
        why = str(error)
    if not chromium():
        _say(f"The browser tests will be skipped: {why}. Install Chromium to run them.")


if __name__ == "__main__":
    main()
