"""Figures of what one process hands on to another, from exported files only."""

import pandas as pd
from again_talent import in_time, listed, vacated
from insight_files import DAY, YEAR, Files
from insight_shape import Again, of_series, ratio, share


def people_without_rating(files: Files) -> Again:
    valid = files.valid("rating", files.at)
    fresh = set(valid[valid.valid_from > files.at - YEAR].index)
    return share([person not in fresh for person in files.employees(files.today)])


def followed(files: Files, told: pd.DataFrame, process: str, days: int, *, running: bool) -> Again:
    """How often no case of a process was opened in time after what was told of somebody."""
    cases, counts = files.of(process), []
    for row in told.itertuples():
        limit = row.at + days * DAY
        mine = cases[(cases.subject == row.person) & (cases.opened_at <= limit)]
        mine = mine[~(mine.closed_at <= row.at)] if running else mine[mine.opened_at >= row.at]
        counts.append(False if len(mine) else True if limit <= files.at else None)
    return share(counts)


def uncalibrated_decisions(files: Files) -> Again:
    named = files.told("successor.named", files.at - YEAR)[["person", "at"]]
    placed = files.records[(files.records.kind == "talent")
                           & (files.records.valid_from > files.at - YEAR)]  # fmt: skip
    placed = placed[["about", "valid_from"]].set_axis(["person", "at"], axis=1)
    counts: list[bool | None] = []
    for row in pd.concat([named, placed]).itertuples():
        valid = files.valid("rating", row.at)
        mine = valid[(valid.index == row.person) & (valid.valid_from > row.at - YEAR)]
        counts.append(not any(a.get("calibrated") is True for a in mine.attributes))
    return share(counts)


def plans_per_person(files: Files) -> Again:
    plans = files.of("development-plan")
    open_ = plans[plans.closed_at.isna()].groupby("subject").size()
    each = open_.reindex(sorted(files.employees(files.today))).fillna(0)
    return of_series(
        each != 1, **{"no plan": ratio(each == 0), "two plans or more": ratio(each > 1)}
    )


def successors_without_plan(files: Files) -> Again:
    rows = []
    for position in files.valid("succession", files.at).index:
        for person in listed(files, position):
            told = files.told("successor.named")
            rows.append(told[(told.person == person) & (told.position == position)].tail(1))
    told = pd.concat(rows) if rows else files.events.head(0)
    told = told[told.furthest.ne(other=False)]  # also where it is not said
    return followed(files, told, "development-plan", 2, running=True)


def vacancies_without_activation(files: Files) -> Again:
    return share([
        False if in_time(files, row) else True if files.at > row.vacated_at + 2 * DAY else None
        for row in vacated(files).itertuples()
    ])  # fmt: skip


def hires_without_goals(files: Files) -> Again:
    agreed, counts = files.told("goals.agreed"), []
    for row in files.told("person.started", files.at - YEAR).itertuples():
        limit = files.midnight(pd.Timestamp(row.start_date)) + 30 * DAY
        met = ((agreed.person == row.person) & (agreed["at"] <= limit)).any()
        counts.append(False if met else True if limit <= files.at else None)
    return share(counts)


def reviews_with_thanks(files: Files) -> Again:
    reviews = files.told("review.submitted", files.at - YEAR)
    if reviews.empty:
        return share([])
    thanks = files.records[files.records.kind == "recognition"]
    rows = reviews.merge(thanks, left_on="person", right_on="about", how="left")
    held = (rows.valid_from <= rows["at"]) & ~(rows.valid_until <= rows["at"])
    return share(list(held.groupby(rows["number_x"]).any()))
