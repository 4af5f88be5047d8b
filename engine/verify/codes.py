"""The stable codes of proofs (E4xx and W4xx), one part of the catalogue of `explain`."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

VERIFY_CODES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "E401": "a gap in a decision: for some values no row fits",
        "E402": "a row that is never taken, because the rows above it take everything",
        "E403": "a condition that never holds",
        "E404": "two rows of a `hit: unique` table hold for the same values",
        "E405": "a field is read before anybody can have filled it in",
        "E406": "two parallel branches write the same field",
        "E407": "something private would reach somebody who may not see it",
        "E408": "a circle of states without a person, a date or an event in it",
        "E409": "`enough` asks for more than there can be",
        "E410": "a task that nobody may do: four eyes leave nobody",
        "E411": "a reminder that comes before the task is opened, or a stage that never comes",
        "E414": "a value that a field can never hold",
        "E415": "a case can get stuck where nothing can happen any more",
        "E416": "a case can go round for ever, and never come to an end",
        "W401": "for some values no row may fit",
        "W405": "a field may be empty where it is read",
        "W406": "two parallel branches may write the same field",
        "W407": "something private may reach somebody who may not see it",
        "W410": "four eyes may leave nobody to do a task",
        "W412": "a date that may be empty where a rule counts from it",
        "W413": "a condition that always holds",
        "W415": "a case may wait for ever for an event that is not sent on every way",
        "W420": "an anonymous round that may end with too few answers to be shown",
        "W421": "a guest whose name and address nothing would ever erase",
    }
)
