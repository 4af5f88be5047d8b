"""How states complete: the ending is kept, `set:` runs, DONE is raised, the join above looks."""

from collections.abc import Mapping
from typing import Any

from engine.core.actions import run_actions, save_record
from engine.core.anonymity import anonymous_task, answers_together
from engine.core.binding import holds
from engine.core.chart import Shape, TriggerKind
from engine.core.draft import Cue, Draft, index_of, logical_place, parent_place
from engine.core.effects import Finish
from engine.core.index import Node
from engine.core.joins import DONE, SKIPPED, answers_of, tally_of, verdict
from engine.core.places import ROOT, last_key
from engine.core.snapshot import Ending, Item, Place

CANCELLED = "cancelled"
WITHOUT_RECORDS = frozenset({CANCELLED, "withdrawn"})


def keep_ending(
    draft: Draft, place: Place, outcome: str, by: str | None, answers: Mapping[str, Any]
) -> None:
    where = logical_place(draft, place)
    if draft.chart.undoes and draft.chart.nodes[index_of(draft.chart, where)].state.undo:
        # Once, however often it completes; the last time says whose turn it is.
        draft.owed = (*(each for each in draft.owed if each != where), where)
    draft.endings[where] = Ending(outcome=outcome, at=draft.at, by=by, answers=answers)
    draft.ended.add(where)


def complete(
    draft: Draft, place: Place, outcome: str = DONE, answers: Mapping[str, Any] | None = None
) -> None:
    """The state at `place` has completed: its DONE is raised."""
    node = draft.chart.nodes[draft.active[place]]
    keep_ending(draft, place, outcome, None, answers or {})
    _completed(draft, place, node, outcome)


def _completed(draft: Draft, place: Place, node: Node, outcome: str) -> None:
    if node.state.completion:
        run_actions(draft, node.state.completion, place)
    raise_done(draft, place)
    if node.shape is not Shape.ATOMIC:
        _tell_join(draft, place, node, outcome)


def raise_done(draft: Draft, place: Place) -> None:
    node = draft.chart.nodes[draft.active[place]]
    if node.done:
        draft.queue.append(Cue(TriggerKind.DONE, "", place, draft.visits[place]))


def pass_over(draft: Draft, place: Place) -> None:
    """The state counts as completed without ever having begun."""
    draft.skipped.add(place)
    raise_done(draft, place)
    _tell_join(draft, place, draft.chart.nodes[draft.active[place]], SKIPPED)


def final_entered(draft: Draft, place: Place, final: Node) -> None:
    """A FINAL child completes its parent; the root's closes the case."""
    parent = draft.chart.nodes[final.parent]
    if parent.index == 0:
        finish(draft, final.state.outcome or final.name)
        return
    above = parent_place(draft, final, place)
    where = logical_place(draft, above)
    outcome = final.state.outcome or DONE
    if final.state.hidden and where in draft.ended:
        outcome = draft.endings[where].outcome  # the answer that led here says how it ended
    else:
        keep_ending(draft, above, outcome, None, {})
    _completed(draft, above, parent, outcome)


def finish(draft: Draft, outcome: str) -> None:
    draft.outcome = outcome
    draft.queue.clear()
    if outcome not in WITHOUT_RECORDS:
        for rule in draft.chart.definition.records:
            if rule.condition is None or holds(draft, rule.condition, ROOT, "records"):
                save_record(draft, rule.save, ROOT)
    draft.effects.append(Finish(outcome=outcome))


def _tell_join(draft: Draft, place: Place, node: Node, outcome: str) -> None:
    parent = draft.chart.nodes[node.parent]
    if parent.shape not in (Shape.PARALLEL, Shape.EACH):
        return
    above = parent_place(draft, node, place)
    if parent.shape is Shape.EACH:
        mark_item(draft, above, last_key(place), outcome)
    check_join(draft, above, parent)


def mark_item(draft: Draft, each: Place, key: str, outcome: str | None) -> None:
    """Note how an instance ended; None: it goes on, or begins anew."""
    items = draft.items[each]
    if any(item.key == key and item.ended != outcome for item in items):
        draft.items[each] = tuple(
            Item(key=item.key, value=item.value, ended=outcome) if item.key == key else item
            for item in items
        )


def check_join(draft: Draft, place: Place, node: Node) -> None:
    """Complete a PARALLEL or an EACH as soon as its parts allow it, once per visit and step."""
    if logical_place(draft, place) in draft.ended:
        return
    outcome = verdict(draft, place, node)
    if outcome is not None:
        complete(draft, place, outcome, _summary(draft, place, node))


def _summary(draft: Draft, place: Place, node: Node) -> Mapping[str, Any]:
    """What `peers.answers`, `peers.done` and `peers.total` are from now on."""
    if node.shape is not Shape.EACH:
        return {}
    tally = tally_of(draft, place, node)
    anonymous = anonymous_task(draft.chart, node.state) if draft.chart.has_pools else None
    answers = (
        answers_of(draft, place, node)
        if anonymous is None
        else answers_together(draft, place, anonymous)
    )
    return {"answers": answers, "done": len(tally.outcomes), "total": tally.total}
