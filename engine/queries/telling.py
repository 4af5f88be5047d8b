"""What a sentence about a line of history is made of: its names as they were then."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from engine.core.instants import from_micros
from engine.queries.atlas import Atlas
from engine.queries.reader import Names

PERSON: Final = re.compile(r"p_[a-z2-7]{16}")


@dataclass(frozen=True, kw_only=True, slots=True)
class Telling:
    """What a sentence is made of."""

    kind: str
    actor: str | None
    about: str | None  # the line's object
    public: Mapping[str, Any]
    private: Mapping[str, Any]  # empty when it was erased
    atlas: Atlas
    names: Names
    titles: Mapping[str, str]  # of tasks, by key
    at: datetime

    @property
    def who(self) -> str:
        return self.name(self.actor) if self.actor else "A rule"

    def name(self, person: Any) -> str:
        """As of then; what is no person is named as it is."""
        text = str(person)
        if not PERSON.fullmatch(text) and not self.names.known(text):
            return text
        return self.names.of(text, self.at) or text

    def people(self, key: str) -> str:
        return listed([self.name(one) for one in self.public.get(key) or ()])

    def place(self, place: str | None) -> str:
        return f"“{self.atlas.title_of(place or '', self.name)}”"

    def places(self) -> str:
        """The places of a line that may be about several."""
        return listed([self.place(each) for each in self.public.get("places") or (self.about,)])

    def task(self) -> str:
        """The title of the task or the place that a key such as `rate#2` or `rate#2/late.0` is."""
        key = self.about or ""
        title = self.titles.get(key) or self.titles.get(key.partition("/")[0])
        return f"“{title}”" if title else self.place(key.partition("#")[0].partition("/")[0])

    def field(self, path: str) -> str:
        """A field as its page labels it; what else was read, as written."""
        name = path.removeprefix("data.")
        definition = self.atlas.definition
        known = definition.data.get(name) if definition is not None else None
        return f"“{known.label}”" if known is not None else path

    def event(self, name: str) -> Any:
        """A part of the event that the line carries; None when it was erased."""
        event = self.private.get("event")
        return event.get(name) if isinstance(event, Mapping) else None

    def day(self, micros: Any) -> str:
        if not isinstance(micros, int):
            return "no date"
        day = from_micros(micros)
        return f"{day.day} {day:%B %Y}"


def listed(parts: list[str]) -> str:
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} and {parts[-1]}"
