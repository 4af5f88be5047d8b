"""Figures of talent management, from exported files only."""

from typing import Any

import pandas as pd
from insight_files import DAY, YEAR, Files
from insight_shape import Again, of_series, ratio, share, survival
from insight_vacancies import spells


def internal_fill_rate(files: Files) -> Again:
    filled = files.told("role.filled", files.at - YEAR)
    filled = filled[filled.get("interim") == False]  # noqa: E712
    return share([
        row.person in files.employees(files.on(row.at) - DAY) for row in filled.itertuples()
    ])  # fmt: skip


def retention(files: Files) -> Again:
    start = files.today - YEAR
    left = files.leavings()
    left = set(left[(left.valid_from > start)].person)
    return share([person not in left for person in files.employees(start)])


def cause(files: Files, person: str) -> str | None:
    notices = files.told("notice.given")
    notices = notices[notices.person == person]
    back = files.told("notice.withdrawn")
    if len(back):
        last = back[back.person == person]["at"].max()
        notices = notices[~(notices["at"] <= last)]
    return notices.cause.iloc[-1] if len(notices) else None


def high_performer_retention(files: Files) -> Again:
    start = files.at - YEAR
    rated = files.valid("rating", start)
    best = set(rated[rated.value >= files.top].index) & files.employees(files.on(start))
    if len(best) < 5:
        return Again(number=None, n=0)
    left = files.leavings()
    left = set(left[left.valid_from > files.today - YEAR].person)
    own = (None, "resigned", "left without notice")
    return share([not (one in left and cause(files, one) in own) for one in best])


def unexpected_exits(files: Files) -> Again:
    counts: list[bool | None] = []
    left = files.leavings()
    for row in left[left.valid_from > files.today - YEAR].itertuples():
        moment = files.midnight(row.valid_from)
        rating = files.valid("rating", moment).value
        if rating.get(row.person, 0) >= files.top:
            flags = files.records[(files.records.kind == "flight_risk")
                                  & (files.records.about == row.person)].valid_from  # fmt: skip
            counts.append(not ((flags >= moment - 90 * DAY) & (flags <= moment)).any())
    return share(counts)


def time_to_fill(files: Files) -> Again:
    rows = spells(files)
    rows = rows[rows.end != "stayed"]
    critical = rows[rows.critical]
    if critical.empty:
        return Again(number=None, n=0)
    half, most = survival(critical.days, critical.end == "filled", (0.5, 0.9))
    (half_of_all,) = survival(rows.days, rows.end == "filled", (0.5,))
    every = spells(files)
    covered = (every[every.critical].interim_days).dropna()
    return Again(
        number=half,
        n=len(critical),
        parts={
            "nine of ten are filled after": (most, len(critical)),
            "still open, or given up": ratio(critical.end != "filled"),
            "until somebody sat in for the time being (mean)": (
                covered.mean() if len(covered) else None, len(covered)),
            "all roles: half are filled after": (half_of_all, len(rows)),
        },
    )  # fmt: skip


def critical_roles(files: Files) -> list[str]:
    critical, lists = files.valid("critical", files.at), files.valid("succession", files.at)
    known = set(critical.index) | set(lists.index)
    off = {
        about
        for about, row in critical.iterrows()
        if row.value in ("no", "no longer", "", 0, False, None)
    }
    return sorted(known - off)


def listed(files: Files, position: str) -> list[str]:
    lists = files.valid("succession", files.at).value
    return names_of(lists.get(position, []))


def names_of(rows: list[dict]) -> list[str]:
    return [row["person"] for row in rows if row["band"] != "in an emergency"]


def readiness(files: Files) -> Again:
    fresh = files.records[files.records.kind.isin(["skills", "potential", "development"])
                          & (files.records.valid_from > files.at - 90 * DAY)]  # fmt: skip
    staff = files.employees(files.today)
    return share([
        bool({*listed(files, role)} & staff & {*fresh.about}) for role in critical_roles(files)
    ])  # fmt: skip


def bench_depth(files: Files) -> Again:
    staff = files.employees(files.today)
    depth = pd.Series([sum(one in staff for one in listed(files, role))
                       for role in critical_roles(files)], dtype=float)  # fmt: skip
    if depth.empty:
        return Again(number=None, n=0)
    parts = {"critical roles with at least one successor": ratio(depth > 0)}
    return Again(number=depth.mean(), n=len(depth), parts=parts)


def vacated(files: Files) -> pd.DataFrame:
    rows = spells(files)
    kept = rows.critical & (rows.vacated_at > files.at - YEAR) & (rows.end != "stayed")
    return rows[kept]


def in_time(files: Files, row: Any) -> bool:
    begun = files.of("succession-activation")
    begun = begun[(begun.subject == row.position) & (begun.opened_at >= row.vacated_at)]
    if row.ended_at is not pd.NaT:
        begun = begun[begun.opened_at <= row.ended_at]
    return bool((begun.opened_at <= row.vacated_at + 2 * DAY).any())


def activation_rate(files: Files) -> Again:
    counts: list[bool | None] = []
    for row in vacated(files).itertuples():
        lists = files.valid("succession", row.since).value
        names = {*names_of(lists.get(row.position, []))}
        took = bool(names & {row.interim_by, row.filled_by})
        started = in_time(files, row)
        late = not started and files.at > row.vacated_at + 2 * DAY
        over = row.ended_at is not pd.NaT
        counts.append(True if started and took else False if late or (started and over) else None)
    return share(counts)


def stale_data(files: Files) -> Again:
    words = {
        "rating": (365, "ratings older than 12 months"),
        "potential": (90, "assessments of potential older than 90 days"),
        "skills": (90, "skills older than 90 days"),
        "flight_risk": (60, "signals that somebody may leave, older than 60 days"),
    }
    newest = files.records[files.records.kind.isin(words)
                           & files.records.about.isin(files.employees(files.today))]  # fmt: skip
    newest = newest.groupby(["kind", "about"]).tail(1)
    limit = newest.kind.map(lambda kind: files.at - words[kind][0] * DAY)
    old = newest.valid_from < limit
    parts = {words[kind][1]: ratio(rows) for kind, rows in old.groupby(newest.kind)}
    return of_series(old, **parts)
