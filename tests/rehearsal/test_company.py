"""A company: processes that begin by themselves, start each other, and miss each other."""

import json
from datetime import date, timedelta
from pathlib import Path

from support.invented import invented
from support.rehearsals import EARLY, FIRST, MONDAY, PEOPLE

from engine.directory import Place
from engine.loader import load_text
from engine.rehearsal import (
    ByHand,
    Company,
    Report,
    Round,
    Setup,
    behaviour_of,
    company_of,
    processes_of,
    read_timeline,
    rehearse,
    report_of,
    wrong_with,
)
from engine.rehearsal.behaviour import back_on
from engine.rehearsal.joints import Joint, Silent, Unheard
from tenure.cli import main

SHIPPED = sorted((Path(__file__).parents[2] / "definitions").glob("*.yaml"))

ASKS = """\
process: asks
version: 1
subject: person
starts: {by_hand: {who: subject.manager}}
states:
  ask:    {task: {to: subject, title: Say, due: 2 workdays}}
  say:    {do: [{emit: it.said, with: {person: subject.id}}, {emit: it.lost}]}
  closed: {end: done}
records:
  said: {of: subject, value: 1, valid: 12 months}
"""
HEARS = """\
process: hears
version: 1
subject: person
key: one per subject
starts:
  - {signal: it.said, for: event.person, if: "has(subject.records.said)"}
  - {signal: never.said, for: event.person}
  - {signal: it.lost, if: "today < date('2020-01-01')", for: "'3'"}
states:
  wait:   {wait: {for: it.said}, after: {60 days: closed}}
  closed: {end: done}
"""
MONTHLY = """\
process: monthly
version: 1
subject: person
starts: {every: month, on: first workday, if: 'subject.department == "Sales"'}
states:
  look:   {task: {to: subject, title: Look, due: 2 workdays}}
  closed: {end: done}
"""
YEARLY = """\
process: yearly
version: 1
subject: person
key: one per cycle, subject
data: {cycle: {type: text, from: start}}
starts: {cohort: sales, if: 'subject.department == "Sales"'}
states:
  look:   {task: {to: subject, title: Look, due: 2 workdays}}
  closed: {end: done}
"""
MEETING = """\
process: meeting
version: 1
subject: none
key: one per cycle, department
data: {cycle: {type: text, from: start}, department: {type: text, from: start}}
people: {hr: {role: head-of-hr}}
states:
  meet:   {task: {to: hr, title: "Meet {{ data.department }} {{ data.cycle }}", due: 2 workdays}}
  closed: {end: done}
"""


def played(
    *definitions: str,
    said: Company | None = None,
    days: int = 120,
    changes: str | None = None,
    **more,
) -> Report:
    processes = processes_of([load_text(text, "process.yaml").definition for text in definitions])
    first, until = FIRST, FIRST + timedelta(days=days)
    setup = Setup(
        processes=processes,
        timeline=read_timeline(PEOPLE.encode(), changes and changes.encode(), MONDAY),
        cohort=(),
        behaviour=behaviour_of(more.pop("behaviour", EARLY)),
        seed=more.pop("seed", 1),
        first=first,
        until=until,
        home=Place(country="", zone="UTC"),
        company=company_of(processes, said or Company(), first, until),
    )
    return report_of(setup, rehearse(setup))


def by_hand(count: float) -> Company:
    """So many cases of `asks` in the 120 days."""
    return Company(hands=(ByHand(process="asks", a_year=count * 365 / 120),))


def part(report: Report, name: str):
    return next(each for each in report.processes if each.process == name)


def test_an_event_starts_a_case_and_another_one_is_taken_by_it():
    report = played(ASKS, HEARS, said=by_hand(12))

    asked, heard = part(report, "asks"), part(report, "hears")
    assert asked.ways == {"by hand": 12}
    assert heard.ways == {"signal it.said": 12}
    starts, taken = report.joints
    assert starts == Joint(sender="asks", event="it.said", receiver="hears", starts=True, count=12)
    assert (taken.event, taken.receiver, taken.starts) == ("it.said", "hears", False)
    assert 0 < taken.count < 12
    assert report.sound


def test_a_second_start_of_the_same_key_is_counted_and_no_fault():
    keyed = ASKS.replace("subject: person", "subject: person\nkey: one per subject")

    report = played(keyed, said=by_hand(12), behaviour=("early=0", "due=0", "late=0", "never=100"))

    (asked,) = report.processes
    assert (asked.started, asked.open_already) == (3, 9)  # bob, ann and dan
    assert report.refused == ()


def test_what_nobody_hears_and_what_starts_nothing_are_told_with_the_reason():
    report = played(ASKS, HEARS, said=by_hand(3))

    why = "hears would have, and no case was meant"
    assert report.unheard == (Unheard(sender="asks", event="it.lost", count=3, why=why),)
    assert [silent.why for silent in report.silent] == [
        "nobody raised `never.said`",
        "`it.lost` came 3 times, and its condition never held, or the start was refused",
    ]
    alone = played(ASKS, said=by_hand(3)).unheard
    assert {each.why for each in alone} == {"no definition given here listens to it"}
    assert isinstance(report.silent[0], Silent)
    sentences = wrong_with(report)
    assert f"asks said `it.lost` 3 times, and nobody heard: {why}." in sentences
    assert any("was never started by “signal never.said" in each for each in sentences)


