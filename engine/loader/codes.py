"""The stable codes of this room (E2xx and W2xx), one part of the catalogue of `explain`.

Expressions bring their own codes (E3xx), the document brings E1xx.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

LOADER_CODES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "E201": "a target that is no state which can be reached from here",
        "E202": "a key that does not exist here",
        "E203": "a key that is missing",
        "E204": "a value of the wrong shape: a list, a mapping or one word was wanted",
        "E205": "a value that is not one of those allowed here",
        "E206": "a state that does not say what it is",
        "E207": "a state that is two things at once",
        "E208": "a key that does not fit this kind of state",
        "E209": "a name that cannot be used as a name",
        "E210": "one name for two things",
        "E211": "a field that does not exist",
        "E212": "a form that does not exist",
        "E213": "a person or role that does not exist",
        "E214": "a button that does not exist",
        "E215": "an event that cannot come here",
        "E216": "a length of time that cannot be read",
        "E217": "a deadline that cannot be read",
        "E218": "a reminder that cannot be read",
        "E219": "a rule for `enough` or `quorum` that cannot be read or can never hold",
        "E220": "a phrase that cannot be read",
        "E221": "a jump into or out of one branch of a `parallel` or one instance of an `each`",
        "E222": "a way on that leads nowhere",
        "E223": "a state that nobody can reach",
        "E224": "a state with no way to an end",
        "E225": "a row that is never looked at",
        "E226": "a rule that counts from a due date that does not exist",
        "E227": "a field whose options contradict each other",
        "E228": "a decision table that contradicts itself",
        "E229": "something that is listed twice",
        "E230": "a promise that this version cannot keep yet",
        "E233": "an anonymous task that could not stay so",
        "E231": "a definition without a usable name or version",
        "E232": "a definition that is too large",
        "E234": "an event that cannot stop the clock of a case in the way that is written",
        "W201": "a button without a row of its own: it goes to the next state",
        "W202": "an answer with the name of a state: in this task's rows the name is the answer",
        "W203": "an `undo` with nothing to undo",
        "W204": "a form that no task asks",
        "W205": "a quorum that does not say what a refusal means",
        "W206": "a bound of a percent that was meant out of a hundred",
    }
)
