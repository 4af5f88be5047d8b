"""A walk over the finished drafts: states that nobody reaches, states with no way to an end."""

from collections.abc import Iterator

from engine.core.chart import Shape, TriggerKind
from engine.document import Mark
from engine.loader.drafts import Draft
from engine.loader.findings import Findings, quoted
from engine.loader.outline import BROKEN

_FORKS = (Shape.PARALLEL, Shape.EACH)
# With one of these a target may be missing, and the walk would blame the wrong state.
_BROKEN = frozenset(
    ("E201", "E204", "E206", "E207", "E208", "E209", "E214", "E215", "E216", "E220", "E221")
) | frozenset(("E222", "E228", "E230"))
_MOST_NAMED = 8


def check_ways(findings: Findings, top: Draft) -> None:
    """Both walks, unless a state or a target could not be read."""
    broken = any(draft.kind == BROKEN for draft in top.walk())
    if broken or not top.children or any(found.code in _BROKEN for found in findings.found):
        return
    reached = _reached(top)
    endless = _endless(findings, top, reached)
    _unreached(findings, top, reached, endless=endless)


def _reached(top: Draft) -> set[int]:
    """Identities of the drafts that some story enters."""
    seen: set[tuple[int, bool]] = set()
    waiting = [(top, True)]
    while waiting:
        draft, whole = waiting.pop()
        if (id(draft), whole) in seen:
            continue
        seen.add((id(draft), whole))
        if draft.parent is not None:
            waiting.append((draft.parent, False))  # a jump to something inside passes its start
        waiting += [(draw.target, True) for draw in draft.transitions if draw.target is not None]
        if draft.shape in _FORKS:
            waiting += [(child, True) for child in draft.children]
        elif whole:
            waiting += [(first, True) for first in draft.initial]
    return {known for known, _ in seen}


def _unreached(findings: Findings, top: Draft, reached: set[int], *, endless: bool) -> None:
    for draft in top.walk():
        if draft.hidden or id(draft) in reached or draft.parent is None:
            continue
        if endless and draft.shape is Shape.FINAL and draft.parent is top:
            continue  # that is why it cannot be reached
        if id(draft.parent) in reached:
            findings.add(
                "E223",
                draft.place,
                f"nobody can reach `{draft.name}`",
                help="let another state go there, or take it out",
            )


def _endless(findings: Findings, top: Draft, reached: set[int]) -> bool:
    ends = [c for c in top.children if c.shape is Shape.FINAL and not c.hidden]
    if not ends:
        findings.add(
            "E224",
            top.children[0].place,
            "no state closes the case",
            help="add one at the end, such as `closed: {end: done}`",
        )
        return True
    good = _with_a_way_out(top, ends)
    stuck = [
        draft
        for draft in top.walk()
        if draft is not top
        and not draft.hidden
        and id(draft) in reached
        and id(draft) not in good
        and not draft.children
    ]
    if not stuck:
        return False
    first, others = stuck[0], stuck[1:]
    named = quoted(draft.name for draft in others[:_MOST_NAMED]).replace(" or ", " and ")
    findings.add(
        "E224",
        first.place,
        f"from `{first.name}` there is no way to an end of the case",
        also=tuple(Mark(span=draft.place, label="nor from here") for draft in others[:1]),
        help=(f"the same holds for {named}; " if named else "")
        + f"let {'one of them' if named else 'it'} go on to {quoted(e.name for e in ends[:3])}",
    )
    return True


def _with_a_way_out(top: Draft, ends: list[Draft]) -> set[int]:
    """Identities of the drafts from which some story closes the case."""
    good = {id(draft) for draft in ends}
    drafts = [draft for draft in top.walk() if draft is not top]
    growing = True
    while growing:
        growing = False
        for draft in reversed(drafts):
            if id(draft) not in good and any(id(way) in good for way in _ways(draft, top)):
                good.add(id(draft))
                growing = True
    return good


def _ways(draft: Draft, top: Draft) -> Iterator[Draft]:
    """What may come after a draft; events of the whole process do not count as a way on."""
    yield from _targets(draft, done=True)
    for above in draft.lineage():
        if above is not draft and above is not top:
            yield from _targets(above, done=False)
        yield from _beside(above)
    if draft.shape is Shape.FINAL and draft.parent is not None:
        yield from _after(draft.parent)
    if draft.shape in _FORKS:
        yield from draft.children
        if draft.parent is not None and draft.parent.shape in _FORKS:
            yield from _after(draft)
    yield from draft.initial


def _beside(branch: Draft) -> Iterator[Draft]:
    """The other branches of a `parallel` that need not all end: they can end it without this one.

    Whether enough of them do is for the proofs, which count.
    """
    fork = branch.parent
    if fork is not None and fork.shape is Shape.PARALLEL and _need_not_all_end(fork):
        yield from (each for each in fork.children if each is not branch)


def _need_not_all_end(fork: Draft) -> bool:
    return fork.body.get("enough") is not None or fork.body.get("enough_if") is not None


def _targets(draft: Draft, *, done: bool) -> Iterator[Draft]:
    for draw in draft.transitions:
        if draw.target is not None and (
            done or draw.transition.trigger.kind is not TriggerKind.DONE
        ):
            yield draw.target


def _after(container: Draft) -> Iterator[Draft]:
    """What may come once a compound, a branch or an instance has completed."""
    yield from _targets(container, done=True)
    if container.parent is not None and container.parent.shape in _FORKS:
        yield from _after(container.parent)
