"""Figures of what people say, of signs that somebody may go, and of what was learned from exits."""

from insight_files import DAY, YEAR, Files
from insight_shape import Again, share


def engagement(files: Files) -> Again:
    valid = files.valid("engagement", files.at)
    if valid.empty:
        return Again(number=None, n=0)
    answers = valid.attributes.map(lambda a: a["answers"])
    asked = valid.attributes.map(lambda a: a["asked"])
    marks, n = valid.value.astype(float), int(answers.sum())
    parts = {unit: (mark, answers[unit]) for unit, mark in marks.items()}
    parts["who was asked and answered"] = (n / asked.sum(), int(asked.sum()))
    return Again(number=(marks * answers).sum() / n, n=n, parts=parts)


def signals_looked_at(files: Files) -> Again:
    signs, looks = files.records[files.records.kind == "flight_risk"], files.told("risk.looked_at")
    counts = []
    for sign in signs[signs.valid_from > files.at - YEAR].itertuples():
        waited = looks[looks.person == sign.about]["at"] - sign.valid_from
        good = waited.between(0 * DAY, 14 * DAY).any()
        counts.append(True if good else False if sign.valid_from + 14 * DAY <= files.at else None)
    return share(counts)


def exit_actions(files: Files) -> Again:
    tasks = files.tasks
    acts = tasks[(tasks.process == "exit") & (tasks.state == "act")
                 & (tasks.outcome != "withdrawn") & (tasks.opened_at > files.at - YEAR)]  # fmt: skip
    return share([
        True if task.closed_at - task.opened_at <= 90 * DAY
        else False if task.opened_at + 90 * DAY <= files.at else None
        for task in acts.itertuples()
    ])  # fmt: skip
