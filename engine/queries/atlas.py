"""A definition as a map for people: which places they know, and what those are called."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from engine.core.chart import Definition, State
from engine.core.expression import Template
from engine.core.form import Field
from engine.core.places import last_key, state_id
from engine.core.snapshot import Place
from engine.core.visibility import NOT_SHOWN, is_hidden, why_withheld

NameOf = Callable[[str], str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Atlas:
    """One published version."""

    process: str
    version: int
    title: str
    sha256: str
    definition: Definition | None  # None: this program cannot read it any more
    _by_id: dict[str, State] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        if self.definition is not None:
            self._by_id.update({state.id: state for state in self.definition.states})

    def is_withheld(self, path: str) -> bool:
        """Whether operators are not told the value of what an expression read: `data.iban`."""
        definition = self.definition
        return definition is None or is_hidden(definition, [tuple(path.split("."))], None, {})

    def plain_fields(self) -> Mapping[str, Field]:
        """The fields of the case file that a plain export may hold, in the author's order."""
        fields = {} if self.definition is None else self.definition.data
        return {
            name: field
            for name, field in fields.items()
            if why_withheld(field, None, {}) is None and not self.is_withheld(name)
        }

    def shown_key(self, key: str | None) -> str | None:
        """A case's key, unless it is made of what operators are not told."""
        made_of = () if self.definition is None else self.definition.key or ()
        return NOT_SHOWN if key and any(self.is_withheld(name) for name in made_of) else key

    def state(self, place: Place) -> State | None:
        return self._by_id.get(state_id(place))

    def shown(self, place: Place) -> bool:
        """Whether the author wrote the place's state, so that people know it."""
        state = self.state(place)
        return state is None or not (state.hidden or state.parent is None)

    def standing(self, configuration: Iterable[Place]) -> tuple[Place, ...]:
        """Where a case stands: the innermost places that people know, in document order."""
        shown = [place for place in configuration if self.shown(place)]
        return tuple(
            place
            for place in shown
            if not any(other.startswith((f"{place}.", f"{place}[")) for other in shown)
        )

    def known_place(self, place: Place) -> Place:
        """The place itself, or the nearest one around it that people know."""
        while place and not self.shown(place):
            place = _around(place)
        return place

    def title_of(self, place: Place, name_of: NameOf) -> str:
        """What people call a place: `Peers: Dan Fox`."""
        place = self.known_place(place)
        if not place:
            return self.title
        if place.endswith("]"):
            item = name_of(last_key(place))
            return f"{self.title_of(_around(place), name_of)}: {item}"
        state = self.state(place)
        own = _plain(state.title) if state is not None else None
        title = own or _worded(state.name if state is not None else place.rpartition(".")[2])
        return f"{title} ({name_of(last_key(place))})" if "]" in place else title

    def titles(self) -> Mapping[str, str]:
        """By state id, of the states that people know, in document order."""
        return {
            state.id: self.title_of(state.id, lambda key: key)
            for state in self._by_id.values()
            if state.parent is not None and not state.hidden
        }


def _around(place: Place) -> Place:
    """The place around a place; empty at the outermost."""
    if place.endswith("]"):
        return place[: place.rindex("[")]
    dot, bracket = place.rfind("."), place.rfind("]")
    # A dot inside an item's brackets is part of a name, not of the way.
    return place[:dot] if dot > bracket else place[: bracket + 1] if bracket >= 0 else ""


def _plain(title: Template | None) -> str | None:
    """The author's title, where it reads the same for every case."""
    if title is None or not all(isinstance(part, str) for part in title.parts):
        return None
    return title.text


def _worded(name: str) -> str:
    return name.replace("_", " ").replace("-", " ").strip().capitalize()
