"""Places: how a state's id and the items of the `each` states above it become one name.

* A state outside every `each` has one place, its id: `evaluate.self`. The root's is ``.
* An EACH state has a place like any other: `evaluate.peers`. Its one child has the id
  `evaluate.peers.item`; the child's places are the instances, `evaluate.peers[dan]`, and what
  stands below follows with dots: `evaluate.peers[dan].task`.
* In brackets stands the item's key: a person id or a text, with `[`, `]` and `%` written `%5B`,
  `%5D` and `%25`, so that a place is always read the same way.
* A place without its lowered tail is the one people know: what the lowering put below a branch
  or an instance (`.task`, `.$done`) is left out.
* Keys: a task is `place#visit`, a side task `place/every.0#n`, a timer `place#visit/rule`, a
  sub-case `place#visit` or `place[item]#visit`.
"""

import re

from engine.core.snapshot import Place

ROOT: Place = ""

_BRACKETS = re.compile(r"\[[^\]]*\]")


def item_key(text: str) -> str:
    """What stands in the brackets for an item."""
    if "%" in text or "[" in text or "]" in text:
        return text.replace("%", "%25").replace("[", "%5B").replace("]", "%5D")
    return text


def state_id(place: Place) -> str:
    """The id of the state that a place is of."""
    return _BRACKETS.sub(".item", place) if "[" in place else place


def path_of(place: Place) -> str:
    """A place without its items, as authors write it: `peers.ask` for `peers[dan].ask`."""
    return _BRACKETS.sub("", place) if "[" in place else place


def child_place(place: Place, name: str) -> Place:
    """The place of a child that is no instance."""
    return f"{place}.{name}" if place else name


def instance_place(place: Place, key: str) -> Place:
    """The place of one instance of the EACH state at `place`; `key` from `item_key`."""
    return f"{place}[{key}]"


def last_key(place: Place) -> str:
    """The key of the innermost instance that a place belongs to; it must belong to one."""
    return place[place.rindex("[") + 1 : place.rindex("]")]


def innermost_instance(place: Place) -> Place:
    """The instance that a place belongs to: `evaluate.peers[dan]` for everything below it."""
    return place[: place.rindex("]") + 1]


def task_key(place: Place, visit: int) -> str:
    return f"{place}#{visit}"


def side_task_key(place: Place, number: int, count: int) -> str:
    return f"{side_place(place, number)}#{count}"


def side_place(place: Place, number: int) -> str:
    """Where a side task is counted and its last answer is kept."""
    return f"{place}/every.{number}"


def timer_key(place: Place, visit: int, rule: str) -> str:
    return f"{place}#{visit}/{rule}"


def subcase_key(place: Place, visit: int, key: str | None) -> str:
    return f"{place}#{visit}" if key is None else f"{instance_place(place, key)}#{visit}"
