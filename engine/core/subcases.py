"""Cases that a state starts, waits for, and stops when it is left."""

from typing import Any

from engine.core.binding import Extra, value_of
from engine.core.chart import StartSubcase
from engine.core.completion import complete, keep_ending
from engine.core.conversion import plain, text_of
from engine.core.draft import Draft, logical_place
from engine.core.effects import StartCase
from engine.core.events import SubcaseClosed
from engine.core.items import items_of
from engine.core.joins import DONE
from engine.core.persons import item_bound
from engine.core.places import subcase_key
from engine.core.snapshot import Place, Subcase


def start_subcases(draft: Draft, place: Place, start: StartSubcase) -> None:
    """Start them all; a state that waits for none, or has none to wait for, completes at once."""
    visit = draft.visits[place]
    if start.each is None:
        _start(draft, place, start, subcase_key(place, visit, None), None)
    else:
        for key, value in items_of(draft, start.each, place):
            extra = {start.each.item: item_bound(draft, start.each, value)}
            _start(draft, place, start, subcase_key(place, visit, key), extra)
    check_subcases(draft, place, start)


def _start(draft: Draft, place: Place, start: StartSubcase, key: str, extra: Extra) -> None:
    subject = draft.case.subject
    if start.subject is not None:
        subject = text_of(value_of(draft, start.subject, place, extra))
    given = {name: plain(value_of(draft, expr, place, extra)) for name, expr in start.data.items()}
    data = {name: value for name, value in given.items() if value is not None}
    if start.wait != 0:  # one that nobody waits for is not followed, and not stopped either
        draft.subcases[key] = Subcase(key=key, place=place, ended=None)
    draft.effects.append(
        StartCase(
            subcase=key, process=start.process, subject=subject, data=data, pinned=start.pinned
        )
    )


def check_subcases(
    draft: Draft, place: Place, start: StartSubcase, event: SubcaseClosed | None = None
) -> None:
    """Complete the state once as many have closed as it waits for."""
    mine = [each for each in draft.subcases.values() if each.place == place]
    ended = [each.ended for each in mine if each.ended is not None]
    needed = len(mine) if start.wait is None else min(start.wait, len(mine))
    answers = {} if event is None else _collected(draft, place, event, len(mine), len(ended))
    outcome = ended[0] if start.each is None and ended else DONE
    if len(ended) >= needed:
        complete(draft, place, outcome, answers)
    elif event is not None:
        keep_ending(draft, place, outcome, None, answers)


def _collected(
    draft: Draft, place: Place, event: SubcaseClosed, total: int, done: int
) -> dict[str, Any]:
    """What the sub-cases of this visit ended with, so far, as expressions read it."""
    before = draft.endings.get(logical_place(draft, place))
    earlier = [] if before is None or done < 2 else list(before.answers.get("answers", ()))
    answers = [*earlier, {**event.data, "outcome": event.outcome}]
    return {"data": event.data, "answers": answers, "total": total, "done": done}