def test_only_whom_the_definition_lets_starts_a_case_by_hand():
    boss = ASKS.replace("subject.manager", "subject.manager.manager")

    report = played(boss, said=by_hand(6))

    assert part(report, "asks").started == 6  # ann and dan have one, and others are tried
    nobody = played(ASKS.replace("subject.manager", "{role: nobody}"), said=by_hand(2))
    assert part(nobody, "asks").started == 0
    (found,) = nobody.refused
    assert (found.cases, found.why) == (2, "Nobody is there whom `by_hand` lets start one.")


def test_a_schedule_comes_round_for_everybody_whom_it_wants():
    report = played(MONTHLY, days=120)

    (monthly,) = report.processes
    (way,) = monthly.ways
    assert way.startswith("every month")
    assert monthly.started == 4 * 3  # February to May; January's was before the first day


def test_a_cohort_and_a_process_for_each_department_begin_without_a_word():
    report = played(YEARLY, MEETING)

    assert part(report, "yearly").ways == {"cohort sales": 3}
    assert part(report, "meeting").ways == {"for each department": 2}
    assert report.refused == ()


def test_a_round_begins_on_its_day_and_not_all_at_once():
    said = Company(rounds=(Round(process="yearly", on=date(2027, 2, 1), over=10),))

    report = played(YEARLY, said=said, behaviour=("early=0", "due=0", "late=0", "never=100"))

    days = sorted(each.day for each in report.load.days if each.arrived)
    assert len(days) == 3
    assert days[0] == date(2027, 2, 1)
    assert date(2027, 2, 5) < days[-1] <= date(2027, 2, 15)


def test_who_leaves_before_their_turn_gets_no_case():
    said = Company(rounds=(Round(process="yearly", on=date(2027, 2, 1), over=10),))
    gone = "number,from,leaves\n4,2027-02-02,yes\n"

    report = played(YEARLY, said=said, changes=gone)

    assert part(report, "yearly").started == 2  # dan was the last of three
    assert report.refused == ()


def test_the_same_seed_gives_the_same_company_and_another_seed_another():
    first, again, other = (
        played(ASKS, HEARS, MONTHLY, said=by_hand(20), seed=seed) for seed in (1, 1, 2)
    )

    assert first == again
    assert first.load != other.load


def test_who_is_away_answers_once_they_are_back():
    away = behaviour_of(["away=20"])
    days = [MONDAY + timedelta(days=number) for number in range(840)]
    gone = [day for day in days if back_on(away, 1, "3", day) is not None]

    assert 0.15 < len(gone) / len(days) < 0.25
    assert all(back_on(away, 1, "3", back_on(away, 1, "3", day)) is None for day in gone)
    assert back_on(behaviour_of([]), 1, "3", gone[0]) is None
    here = played(MONTHLY, behaviour=(*EARLY, "away=0"))
    less = played(MONTHLY, behaviour=(*EARLY, "away=30"))
    assert here.answers != less.answers


def test_a_year_of_all_shipped_processes_in_a_company_of_250_people(tmp_path, monkeypatch, capfd):
    """The definitions of the day, whichever they are, through the front door."""
    monkeypatch.chdir(tmp_path)
    texts = [path.read_text("utf-8") for path in SHIPPED]
    firm = invented(250, date(2027, 1, 1), texts)
    (tmp_path / "people.csv").write_text(firm.people, "utf-8")
    (tmp_path / "changes.csv").write_text(firm.changes, "utf-8")
    words = ["rehearse", str(SHIPPED[0].parent), "--people", "people.csv", "--reorg", "changes.csv"]
    words += ["--from", "2027-01-01", "--behaviour", "away=8", "--country", "DE"]
    words += ["--zone", "Europe/Berlin", "--html", "year.html", "--format", "json"]

    assert main(words) == 1  # for what is found in it
    said = capfd.readouterr()

    assert said.err == "The report is in year.html.\n"
    report = json.loads(said.out)
    assert {part["process"] for part in report["processes"]} == {path.stem for path in SHIPPED}
    assert sum(part["started"] for part in report["processes"]) > 500
    assert len(report["changes"]) > 20
    assert report["strays"] == []
    assert report["load"]["people"][0]["arrived"] > 50
    joints = {(one["sender"], one["event"], one["receiver"]) for one in report["joints"]}
    assert {
        ("pcer-year", "review.submitted", "calibration-session"),
        ("calibration-session", "calibration.published", "pcer-year"),
        ("pcer-year", "review.closed", "development-plan"),
        ("the directory", "person.left", "pcer-year"),
    } <= joints
    page = (tmp_path / "year.html").read_text("utf-8")
    assert f"a company with {len(SHIPPED)} processes" in page
    assert page.count("<li>") > 20  # what went wrong, among others
