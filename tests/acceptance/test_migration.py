"""Running cases go to a new version by the hundred, and the power goes in the middle of it.

Real processes over a real SQLite file: `tenure plan`, `tenure migrate`, killed with SIGKILL, and
`tenure migrate` again, against an undisturbed run over a copy of the same folder.
"""

import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest
from acceptance_house import TENURE

ONE = """\
process: mid-year
version: 1
subject: person
people: {manager: subject.manager, hr: {role: head-of-hr}}
data:
  note: {type: longtext, required: false}
states:
  write:
    task: {to: subject, fields: [note], due: 10 workdays, buttons: [submit, skip, early]}
    remind: [3 workdays before due, at due]
    on: {submit: director_signoff, skip: pilot, early: talk}
  director_signoff: {task: {to: manager, due: 5 workdays}, remind: at due, then: closed}
  pilot: {task: {to: hr, due: 5 workdays}, then: closed}
  talk: {task: {to: manager, due: 8 workdays}, remind: at due}
  closed: {end: done}
"""
TWO = """\
process: mid-year
version: 2
subject: person
people: {manager: subject.manager, hr: {role: head-of-hr}}
data:
  note: {type: longtext, required: false}
states:
  write:
    task: {to: subject, fields: [note], due: 10 workdays, buttons: [submit, early]}
    remind: [3 workdays before due, at due]
    on: {submit: hrbp_signoff, early: talk}
  hrbp_signoff: {task: {to: manager, due: 5 workdays}, remind: at due, then: closed}
  talk: {task: {to: manager, due: 3 workdays}, remind: at due}
  closed: {end: done}
"""
RULE = (
    "migrate:\n  from 1: {states: {director_signoff: hrbp_signoff, pilot: %s}, timers: recompute}\n"
)
CASES = 200
# How many were answered with which button; the rest still write.
ANSWERED = {"submit": 60, "skip": 40, "early": 30}


def tenure(home: Path, *words: object, code: int = 0, **more: str) -> str:
    """What a command prints; it must end as expected."""
    environment = {**os.environ, "TENURE_HOME": str(home), "TENURE_TIMEZONE": "UTC", **more}
    ran = subprocess.run(
        [TENURE, *map(str, words)], env=environment, capture_output=True, text=True, check=False
    )
    assert ran.returncode == code, (words, ran.returncode, ran.stdout[-2000:], ran.stderr[-2000:])
    return ran.stdout


def rows(home: Path, sql: str) -> list[tuple]:
    with closing(sqlite3.connect(f"file:{home / 'tenure.db'}?mode=ro", uri=True)) as connection:
        return connection.execute(sql).fetchall()


def standing(home: Path) -> list[tuple]:
    """Where every case is; instants of this very hour, at which something ran, are left out."""

    ((last,),) = rows(home, "SELECT max(at) FROM event")

    def instant(found: re.Match[str]) -> str:
        return "now" if abs(int(found[0]) - last) < 3_600_000_000 else found[0]

    found = rows(
        home,
        'SELECT c.name, d.version, c.snapshot, c.seq FROM "case" c'
        " JOIN definition d ON d.id = c.definition_id ORDER BY c.name",
    )
    return [
        (name, version, re.sub(r"\b\d{16}\b", instant, snapshot), seq)
        for name, version, snapshot, seq in found
    ]


@pytest.fixture(scope="module")
def running(tmp_path_factory) -> Path:
    """A folder with running cases of version 1, in all of its states."""
    folder = tmp_path_factory.mktemp("running")
    home = folder / "home"
    people = ["number,name,email,manager,location,country,zone,roles"]
    people.append("0,Cy Boss,cy@example.com,,Berlin,DE,Europe/Berlin,head-of-hr")
    people += [f"{n},Person {n},p{n}@example.com,0,Berlin,,," for n in range(1, CASES + 1)]
    (folder / "people.csv").write_text("\n".join(people), "utf-8")
    (folder / "cohort.csv").write_text("number\n" + "\n".join(map(str, range(1, CASES + 1))))
    (folder / "one.yaml").write_text(ONE, "utf-8")
    tenure(home, "people", "import", folder / "people.csv", "--yes")
    tenure(home, "publish", folder / "one.yaml")
    tenure(home, "start", "mid-year", "--cohort", folder / "cohort.csv")
    answer(home)
    return home


