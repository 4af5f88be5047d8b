"""How ratings are spread: over marks, and by who they are of and who gave them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Final

from analytics.insight.calibration import last_before, rater_of, submitted
from analytics.insight.groups import REST, told_splits
from analytics.insight.history import History
from analytics.insight.measures import Measured, Part, Row, Unit, without_numbers
from analytics.insight.tables import Event, Record, is_number

_WORDS: Final[tuple[Mapping[str, str], ...]] = (
    {"each": "mean of *", "": "mean of no department", REST: f"mean of {REST}"},
    {
        "each": "mean of those rated by {*}",
        "": "mean of those of whom nobody knows who rated",
        REST: "mean of those rated by anybody else",
    },
    {
        "each": "mean of grade *",
        "": "mean of no grade",
        REST: "mean of all other grades together",
    },
)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Rated:
    """An employee's valid rating, and what is told of its groups."""

    person: str
    mark: float
    draft: float | None  # what the manager had sent in
    department: str | None
    rater: str | None
    grade: str | None


def rating_distribution(history: History) -> Measured:
    """Nobody's mark can be told from the groups: see `told_splits`."""
    before = submitted(history)
    rows, rated = [], []
    for person in sorted(history.employees):
        record = history.newest("rating", person)
        if record is None or not is_number(record.value):
            continue
        rated.append(_rated(history, record, before.get(person, ())))
        rows.append(Row(about="person", subject=person, at=record.valid_from, cases=(record.case,)))
    if not rated:
        return Measured(missing=f"No valid ratings yet: 0 of {len(history.employees)} people.")
    marks = [one.mark for one in rated]
    drafts = [one.draft for one in rated if one.draft is not None]
    parts = (
        *_counts("", marks),
        *(_counts("before calibration: ", drafts) if len(drafts) == len(marks) else ()),
        *_groups(rated),
    )
    measured = Measured(number=fmean(marks), n=len(marks), parts=parts, rows=tuple(rows))
    return without_numbers(measured)


def _rated(history: History, record: Record, sent: Sequence[Event]) -> _Rated:
    known = history.person(record.about, history.today)
    draft = last_before(sent, record.valid_from)
    mark = None if draft is None else draft.body.get("rating")
    return _Rated(
        person=record.about,
        mark=float(record.value),
        draft=float(mark) if mark is not None and is_number(mark) else None,
        department=known.department if known else None,
        rater=rater_of(history, record),
        grade=known.grade if known else None,
    )


def _groups(rated: Sequence[_Rated]) -> Iterator[Part]:
    """The means of departments, of who rated, and of grades; of each also before calibration."""
    people: Mapping[str, _Rated] = {one.person: one for one in rated}
    splits = told_splits(
        tuple(people),
        (
            lambda one: people[one].department,
            lambda one: people[one].rater,
            lambda one: people[one].grade,
        ),
    )
    for groups, words in zip(splits, _WORDS, strict=True):
        for name, group in groups:
            label = words.get(name, words["each"].replace("*", name))
            yield _mean(label, [people[one].mark for one in group])
            drafts = [draft for one in group if (draft := people[one].draft) is not None]
            if len(drafts) == len(group):
                yield _mean(f"{label}, before calibration", drafts)


def _mean(label: str, values: Sequence[float]) -> Part:
    return Part(label=label, number=fmean(values), unit=Unit.MARK, n=len(values))


def _counts(before: str, values: Sequence[float]) -> Iterator[Part]:
    for mark in sorted(set(values)):
        part = sum(value == mark for value in values)
        yield Part(
            label=f"{before}rated {mark:g}",
            number=part / len(values),
            unit=Unit.SHARE,
            n=len(values),
            part=part,
        )
