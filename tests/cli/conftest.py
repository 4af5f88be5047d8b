"""A terminal to run commands in, and a home with people and processes in it."""

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tenure.cli import main

PEOPLE = (
    "number,name,email,manager,department,location,country,zone,roles,queues\n"
    "1,Cy Boss,cy@example.com,,Board,Berlin,DE-BE,Europe/Berlin,head-of-hr,\n"
    "2,Bob Ray,bob@example.com,1,Sales,Berlin,,,hr-partner@Sales,it-desk\n"
    "3,Ann Lee,ann@example.com,2,Sales,Berlin,,,,it-desk\n"
    "4,Dan Fox,dan@example.com,2,Sales,Berlin,,,,\n"
)
REVIEW = """\
process: review
version: 1
subject: person
key: one per subject
people:
  manager: subject.manager
data:
  year: {type: text, from: start}
  day: {type: date, from: start, required: false}
  peers: {type: people, required: false}
  rating: {type: scale, min: 1, max: 5}
  share: {type: percent, required: false}
  fee: {type: money, required: false}
  fine: {type: yes_no, required: false}
  secret: {type: text, sensitive: true, required: false}
forms:
  rating: {fields: [rating, share, fee, fine, peers, secret]}
states:
  rate:
    task: {to: manager, form: rating, due: 5 workdays, buttons: [submit, refuse], title: "Rate {{ subject.name }}"}
    on: {submit: kit, refuse: refused}
  kit:
    task: {to: {queue: it-desk}, title: Take the laptop back, fields: {items: {type: table, columns: {what: {type: text}, by: {type: person}}}}}
  calibrate:
    wait: {for: calibration.published}
  closed: {end: done}
  refused: {end: refused}
tests:
  - name: all the way
    people: {subject: ann, manager: bob, it-desk: [ida]}
    start: {year: "2026"}
    play:
      - bob rate: {rating: 3}
    expect: {at: kit}
"""


@dataclass(frozen=True, kw_only=True)
class Ran:
    """What came of a command."""

    code: int
    out: str
    err: str

    @property
    def data(self) -> Any:
        return json.loads(self.out)


Run = Callable[..., Ran]


@pytest.fixture(autouse=True)
def _no_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("TENURE_HOME", "TENURE_DATABASE", "TENURE_SMTP_HOST", "PREFECT_API_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command through the real entry point."""

    def tenure(*words: object) -> Ran:
        code = main([str(word) for word in words])
        out, err = capsys.readouterr()
        return Ran(code=code, out=out, err=err)

    return tenure


@pytest.fixture(scope="session")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with people and a published process, made by the commands themselves."""
    folder = tmp_path_factory.mktemp("furnished")
    (folder / "people.csv").write_text(PEOPLE, "utf-8")
    (folder / "review.yaml").write_text(REVIEW, "utf-8")
    home = folder / "home"
    assert main(["people", "import", str(folder / "people.csv"), "--home", str(home)]) == 0
    assert main(["publish", str(folder / "review.yaml"), "--home", str(home)]) == 0
    return home


@pytest.fixture
def home(tmp_path: Path, furnished: Path) -> Path:
    return Path(shutil.copytree(furnished, tmp_path / "home"))


@pytest.fixture
def review(tmp_path: Path) -> Path:
    file = tmp_path / "review.yaml"
    file.write_text(REVIEW, "utf-8")
    return file
