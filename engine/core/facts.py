"""What a macrostep may look up: the directory and the calendars, as of one instant.

The service answers from its directory and records every answer, so that a replay years later
looks up the same.
"""

from collections.abc import Mapping
from datetime import date, tzinfo
from typing import Any, Protocol


class Calendar(Protocol):
    """Working days and the zone of one location."""

    @property
    def zone(self) -> tzinfo: ...

    def add_workdays(self, day: date, count: int) -> date:
        """The working day `count` working days after (before, if negative) `day`.

        From a day that is no working day counting starts at the next (last) one.
        """
        ...

    def workdays_between(self, start: date, end: date) -> int:
        """Working days from `start` up to, not including, `end`; negative if `end` is earlier."""
        ...


class Facts(Protocol):
    """Look-ups as of the macrostep's instant; total: what is unknown is None or empty."""

    def person(self, person: str) -> Mapping[str, Any] | None:
        """`id, name, email, manager (an id), department, location, title, …`; `roles` is a list.

        Who has left is still known, so that names stay readable: their `active` is False. So it is
        of a guest, who never worked here: their `guest` is True, and beside id, name and email
        there is nothing. Who has left and gave an address of their own is `still_reachable`. Who
        is away on leave is `on_leave`.
        """
        ...

    def holders(self, role: str, of: str | None) -> tuple[str, ...]:
        """Person ids that hold a role, of a unit if given, in the directory's order.

        Nobody who has left, here and in a queue.
        """
        ...

    def members(self, queue: str) -> tuple[str, ...]:
        """Person ids that work from a queue."""
        ...

    def stand_in(self, person: str) -> str | None:
        """Who acts for an absent person now; None: they are there."""
        ...

    def pooled(self, pool: str, *, people: int, least: int) -> tuple[Mapping[str, Any], ...]:
        """All anonymous answers of a round (`evaluate.peers#1`), without author and order.

        Asked once, when the round is over and `people` have answered. Fewer than `least` are
        thrown away unread.
        """
        ...

    def record(self, kind: str, about: str) -> Mapping[str, Any] | None:
        """The newest record that is valid now, else the newest that was.

        With `value, attributes, from, until`: instants are microseconds since 1970; `until` is
        None for what is valid until replaced.
        """
        ...

    def calendar(self, location: str | None) -> Calendar:
        """The calendar of a location; the organisation's own for None or an unknown one."""
        ...
