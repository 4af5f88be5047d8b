"""Figures of how people are: what they say of their work, who is thanked, who is asked to stay."""

from datetime import timedelta
from typing import Final

from analytics.insight.history import History
from analytics.insight.measures import LEAST, Measured, Part, Row, Unit, share
from analytics.insight.tables import YEAR, Event, Record, is_number

LOOKED_AT: Final = timedelta(days=14)  # so soon a sign that somebody may leave is looked at


def engagement(history: History) -> Measured:
    """Every answer weighs the same; a department of fewer than LEAST answers is in no number."""
    valid = [history.newest("engagement", unit) for unit in history.subjects("engagement")]
    kept = [one for one in valid if one is not None and is_number(one.value)]
    known = [one for one in kept if _answers(one) >= LEAST]
    few = len(kept) - len(known)
    notes = (f"{few} not counted: fewer than {LEAST} answered.",) if few else ()
    if not known:
        return Measured(missing="No department has a valid record `engagement`.", notes=notes)
    answers = sum(map(_answers, known))
    asked = sum(_asked(one) for one in known)
    return Measured(
        number=sum(_answers(one) * one.value for one in known) / answers,
        n=answers,
        parts=(
            Part(label="who was asked and answered", number=answers / asked, unit=Unit.SHARE,
                 n=asked, part=answers),
            *(Part(label=one.about, number=float(one.value), unit=Unit.MARK, n=_answers(one))
              for one in known),
        ),
        rows=tuple(
            Row(about="unit", subject=one.about, at=one.valid_from, cases=(one.case,),
                number=float(one.value), words=f"{_answers(one)} of {_asked(one)} answered")
            for one in known
        ),
        notes=notes,
    )  # fmt: skip


def recognised(history: History) -> Measured:
    rows = []
    for person in sorted(history.employees):
        thanks = thanked(history, person)
        rows.append(
            Row(
                about="person",
                subject=person,
                at=thanks[-1].at if thanks else None,
                cases=tuple(dict.fromkeys(each.case for each in thanks if each.case)),
                counts=bool(thanks),
                words=f"{len(thanks)} times" if len(thanks) > 1 else "",
            )
        )
    return share(rows, missing="Nobody is employed on that day.")


def thanked(history: History, person: str) -> list[Event]:
    """The thanks that somebody got in the last 12 months."""
    since = history.at - YEAR
    return [each for each in history.told_about("recognition.given", person) if each.at > since]


def signals_looked_at(history: History) -> Measured:
    since = history.at - YEAR
    rows = [
        looked_at(history, record)
        for person in history.subjects("flight_risk")
        for record in history.written("flight_risk", person)
        if record.valid_from > since
    ]
    return share(
        rows, missing="No record `flight_risk` of the last 12 months is older than 14 days."
    )


def looked_at(history: History, record: Record) -> Row:
    """Whether somebody decided within 14 days what to make of a sign; None: there is still time."""
    limit = record.valid_from + LOOKED_AT
    looks = [
        each
        for each in history.told_about("risk.looked_at", record.about)
        if record.valid_from <= each.at <= limit
    ]
    cases = (record.case, *(each.case for each in looks if each.case))
    return Row(
        about="person",
        subject=record.about,
        at=record.valid_from,
        cases=tuple(dict.fromkeys(cases)),
        counts=True if looks else False if limit <= history.at else None,
    )


def _answers(record: Record) -> int:
    return int(record.attributes.get("answers") or 0)


def _asked(record: Record) -> int:
    """Whoever answered was asked, whatever the record says."""
    return max(int(record.attributes.get("asked") or 0), _answers(record))
