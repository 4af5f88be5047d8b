"""Forms: the published schema of a page, and what people type read into answers."""

from engine.forms.check import check, holds, input_of, validator
from engine.forms.faults import Fault
from engine.forms.guests import Enlist, asks_for_guests, with_guests
from engine.forms.reading import Reading, read
from engine.forms.schema import schema
from engine.forms.typed import Typed, renumbered, typed, written

__all__ = [
    "Enlist",
    "Fault",
    "Reading",
    "Typed",
    "asks_for_guests",
    "check",
    "holds",
    "input_of",
    "read",
    "renumbered",
    "schema",
    "typed",
    "validator",
    "with_guests",
    "written",
]