def answer(home: Path) -> None:
    """Some of the people answer, by the service's own verb."""
    from engine.service import Submission
    from tenure.runtime import open_runtime
    from tenure.settings import read_settings

    tasks = iter(
        rows(
            home,
            "SELECT t.public_id, a.person FROM task t JOIN assignment a ON a.task_id = t.id"
            " ORDER BY t.id",
        )
    )
    with open_runtime(read_settings(home=home)) as runtime:
        for button, count in ANSWERED.items():
            runtime.service.submit_many(
                [
                    Submission(task=task, button=button, answers={}, by=person)
                    for task, person in (next(tasks) for _ in range(count))
                ],
                runtime.clock.now(),
            )


@pytest.fixture(scope="module")
def planned(running: Path) -> Path:
    """The plan that moves them all, its version published."""
    folder = running.parent
    (folder / "two.yaml").write_text(TWO + RULE % "write", "utf-8")
    out = tenure(running, "plan", folder / "two.yaml", "--save", folder / "plan.json")
    assert f"{CASES} running cases" in out
    tenure(running, "publish", folder / "two.yaml")
    return folder / "plan.json"


@pytest.fixture(scope="module")
def undisturbed(planned: Path) -> Path:
    """A copy of the folder in which the plan was done in one go."""
    home = planned.parent / "undisturbed"
    shutil.copytree(planned.parent / "home", home)
    tenure(home, "migrate", planned)
    return home


def test_a_case_that_has_no_place_is_refused_by_name(running: Path):
    folder = running.parent
    (folder / "stranding.yaml").write_text(TWO + RULE.replace(", pilot: %s", ""), "utf-8")

    out = tenure(running, "plan", folder / "stranding.yaml", "--save", folder / "none.json", code=1)

    assert re.search("✗ +40 no place to go", out)
    assert "error[E601]: 40 running cases in `pilot` cannot move" in out
    assert "  = cases: MID-0061, MID-0062, MID-0063" in out
    assert "and 32 more" in out
    assert not (folder / "none.json").exists()


def test_the_counts_of_the_plan_are_those_of_the_outcome(planned: Path, undisturbed: Path):
    plan = json.loads(planned.read_text("utf-8"))
    counts = Counter(each["outcome"] for each in plan["cases"])
    assert counts == {"renamed": 60, "anew": 40, "closer": 30, "same": 70}

    told = json.loads(tenure(undisturbed, "migrate", planned, "--format", "json"))
    states = rows(undisturbed, "SELECT state, count(*) FROM task WHERE status = 'open' GROUP BY 1")
    withdrawn = rows(undisturbed, "SELECT state, count(*) FROM task WHERE status = 'withdrawn'")
    moved = rows(undisturbed, "SELECT count(*) FROM event WHERE kind = 'due.moved'")

    assert told["counts"] == {"before": CASES}
    assert dict(states) == {
        "hrbp_signoff": counts["renamed"],
        "talk": counts["closer"],
        "write": counts["same"] + counts["anew"],
    }
    assert withdrawn == [("pilot", counts["anew"])]
    assert moved == [(counts["closer"],)]
    assert tenure(undisturbed, "verify").startswith("OK ")


@pytest.mark.parametrize("moment", ["migrate.between:112", "apply.case:177"])
def test_killed_in_the_middle_a_second_run_comes_to_the_same_end(
    planned: Path, undisturbed: Path, moment: str
):
    home = planned.parent / f"killed-{moment.replace(':', '-')}"
    shutil.copytree(planned.parent / "home", home)

    tenure(home, "migrate", planned, code=-signal.SIGKILL, TENURE_FAILPOINT=moment)
    number = int(moment.partition(":")[2])
    done = rows(home, "SELECT count(*) FROM event WHERE kind = 'case.migrated'")
    again = json.loads(tenure(home, "migrate", planned, "--format", "json"))

    before = (number - 1) // 50 * 50  # what was committed, fifty at a time
    assert done == [(before,)]
    expected = {"moved": CASES - before, "before": before}
    assert again["counts"] == {name: count for name, count in expected.items() if count}
    assert standing(home) == standing(undisturbed)
    assert rows(home, "SELECT count(*) FROM event WHERE kind = 'case.migrated'") == [(CASES,)]
    assert tenure(home, "verify").startswith("OK ")
