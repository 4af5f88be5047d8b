"""Published versions, compiled once per process: the definition, and what applying it needs."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from sqlalchemy import bindparam, select

from engine.core.chart import Definition, TriggerKind
from engine.core.form import Form
from engine.core.index import pauses_of
from engine.core.places import state_id
from engine.core.snapshot import Place
from engine.document import Diagnostic
from engine.loader import WrittenMigration, load_text
from engine.service.attributes import attributes_read
from engine.service.errors import StartRefused
from engine.store import Statement, Transaction
from engine.store.statements import table_of
from engine.store.tables import DefinitionRow
from engine.verify import verify

_TABLE = table_of(DefinitionRow)
_BY_NUMBER = Statement(
    select(
        _TABLE.c.id, _TABLE.c.process, _TABLE.c.version, _TABLE.c.source, _TABLE.c.published_at
    ).where(_TABLE.c.id == bindparam("of"))
)
_LATEST = Statement(
    select(_TABLE.c.id)
    .where(_TABLE.c.process == bindparam("of"))
    .order_by(_TABLE.c.version.desc())
    .limit(1)
)
_AS_OF = Statement(
    select(_TABLE.c.id)
    .where(_TABLE.c.process == bindparam("of"), _TABLE.c.published_at <= bindparam("then"))
    .order_by(_TABLE.c.version.desc())
    .limit(1)
)
_FIRST = Statement(
    select(_TABLE.c.id)
    .where(_TABLE.c.process == bindparam("of"))
    .order_by(_TABLE.c.version)
    .limit(1)
)


class Loaded(Protocol):
    """What the loader gives."""

    @property
    def definition(self) -> Definition | None: ...

    @property
    def diagnostics(self) -> Any: ...

    @property
    def migrations(self) -> Any: ...


Load = Callable[[str, str], Loaded]
Verify = Callable[[Any], tuple[Diagnostic, ...]]


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Version:
    """A published version, ready to run."""

    id: int  # DefinitionRow.id
    definition: Definition
    published_at: int
    signals: Mapping[int, tuple[str, ...]]  # which signals the state of an index answers to
    hidden: frozenset[str]  # ids of states that the lowering made
    by_id: Mapping[str, int]  # index of a state by its id
    start_form: Form  # what is asked when a case starts
    attributes: frozenset[str]  # of people, that its expressions may read
    migrations: tuple[WrittenMigration, ...] = ()  # what its author wrote about older versions

    def index_of(self, place: Place) -> int:
        found = self.by_id.get(place)
        return found if found is not None else self.by_id[state_id(place)]

    def is_hidden(self, place: Place) -> bool:
        if not self.hidden:
            return False
        return place in self.hidden or state_id(place) in self.hidden


@dataclass(frozen=True, kw_only=True, slots=True)
class Definitions:
    """A cache by number; a published version never changes."""

    load: Load = load_text
    verify: Verify = verify  # what can be proved about a text that is to be published
    _versions: dict[int, Version] = field(default_factory=dict)

    def get(self, tx: Transaction, number: int) -> Version:
        known = self._versions.get(number)
        if known is not None:
            return known
        row = tx.one(_BY_NUMBER, {"of": number})
        assert row is not None
        _, process, version, source, published_at = row
        loaded = self.load(source, f"{process}@{version}")
        if loaded.definition is None:
            raise StartRefused(
                f"Version {version} of {process} was published by another tenure and this one "
                "cannot read it. Publish it again as a new version, or run the tenure of then."
            )
        made = version_of(number, loaded.definition, published_at)
        made = replace(made, migrations=tuple(loaded.migrations))
        return self._versions.setdefault(number, made)

    def latest(self, tx: Transaction, process: str) -> Version | None:
        row = tx.one(_LATEST, {"of": process})
        return None if row is None else self.get(tx, row[0])

    def as_of(self, tx: Transaction, process: str, then: int) -> Version | None:
        """The version that was the latest at that instant; the first, if all came later."""
        row = tx.one(_AS_OF, {"of": process, "then": then}) or tx.one(_FIRST, {"of": process})
        return None if row is None else self.get(tx, row[0])


def version_of(number: int, definition: Definition, published_at: int) -> Version:
    signals = {}
    for state in definition.states:
        names = [
            each.trigger.name
            for each in state.transitions
            if each.trigger.kind is TriggerKind.SIGNAL
        ]
        if state.wait is not None:
            names.append(state.wait.signal)
        if state.index == 0:
            names += [each.until for each in pauses_of(definition.states).values()]
        if names:
            signals[state.index] = tuple(dict.fromkeys(names))
    return Version(
        id=number,
        definition=definition,
        published_at=published_at,
        signals=signals,
        hidden=frozenset(state.id for state in definition.states if state.hidden),
        by_id={state.id: state.index for state in definition.states},
        start_form=start_form(definition),
        attributes=attributes_read(definition),
    )


def start_form(definition: Definition) -> Form:
    """What is asked when a case starts."""
    fields = tuple(field for field in definition.data.values() if field.from_start)
    return Form(
        name="start",
        title=None,
        intro=None,
        fields=fields,
        shared=frozenset(field.name for field in fields),
    )
