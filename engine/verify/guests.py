"""Names and addresses of people from outside that nothing would ever erase."""

from collections.abc import Iterator

from engine.core.chart import Definition
from engine.document import Span as Place
from engine.forms import asks_for_guests
from engine.loader import Sources
from engine.verify.findings import Finding
from engine.verify.names import Names


def check_guests(definition: Definition, sources: Sources) -> Iterator[Finding]:
    """One finding for the whole definition, where a guest is asked for first."""
    if "answers" in definition.retention:
        return
    places = list(_asked(definition, sources))
    if places:
        yield Finding(
            code="W421",
            place=min(places, key=lambda place: (place.line, place.column)),
            message="a guest is asked for, and their name and address are kept for ever",
            help="say how long answers are kept: `retention: {answers: 1 year}`",
        )


def _asked(definition: Definition, sources: Sources) -> Iterator[Place]:
    for name, field in definition.data.items():
        if asks_for_guests((field,)):
            yield sources.fields[name]
    names = Names(definition=definition)
    for state in definition.states:
        for task in (state.task, *state.side_tasks):
            own = () if task is None or task.form is None else task.form.fields
            if asks_for_guests(field for field in own if field.name not in definition.data):
                yield sources.states[names.written(state.index).id]
