"""Figures of performance management, from exported files only."""

import pandas as pd
from insight_files import DAY, YEAR, Files
from insight_shape import Again, of_series, ratio, share


def goal_attainment(files: Files) -> Again:
    cases = files.of("goal-setting")
    scored = cases[(cases.outcome == "scored") & (cases.closed_at > files.at - YEAR)]
    goals = scored.explode("data.results")["data.results"]
    reached = goals.map(lambda row: row["reached"]).astype(float)
    if scored.subject.nunique() < 5:
        return Again(number=None, n=0)
    records = files.records[files.records.kind == "goal_attainment"]
    late = records[records.case.isin(scored.case)].attributes.map(lambda a: a["late_changes"] > 0)
    return Again(
        number=reached.mean(),
        n=len(reached),
        parts={
            "goals of which 70 % or more were reached": ratio(reached >= 70),
            "people whose goals changed in the last quarter of the period": (
                late.sum() / len(scored), len(scored)),
        },
    )  # fmt: skip


def feedback_frequency(files: Files) -> Again:
    staff, since = files.employees(files.today), files.at - 90 * DAY
    cases = files.of("feedback-request")
    given = cases[(cases.outcome == "given") & (cases.closed_at > since)]
    heard = given.explode("data.heard").dropna(subset=["data.heard"])
    long = heard["data.heard"].map(lambda row: len("".join(row.values())) >= 40)
    got = list(heard[long.astype(bool)].subject)
    notes = files.tasks[
        (files.tasks.process == "pcer-year") & (files.tasks.state == "coach")
        & (files.tasks.outcome == "submit") & (files.tasks.closed_at > since)
    ]  # fmt: skip
    got += list(notes.merge(files.cases, on="case").subject)
    got = [one for one in got if one in staff]
    return Again(
        number=len(got) / len(staff),
        n=len(staff),
        parts={"people who heard nothing": (1 - len(set(got)) / len(staff), len(staff))},
    )


def rating_distribution(files: Files) -> Again:
    staff = files.employees(files.today)
    valid = files.valid("rating", files.at)
    valid = valid[valid.index.isin(staff)]
    marks = valid.value.astype(float)
    if len(marks) < 5:
        return Again(number=None, n=0)
    parts = {f"rated {mark:g}": ratio(marks == mark) for mark in marks.unique()}
    sent = files.told("review.submitted")
    drafts = [
        one.rating.iloc[-1]
        for person, row in valid.iterrows()
        if len(one := sent[(sent.person == person) & (sent["at"] <= row.valid_from)])
    ]
    if len(drafts) == len(marks):
        for mark in set(drafts):
            parts[f"before calibration: rated {mark:g}"] = ratio(pd.Series(drafts) == mark)
    current = files.people[files.people.valid_from <= files.today].groupby("person").tail(1)
    unit = current.set_index("person").department.reindex(marks.index)
    groups = marks.groupby(unit).agg(["size", "sum"]).rename_axis("unit").reset_index()
    groups = groups.sort_values(["size", "unit"])
    small = int((groups["size"] < 5).sum())
    while 0 < small < len(groups) and groups["size"].iloc[:small].sum() < 5:
        small += 1
    for row in groups.iloc[small:].itertuples():
        parts[f"mean of {row.unit}"] = (row.sum / row.size, row.size)
    rest = groups.iloc[:small]
    if rest["size"].sum() >= 5:
        parts["mean of all smaller groups together"] = (
            rest["sum"].sum() / rest["size"].sum(), int(rest["size"].sum()))  # fmt: skip
    return Again(number=marks.mean(), n=len(marks), parts=parts)


def told_of(files: Files, *names: str) -> Again:
    told = files.events[files.events.event.isin(names) & (files.events["at"] > files.at - YEAR)]
    return share([person in set(told.person) for person in files.employees(files.today)])


def action_rate(files: Files) -> Again:
    agreed, counts = files.told("plan.agreed"), []
    plans = files.of("development-plan")
    for review in files.told("review.closed", files.at - YEAR).itertuples():
        mine = agreed[agreed.person == review.person]
        soon = ((mine["at"] > review.at) & (mine["at"] <= review.at + 30 * DAY)).any()
        running = plans[(plans.subject == review.person) & (plans.opened_at <= review.at)
                        & ~(plans.closed_at <= review.at)]  # fmt: skip
        had = mine[(mine["at"] <= review.at) & mine.by.isin(running.case)].size > 0
        decided = review.at + 30 * DAY <= files.at
        counts.append(True if soon or had else False if decided else None)
    return share(counts)


def published(files: Files) -> pd.DataFrame:
    """A row for each rating that a session of the year has published, with what was sent in."""
    told = files.told("calibration.published", files.at - YEAR)
    rows = []
    for one in told.itertuples():
        for rating in one.ratings:
            sent = files.told("review.submitted")
            sent = sent[(sent.person == rating["person"]) & (sent.cycle == one.cycle)
                        & (sent["at"] <= one.at)]  # fmt: skip
            before = sent.rating.iloc[-1] if len(sent) else None
            rows.append((one.by, rating["person"], before, rating["rating"]))
    return pd.DataFrame(rows, columns=["case", "person", "before", "after"])


def calibration_coverage(files: Files) -> Again:
    records = files.records[files.records.kind == "calibration"]
    quorum = records[records.attributes.map(lambda a: a["present"] / a["committee"] >= 2 / 3)
                     .astype(bool)]  # fmt: skip
    rows = published(files)
    covered = set(rows[rows.case.isin(quorum.case)].person)
    return share([person in covered for person in files.employees(files.today)])


def calibration_movement(files: Files) -> Again:
    rows = published(files).dropna(subset=["before"])
    if rows.person.nunique() < 5:
        return Again(number=None, n=0)
    before, after = rows.before.astype(float), rows.after.astype(float)
    return of_series(
        before != after,
        **{
            "moved up": ratio(after > before),
            "moved down": ratio(after < before),
            "variance before calibration": (before.var(ddof=0), len(rows)),
            "variance after calibration": (after.var(ddof=0), len(rows)),
        },
    )
