"""Anonymous tasks: who answered is known to the case, what they answered only as one set.

The core never sees an anonymous answer. When its `each` completes, it asks for all of them at
once, and only if so many different people have answered that none of them can be told.
"""

from engine.core.chart import Shape, State, Task
from engine.core.draft import Draft, logical_place
from engine.core.index import Chart
from engine.core.joins import tally_of
from engine.core.snapshot import OpenTask, Place, Snapshot

LEAST = 3  # the smallest group that can be asked for


def anonymous_task(chart: Chart, each: State) -> Task | None:
    """The task of an `each`, if its answers are anonymous."""
    waiting = list(each.children) if each.shape is Shape.EACH else []
    while waiting:
        state = chart.nodes[waiting.pop()].state
        if state.task is not None:
            return None if state.task.anonymous is None else state.task
        waiting += [child for child in state.children if chart.nodes[child].state.hidden]
    return None


def pool_key(each: Place, visit: int) -> str:
    """Under which the answers to one round of an `each` are kept: `evaluate.peers#2`."""
    return f"{each}#{visit}"


def pool_of(snapshot: Snapshot, opened: OpenTask) -> str:
    """Where the answer to an anonymous task goes."""
    each = opened.place[: opened.place.rindex("[")]
    return pool_key(each, snapshot.visits[each])


def pools_open(snapshot: Snapshot) -> frozenset[str]:
    """Every round that may still be asked for its answers."""
    return frozenset(
        pool_key(place, snapshot.visits[place])
        for place in snapshot.items
        if place in snapshot.visits
    )


def answers_together(draft: Draft, place: Place, task: Task) -> list[dict[str, object]]:
    """All answers to the round of the `each` at `place`, in an order that tells nothing.

    Empty if too few people have answered: theirs are thrown away unread.
    """
    assert task.anonymous is not None
    node = draft.chart.nodes[draft.active[place]]
    endings = (
        draft.endings.get(logical_place(draft, part)) for part in tally_of(draft, place, node).ended
    )
    people = {ending.by for ending in endings if ending is not None and ending.by is not None}
    key = pool_key(place, draft.visits[place])
    found = draft.facts.pooled(key, people=len(people), least=task.anonymous)
    (button,) = task.buttons  # several would tell who chose which
    return [{**answers, "outcome": button} for answers in found]
