"""The exported files as data frames, cut off at a moment: all that the second computation has.

Nothing of tenure is imported here; what a figure means is taken from docs/reference/insight.md.
"""

import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pandas as pd

NAMES = ("cases", "history", "tasks", "assignments", "events", "records", "people", "positions")
INSTANTS = {
    "cases": ("opened_at", "closed_at"),
    "history": ("at",),
    "tasks": ("opened_at", "due_at", "closed_at"),
    "assignments": ("started_at", "ended_at"),
    "events": ("at",),
    "records": ("valid_from", "valid_until"),
    "people": (),
    "positions": (),
}
TOLD = ("person", "position", "cycle", "rating", "ratings", "cause", "interim", "furthest",
        "outcome", "start_date", "source")  # fmt: skip
DAY = pd.Timedelta(days=1)
YEAR = 365 * DAY


@dataclass(kw_only=True)
class Files:
    folder: Path
    at: pd.Timestamp  # on the company's clock
    top: float = 4

    def frame(self, name: str) -> pd.DataFrame:
        lines = (self.folder / f"{name}.jsonl").read_text("utf-8").splitlines()
        frame = pd.DataFrame([json.loads(line) for line in lines])
        for column in INSTANTS[name]:
            frame[column] = pd.to_datetime(frame[column], utc=True, format="ISO8601")
        return frame

    @cached_property
    def cases(self) -> pd.DataFrame:
        cases = self.frame("cases")
        cases = cases[cases.opened_at <= self.at].copy()
        later = ~(cases.closed_at <= self.at)
        cases.loc[later, "closed_at"] = pd.NaT
        cases.loc[later, "outcome"] = None
        return cases

    @cached_property
    def history(self) -> pd.DataFrame:
        history = self.frame("history")
        return history[history["at"] <= self.at]

    @cached_property
    def tasks(self) -> pd.DataFrame:
        tasks = self.frame("tasks")
        tasks = tasks[tasks.opened_at <= self.at].copy()
        later = ~(tasks.closed_at <= self.at)
        tasks.loc[later, "closed_at"] = pd.NaT
        tasks.loc[later, "outcome"] = None
        return tasks

    @cached_property
    def events(self) -> pd.DataFrame:
        events = self.frame("events")
        events = events[events["at"] <= self.at].reset_index(drop=True)
        body = pd.DataFrame(events.body.tolist(), index=events.index)
        return pd.concat([events, body.reindex(columns=TOLD)], axis=1)

    @cached_property
    def records(self) -> pd.DataFrame:
        records = self.frame("records")
        return records[records.valid_from <= self.at].sort_values(
            ["valid_from", "number"], kind="stable"
        )

    @cached_property
    def people(self) -> pd.DataFrame:
        people = self.frame("people")
        people["valid_from"] = pd.to_datetime(people.valid_from)
        people = people.sort_values(["person", "valid_from"], kind="stable")
        people["employee"] = people.active & ~people.employment.isin(["contractor", "guest"])
        return people

    def told(self, name: str, since: pd.Timestamp | None = None) -> pd.DataFrame:
        found = self.events[self.events.event == name]
        return found if since is None else found[found["at"] > since]

    def on(self, moment: pd.Timestamp) -> pd.Timestamp:
        """The company's day of a moment, as a date without a zone."""
        return moment.tz_convert(self.at.tz).normalize().tz_localize(None)

    def midnight(self, day: pd.Timestamp) -> pd.Timestamp:
        return day.tz_localize(self.at.tz)

    @cached_property
    def today(self) -> pd.Timestamp:
        return self.on(self.at)

    def employees(self, day: pd.Timestamp) -> set[str]:
        known = self.people[self.people.valid_from <= day].groupby("person").tail(1)
        return set(known[known.employee].person)

    def leavings(self) -> pd.DataFrame:
        """Person and the day from which on they are gone, of employees, until today."""
        people = self.people[self.people.valid_from <= self.today].copy()
        people["was"] = people.groupby("person").employee.shift(fill_value=False)
        return people[people.was.astype(bool) & ~people.active][["person", "valid_from"]]

    def valid(self, kind: str, then: pd.Timestamp) -> pd.DataFrame:
        """The record of each subject that is in force, by subject."""
        records = self.records
        fit = (records.kind == kind) & (records.valid_from <= then) & ~(records.valid_until <= then)
        return records[fit].groupby("about").tail(1).set_index("about")

    def of(self, process: str) -> pd.DataFrame:
        return self.cases[self.cases.process == process]
