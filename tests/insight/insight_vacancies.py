"""Vacancies from exported events, position by position: another way than the product's."""

import pandas as pd
from insight_files import DAY, Files

BACK = ("notice.withdrawn", "move.withdrawn")


def spells(files: Files) -> pd.DataFrame:
    """A row for each vacancy."""
    rows: list[dict] = []
    beginnings = files.events[files.events.event.isin(["role.vacated", "requisition.approved"])]
    for position, told in beginnings.groupby("position"):
        rest = told.sort_values("number")
        while len(rest):
            row = _spell(files, str(position), rest)
            rows.append(row)
            after = row["last_number"]
            rest = rest[rest.number > after] if after is not None else rest.head(0)
    columns = ["position", "since", "vacated_at", "ended_at", "end", "days", "interim_by",
               "interim_days", "filled_by", "critical"]  # fmt: skip
    return pd.DataFrame(rows, columns=[*columns, "last_number"])


def _spell(files: Files, position: str, rest: pd.DataFrame) -> dict:
    first = rest.iloc[0]
    holder = cause = None
    events = files.events[files.events.number >= first.number].sort_values("number")
    row = {
        "position": position, "since": first["at"], "vacated_at": pd.NaT, "ended_at": pd.NaT,
        "end": "open", "interim_by": None, "interim_days": None, "filled_by": None,
        "last_number": None, "critical": _critical(files, position, first["at"]),
    }  # fmt: skip
    for event in events.itertuples():
        about = getattr(event, "position", None) == position
        if about and event.event == "role.vacated":
            holder, cause = holder or event.person, cause or event.cause
            row["vacated_at"] = event.at if row["vacated_at"] is pd.NaT else row["vacated_at"]
        elif about and event.event == "role.filled" and event.interim is True:
            if row["interim_by"] is None:
                row["interim_by"] = event.person
                row["interim_days"] = (event.at - row["since"]) / DAY
        elif about and event.event == "role.filled":
            row |= {"end": "filled", "filled_by": event.person}
        elif (
            event.event in BACK + ("person.resumed",) * (cause == "on leave")
            and holder is not None
            and event.person == holder
        ):
            row["end"] = "stayed"
        elif about and (
            event.event == "requisition.withdrawn"
            or (event.event == "requisition.closed" and event.outcome != "filled")
        ):
            row["end"] = "given up"
        if row["end"] != "open":
            row |= {"ended_at": event.at, "last_number": event.number}
            break
    until = files.at if row["ended_at"] is pd.NaT else row["ended_at"]
    row["days"] = (until - row["since"]) / DAY
    return row


def _critical(files: Files, position: str, then: pd.Timestamp) -> bool:
    critical, lists = files.valid("critical", then), files.valid("succession", then)
    if position in critical.index:
        return critical.value[position] not in ("no", "no longer", "", 0, False, None)
    return position in lists.index
