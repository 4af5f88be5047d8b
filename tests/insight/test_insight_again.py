"""Whoever has the exported files can compute every figure again, and finds the same.

A company of thirty lives through a year over the real service; its files are what the command
writes, and the second computation knows nothing else.
"""

import json
import math
from pathlib import Path
from zoneinfo import ZoneInfo

import insight_year as year
import pandas as pd
import pytest
from insight_again import AGAIN
from insight_company import founded
from insight_files import NAMES, Files

from analytics.insight import METRICS
from engine.store import Database
from tenure.cli import main

ZONE = "Europe/Berlin"
DAYS = ("2026-11-10", "2027-03-12", "2027-07-20", "2027-10-20", "2028-01-08", "2028-01-31")


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the company's year is kept, exported as an operator does it."""
    folder = tmp_path_factory.mktemp("insight")
    with Database.open(str(folder / "tenure.db")) as database:
        company = founded(database)
        year.before(company)
        year.first_half(company)
        year.second_half(company)
        assert {each.partition(" for ")[0] for each in company.incidents()} == {
            "No calibration session"
        }
    for name in NAMES:
        file = folder / f"{name}.jsonl"
        words = ("export", name, "--format", "jsonl", "--out", str(file), "--home", str(folder))
        assert main(list(words)) == 0
    return folder


@pytest.fixture(autouse=True)
def _in_berlin(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TENURE_TIMEZONE", ZONE)


def told(home: Path, day: str, capsys: pytest.CaptureFixture[str], *words: str) -> dict:
    capsys.readouterr()
    assert main(["insight", *words, "--as-of", day, "--json", "--home", str(home)]) == 0
    return json.loads(capsys.readouterr().out)


@pytest.mark.parametrize("day", DAYS)
def test_every_figure_is_what_the_exported_files_say(home, capsys, day):
    end = pd.Timestamp(f"{day} 23:59:59.999999", tz=ZoneInfo(ZONE))
    files = Files(folder=home, at=end)
    figures = {each["name"]: each for each in told(home, day, capsys)["figures"]}

    differ = []
    for name, figure in figures.items():
        again = AGAIN[name](files)
        ours = (figure["number"], figure["n"], figure["part"])
        theirs = (again.number, again.n, again.part)
        if not all(map(same, ours, theirs)):
            differ.append((name, ours, theirs))
        parts = {part["label"]: (part["number"], part["n"]) for part in figure["parts"]}
        if parts.keys() != again.parts.keys():
            differ.append((name, sorted(parts), sorted(again.parts)))
        differ += [
            (name, label, value, again.parts[label])
            for label, value in parts.items()
            if label in again.parts and not all(map(same, value, again.parts[label]))
        ]

    assert differ == []


def test_every_figure_is_computed_again_and_has_a_number_on_one_of_the_days(home, capsys):
    """Else two computations that say nothing would agree."""
    days = [told(home, day, capsys)["figures"] for day in DAYS]
    spoken = {each["name"] for figures in days for each in figures if each["number"] is not None}

    assert METRICS.keys() == AGAIN.keys()
    assert spoken == METRICS.keys()


def same(ours: float | None, theirs: float | None) -> bool:
    if ours is None or theirs is None:
        return ours is theirs
    return math.isclose(ours, float(theirs), rel_tol=0, abs_tol=1e-9)
