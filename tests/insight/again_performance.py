"""Figures of performance management, from exported files only."""

import pandas as pd
from insight_files import DAY, YEAR, Files
from insight_shape import Again, of_series, ratio, share


def goal_attainment(files: Files) -> Again:
    cases = files.of("goal-setting")
    scored = cases[(cases.outcome == "scored") & (cases.closed_at > files.at - YEAR)]
    if scored.subject.nunique() < 5:
        return Again(number=None, n=0)
    goals = scored.explode("data.results")
    goals = pd.DataFrame(goals["data.results"].tolist(), index=goals.case).reset_index()
    reached = goals.reached.astype(float)
    weight = goals.reindex(columns=["case", "weight"]).fillna({"weight": 1.0})
    weight = weight.weight / weight.groupby("case").weight.transform("mean")
    records = files.records[files.records.kind == "goal_attainment"]
    late = records[records.case.isin(scored.case)].attributes.map(lambda a: a["late_changes"] > 0)
    return Again(
        number=(reached * weight).sum() / weight.sum(),
        n=len(reached),
        parts={
            "goals of which 70 % or more were reached": ratio(reached >= 70),
            "if every goal weighed the same": (reached.mean(), len(reached)),
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
    valid = files.valid("rating", files.at)
    valid = valid[valid.index.isin(files.employees(files.today))].sort_index()
    if len(valid) < 5:
        return Again(number=None, n=0)
    sent = files.told("review.submitted")
    current = files.people[files.people.valid_from <= files.today].groupby("person").tail(1)
    current = current.set_index("person").reindex(valid.index)
    rows = pd.DataFrame({"mark": valid.value.astype(float), "unit": current.department,
                         "grade": current.grade})  # fmt: skip
    last = [sent[(sent.person == one) & (sent["at"] <= row.valid_from)].tail(1)
            for one, row in valid.iterrows()]  # fmt: skip
    rows["draft"] = [one.rating.item() if len(one) else None for one in last]
    rows["rater"] = [said.get("rated_by") or (one.body.item()["rater"] if len(one) else "")
                     for said, one in zip(valid.attributes, last, strict=True)]  # fmt: skip
    parts = {f"rated {mark:g}": ratio(rows.mark == mark) for mark in rows.mark.unique()}
    if rows.draft.notna().all():
        for mark in rows.draft.unique():
            parts[f"before calibration: rated {mark:g}"] = ratio(rows.draft == mark)
    return Again(number=rows.mark.mean(), n=len(rows), parts={**parts, **means(rows)})


REST = "all the others together"
LABELS = (  # of a group, and of what is told together
    ("unit", "mean of {}", "mean of all smaller groups together"),
    ("rater", "mean of those rated by {{{}}}", "mean of those rated by anybody else"),
    ("grade", "mean of grade {}", "mean of all other grades together"),
)


def means(rows: pd.DataFrame) -> dict[str, tuple[float, int]]:
    parts, before = {}, pd.Series("all", index=rows.index)
    for column, words, rest in LABELS:
        group = together(rows[column].fillna(""), before)
        if set(group) == {REST}:
            continue
        before = before + "|" + group
        for name, some in rows.groupby(group):
            label = rest if name == REST else words.format(name)
            if name == "" and column == "rater":
                label = "mean of those of whom nobody knows who rated"
            parts[label] = (some.mark.mean(), len(some))
            if some.draft.notna().all():
                parts[f"{label}, before calibration"] = (some.draft.astype(float).mean(), len(some))
    return parts


def together(group: pd.Series, before: pd.Series) -> pd.Series:
    """Small ones are put together, and then the ones that share fewer than five with another."""
    alone = group.value_counts().rename_axis("name").reset_index().sort_values(["count", "name"])
    alone = list(alone[alone["count"] >= 5].name)
    while True:
        told = group.where(group.isin(alone), REST)
        sizes = pd.crosstab(told, before)
        bad = [one for one in alone if ((sizes.loc[one] > 0) & (sizes.loc[one] < 5)).any()]
        few = 0 < (told == REST).sum() < 5
        if REST in sizes.index and not bad:
            few = few or ((sizes.loc[REST] > 0) & (sizes.loc[REST] < 5)).any()
        if not bad and not few:
            return told
        gone = bad or alone[:1]
        alone = [one for one in alone if one not in gone]


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
