"""What is known of those who could follow: the frozen table from which readiness is worked out.

Who is named stands in the record `succession` of a position; what is known of them in their own
records. The command that sets talent management up names people before any of that was written.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeGuard

import orjson
from sqlalchemy import Connection, select

from engine.core.instants import to_micros
from engine.directory.facts import RosterFacts
from engine.store.statements import table_of
from engine.store.tables import CaseRow, RecordRow

Rows = list[dict[str, Any]]

_RECORD = table_of(RecordRow)
_CASE = table_of(CaseRow)
_OF_PEOPLE = ("rating", "potential", "skills", "development", "acting")
_OF_POSITIONS = ("succession", "critical", "capability_profile")
_DAY = 86_400_000_000  # µs
_MOST_NAMES = 500  # in one query


@dataclass(frozen=True, kw_only=True, slots=True)
class Named:
    """Somebody who could follow."""

    person: str
    position: str
    risk: float  # of the position: the higher, the sooner somebody is wanted
    needs: tuple[tuple[str, float], ...] = ()  # skills that the position needs, with their levels
    covers: float | None = None  # percent of what it takes, as a committee sees it
    shown: str | None = None  # where they have done such a thing
    at: int = 0  # when they were named
    case: str | None = None  # the case in which they were


@dataclass(frozen=True, kw_only=True, slots=True)
class _Kept:
    """The record of a kind about an id that counts: the newest valid one, else the newest."""

    value: Any
    attributes: Mapping[str, Any]
    since: int
    until: int | None
    case: str

    @property
    def dated(self) -> dict[str, Any]:
        return {"at": self.since, "until": self.until, "case": self.case}


_Book = Mapping[tuple[str, str], _Kept]


def named(connection: Connection, now: datetime, position: str | None = None) -> tuple[Named, ...]:
    """Everybody whom a valid `succession` names, for one position or for all, in their order."""
    book = _read(connection, _OF_POSITIONS, None if position is None else (position,), now)
    return tuple(
        one
        for (kind, about), kept in sorted(book.items())
        if kind == "succession" and _holds(kept, now)
        for one in _successors(about, kept, book)
    )


def risk_of(attributes: Mapping[str, Any], value: Any) -> float:
    """Of a `critical` record: what hangs on it times how long a search takes, both 1 to 4."""
    impact = value if _is_number(value) else 0
    scarcity = attributes.get("scarcity")
    return float(impact * scarcity if _is_number(scarcity) else impact)


def evidence(
    connection: Connection, people: Sequence[Named], facts: RosterFacts, now: datetime
) -> Rows:
    """A row for each who works here, as `analytics.readiness` reads it."""
    roster = facts.roster.people
    here = [one for one in people if one.person in roster and roster[one.person]["active"]]
    book = _read(connection, _OF_PEOPLE, tuple({one.person for one in here}), now)
    return [_row(one, book, roster, to_micros(now)) for one in here]


def _row(
    one: Named, book: _Book, roster: Mapping[str, Mapping[str, Any]], now: int
) -> dict[str, Any]:
    def kept(kind: str) -> _Kept | None:
        return book.get((kind, one.person))

    acting = kept("acting")
    return {
        "person": one.person,
        "position": one.position,
        "risk": one.risk,
        "needs": [{"skill": skill, "level": level} for skill, level in one.needs],
        "covers": one.covers,
        "shown": one.shown,
        "named": {"at": one.at, "until": None, "case": one.case},
        "rating": _rating(kept("rating"), roster, roster[one.person]),
        "potential": _potential(kept("potential")),
        "skills": _skills(kept("skills")),
        "development": _development(kept("development")),
        "acting": None if acting is None else acting.dated,
        "now": now,
    }


def _rating(
    kept: _Kept | None, roster: Mapping[str, Mapping[str, Any]], person: Mapping[str, Any]
) -> dict[str, Any] | None:
    if kept is None or not _is_number(kept.value):
        return None
    rater = roster.get(str(kept.attributes.get("rated_by")))
    title = kept.attributes.get("title")
    return {
        **kept.dated,
        "value": kept.value,
        "calibrated": kept.attributes.get("calibrated") is True,
        "rater_left": rater is not None and not rater["active"],
        "role_changed": bool(title and person["title"] and title != person["title"]),
    }


def _potential(kept: _Kept | None) -> dict[str, Any] | None:
    if kept is None:
        return None
    raters = kept.attributes.get("raters")
    return {
        **kept.dated,
        "value": str(kept.value),
        "raters": raters if isinstance(raters, int) else 0,
    }


def _skills(kept: _Kept | None) -> dict[str, Any] | None:
    if kept is None or not isinstance(kept.value, list):
        return None
    rows = [
        {"skill": str(each["skill"]), "level": each["level"], "used": _day(each, kept.since)}
        for each in kept.value
        if isinstance(each, dict) and _is_number(each.get("level")) and "skill" in each
    ]
    return {**kept.dated, "value": rows, "verified": kept.attributes.get("verified") is True}


def _day(skill: Mapping[str, Any], otherwise: int) -> int:
    """The midnight on which a skill was last used."""
    try:
        return (date.fromisoformat(str(skill.get("last_used"))) - date(1970, 1, 1)).days * _DAY
    except ValueError:
        return otherwise


def _development(kept: _Kept | None) -> dict[str, Any] | None:
    if kept is None or not _is_number(kept.value):
        return None
    done, stretch = kept.attributes.get("done"), kept.attributes.get("stretch")
    return {
        **kept.dated,
        "of": kept.value,
        "done": done if _is_number(done) else 0,
        "stretch": stretch if _is_number(stretch) else 0,
    }


def _successors(position: str, kept: _Kept, book: _Book) -> Iterator[Named]:
    critical, profile = book.get(("critical", position)), book.get(("capability_profile", position))
    needs = profile.value if profile is not None and isinstance(profile.value, list) else []
    for each in kept.value if isinstance(kept.value, list) else ():
        if isinstance(each, dict) and isinstance(each.get("person"), str):
            covers = each.get("covers")
            yield Named(
                person=each["person"],
                position=position,
                risk=0.0 if critical is None else risk_of(critical.attributes, critical.value),
                needs=tuple((str(need["skill"]), float(need["level"])) for need in needs),
                covers=float(covers) if _is_number(covers) else None,
                shown=each.get("shown") or None,
                at=kept.since,
                case=kept.case,
            )


def _read(
    connection: Connection, kinds: Sequence[str], about: Sequence[str] | None, now: datetime
) -> _Book:
    """`about` None: of everything there is."""
    asked = (
        select(
            _RECORD.c.kind,
            _RECORD.c.about,
            _RECORD.c.value,
            _RECORD.c.attributes,
            _RECORD.c.valid_from,
            _RECORD.c.valid_until,
            _CASE.c.name,
        )
        .join(_CASE, _CASE.c.id == _RECORD.c.case_id)
        .where(_RECORD.c.kind.in_(kinds), _RECORD.c.valid_from <= to_micros(now))
        .order_by(_RECORD.c.valid_from, _RECORD.c.id)
    )
    portions = (
        [asked]
        if about is None
        else [
            asked.where(_RECORD.c.about.in_(about[at : at + _MOST_NAMES]))
            for at in range(0, len(about), _MOST_NAMES)
        ]
    )
    book: dict[tuple[str, str], _Kept] = {}
    for portion in portions:
        for kind, whom, value, attributes, since, until, case in connection.execute(portion):
            newer = _Kept(
                value=orjson.loads(value),
                attributes=orjson.loads(attributes),
                since=since,
                until=until,
                case=case,
            )
            before = book.get((kind, whom))
            if before is None or _holds(newer, now) or not _holds(before, now):
                book[kind, whom] = newer
    return book


def _holds(kept: _Kept, now: datetime) -> bool:
    return kept.until is None or kept.until > to_micros(now)


def _is_number(value: object) -> TypeGuard[int | float]:
    return isinstance(value, int | float) and not isinstance(value, bool)
