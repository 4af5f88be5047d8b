"""The room costs nothing until it is used, and refuses libraries that break it silently."""

import subprocess
import sys

import flows
from flows import versions


def test_the_installed_libraries_fit():
    assert flows.check_versions() == []


def test_a_library_that_does_not_fit_is_a_sentence_with_a_way_out(monkeypatch):
    installed = {"prefect": "3.8.8", "fastapi": "0.151.0", "sqlalchemy": "2.1.0"}
    monkeypatch.setattr(versions, "version", installed.__getitem__)

    fastapi, sqlalchemy = flows.check_versions()
    assert "fastapi 0.151.0 is installed, but tenure needs fastapi>=0.139,<0.151" in fastapi
    assert "no schedule of Prefect ever fires" in sqlalchemy


def test_importing_the_room_does_not_import_prefect():
    told = subprocess.run(
        [sys.executable, "-c", "import flows, sys; print('prefect' in sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.strip() == "False"
