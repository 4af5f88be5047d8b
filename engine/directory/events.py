"""What a change of the directory says to processes: events about people and positions.

Imports, the day's sweep and rehearsals ask here, so that all of them say the same.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from engine.directory.roster import Absence, Roster, position

LEFT: Final = "person.left"
JOINED: Final = "person.joined"
MOVED: Final = "person.moved"
MANAGER: Final = "manager.changed"
VACATED: Final = "role.vacated"
GIVEN: Final = "notice.given"  # said by a case: somebody is about to go, on their `last_day`
POSTPONED: Final = "last_day.changed"  # said by a case: that is another day
WITHDRAWN: Final = "notice.withdrawn"  # said by a case: who was about to go stays
FILLED: Final = "role.filled"  # said by a case: a position has somebody again
SAID_OF_SEATS: Final = (VACATED, WITHDRAWN, FILLED, JOINED)
PAUSED: Final = "person.paused"
RESUMED: Final = "person.resumed"
EVENTS: Final = frozenset({LEFT, JOINED, MOVED, MANAGER, VACATED, PAUSED, RESUMED})
_OF_MOVING: Final = ("department", "title", "location", "country", "grade", "employment")


@dataclass(frozen=True, kw_only=True, slots=True)
class DirectoryEvent:
    """One thing that happened, with whose cases hear of it."""

    name: str
    to: str  # the person; of a position that has nobody left, the position
    body: Mapping[str, Any]  # JSON
    told_by: str | None = None  # name of the case that says so itself, while it is open


@dataclass(frozen=True, kw_only=True, slots=True)
class Heard:
    """An event that was kept, as far as it says who gave up a position or got one."""

    name: str
    body: Mapping[str, Any]
    of_case: bool  # a case said it, not the directory


def events_between(before: Roster, after: Roster, on: date) -> tuple[DirectoryEvent, ...]:
    """What is different, by kind and within a kind by person; who left comes first.

    People of the very first import were there before it: they have not joined.
    """
    was, here = _present(before), _present(after)
    stayed = [person for person in here if person in was]
    since = on.isoformat()
    gone = [_about(LEFT, person, since) for person in was if person not in here]
    come = [_about(JOINED, person, since) for person in here if person not in was]
    return (
        *gone,
        *(come if before.people else ()),
        *_moves(before, after, stayed, since),
        *_managers(before, after, stayed, since),
        *_vacated(before, after, since),
        *_paused(before, after, stayed),
        *_resumed(before, after, stayed, since),
    )


def news(
    events: Iterable[DirectoryEvent],
    heard: Callable[[], Sequence[Heard]],
    is_open: Callable[[str], bool],
) -> Iterator[DirectoryEvent]:
    """All but what a case has said already, or will say itself since it is open.

    `heard`, which is asked only if a seat became empty, gives what was said under the names of
    SAID_OF_SEATS, in order; `is_open` knows cases by name.
    """
    said: Sequence[Heard] | None = None
    for event in events:
        if event.told_by is not None and is_open(event.told_by):
            continue
        if event.name == VACATED:
            said = heard() if said is None else said
            if _was_said(event, said):
                continue
        yield event


def _was_said(event: DirectoryEvent, heard: Sequence[Heard]) -> bool:
    """Whether a case has said that this person gives up this seat, and nothing took it back.

    A notice that was withdrawn does, a return, and a position that was filled with them again.
    """
    held_by, seat = event.body["person"], event.body["position"]
    told = False
    for one in heard:
        if one.body.get("person") != held_by:
            continue
        of_seat = one.body.get("position") == seat
        if one.name == VACATED and of_seat and one.of_case:
            told = True
        elif one.name in (WITHDRAWN, JOINED) or (one.name == FILLED and of_seat):
            told = False
    return told


def _present(roster: Roster) -> dict[str, None]:
    """Ids of who works here, sorted."""
    return dict.fromkeys(sorted(one for one, known in roster.people.items() if known["active"]))


def _about(name: str, person: str, on: str, **more: Any) -> DirectoryEvent:
    return DirectoryEvent(name=name, to=person, body={"person": person, "on": on, **more})


def _moves(
    before: Roster, after: Roster, people: Iterable[str], on: str
) -> Iterator[DirectoryEvent]:
    for person in people:
        was, now = before.people[person], after.people[person]
        if was is now:
            continue
        what = [name for name in _OF_MOVING if was[name] != now[name]]
        if not what:
            continue
        told = {f"from_{name}": was[name] for name in what if was[name] is not None}
        told |= {f"to_{name}": now[name] for name in what if now[name] is not None}
        yield _about(MOVED, person, on, what=what, **told)


def _managers(
    before: Roster, after: Roster, people: Iterable[str], on: str
) -> Iterator[DirectoryEvent]:
    for person in people:
        was, now = before.people[person]["manager"], after.people[person]["manager"]
        if was != now:
            told = {"from": was, "to": now}
            yield _about(
                MANAGER, person, on, **{way: who for way, who in told.items() if who is not None}
            )


def _vacated(before: Roster, after: Roster, on: str) -> Iterator[DirectoryEvent]:
    """Seats without anybody; of several who held one, the first in the directory's order."""
    for (role, unit), holders in before.roles.items():
        if not after.roles.get((role, unit)):
            seat = position(role, unit)
            body = {"position": seat, "on": on, "person": holders[0]}
            yield DirectoryEvent(name=VACATED, to=seat, body=body)


def _paused(before: Roster, after: Roster, people: Iterable[str]) -> Iterator[DirectoryEvent]:
    """A leave that a case told of has been said by that."""
    for person in people:
        leave = _leave(after, person)
        if leave is None or leave.told_by is not None or _leave(before, person) is not None:
            continue
        body = {"person": person, "from": leave.since.isoformat()}
        if leave.back is not None:
            body["until"] = (leave.back - timedelta(days=1)).isoformat()  # the last day away
        if leave.stand_in is not None:
            body["deputy"] = leave.stand_in
        yield DirectoryEvent(name=PAUSED, to=person, body=body)


def _resumed(
    before: Roster, after: Roster, people: Iterable[str], on: str
) -> Iterator[DirectoryEvent]:
    for person in people:
        leave = _leave(before, person)
        if leave is not None and _leave(after, person) is None:
            body = {"person": person, "on": on}
            yield DirectoryEvent(name=RESUMED, to=person, body=body, told_by=leave.told_by)


def _leave(roster: Roster, person: str) -> Absence | None:
    return next((one for one in roster.away.get(person, ()) if one.leave), None)
