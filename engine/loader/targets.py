"""Where a row leads: names of states, `next` and `done`, and the walls around parallel branches."""

from engine.core.chart import Shape
from engine.document import Mark, Node, Scalar
from engine.loader.drafts import DONE, Draft
from engine.loader.findings import Findings, nearest, quoted, surely

_FORKS = (Shape.PARALLEL, Shape.EACH)


def resolve(findings: Findings, source: Draft, name: Scalar, *, top: Draft) -> Draft | None:
    """The state that a target names, seen from `source`; None and a finding if there is none."""
    word = name.text.strip()
    if word == "next":
        return next_of(findings, source, name)
    if word == "done":
        return done_of(findings, source, name)
    found = _visible(source, word) if "." not in word else _by_path(top, word)
    if found is None:
        _unknown(findings, source, name, word, top)
        return None
    wall = wall_between(source, found)
    if wall is not None:
        _walled(findings, name, found, wall)
        return None
    return found


def following(source: Draft) -> Draft | None:
    """What comes after a state in the file: a sibling, or the end of what it lies in."""
    parent = source.parent
    if parent is None or parent.shape in _FORKS:
        return None
    after = parent.children[parent.children.index(source) + 1 :]
    for sibling in after:
        if not sibling.hidden:
            return sibling
    return parent.child(DONE)


def completes_alone(source: Draft) -> bool:
    """A branch that is an `each` or a `parallel` itself: its end is told to what forked it."""
    return source.parent is not None and source.parent.shape in _FORKS


def next_of(findings: Findings, source: Draft, name: Node) -> Draft | None:
    found = following(source)
    if found is None:
        findings.add(
            "E222",
            name,
            "there is no next state here",
            help=_last_help(source),
        )
    return found


def _last_help(source: Draft) -> str:
    if completes_alone(source):
        return f"put `{source.written.name}` into `states:` with what should come after it"
    return "add `closed: {end: done}` as the last state, or name the state to go to"


def done_of(findings: Findings, source: Draft, name: Scalar) -> Draft | None:
    """The end of the innermost branch, instance or compound that a state lies in."""
    for at in source.lineage():
        if at is source:
            continue
        if at.shape in _FORKS:
            findings.add(
                "E222",
                name,
                f"`done` cannot complete all of `{source.written.name}` from here",
                help=f"put it into `states:`: `{source.written.name}: {{states: "
                "{asked: {each: …}}}}`, and `done` then completes that",
            )
            return None
        found = at.child(DONE)
        if found is not None:
            return found
    findings.add(
        "E222",
        name,
        "`done` completes a branch, an instance or a compound, and this state lies in none",
        help="name a state with `end`, such as `closed: {end: done}`",
    )
    return None


def wall_between(source: Draft, target: Draft) -> Draft | None:
    """The branch or instance whose border a jump would cross."""
    for draft, other in ((source, target), (target, source)):
        at = draft
        while at.parent is not None:
            if at.parent.shape in _FORKS and not other.inside(at):
                return at
            at = at.parent
    return None


def _visible(source: Draft, word: str) -> Draft | None:
    for at in source.lineage():
        for child in at.children:
            if child.name == word and not child.hidden:
                return child
    return None


def _by_path(top: Draft, word: str) -> Draft | None:
    return next((d for d in top.walk() if d.id == word and not d.hidden), None)


def _walled(findings: Findings, name: Scalar, found: Draft, wall: Draft) -> None:
    fork = wall.parent
    assert fork is not None
    what = "instance" if fork.shape is Shape.EACH else "branch"
    whole = fork.written.name
    label = "all of this goes on or ends together" if fork.hidden is False else "declared here"
    findings.add(
        "E221",
        name,
        f"`{found.name}` cannot be reached from here: one {what} of `{whole}` would be "
        f"{'entered' if found.inside(wall) else 'left'} on its own",
        also=(Mark(span=fork.written.place, label=label),),
        help=f"go to `{whole}`"
        if found.inside(wall)
        else f"go to `done`, and let `{whole}` go on with `then:`",
    )


def _unknown(findings: Findings, source: Draft, name: Scalar, word: str, top: Draft) -> None:
    visible = list(_names(source))
    written = [draft for draft in top.walk() if not draft.hidden and draft.id]
    elsewhere = [draft for draft in written if draft.name == word]
    if elsewhere:
        open_ones = [draft for draft in elsewhere if wall_between(source, draft) is None]
        if not open_ones:
            wall = wall_between(source, elsewhere[0])
            assert wall is not None
            _walled(findings, name, elsewhere[0], wall)
            return
        findings.add(
            "E201",
            name,
            f"state `{word}` cannot be seen from here",
            also=(Mark(span=open_ones[0].place, label="it is declared in here"),),
            help=f"write {quoted(draft.id for draft in open_ones)}",
        )
        return
    meant = nearest(word, [*visible, *(draft.id for draft in written if "." in word)])
    place = next((d.place for d in written if meant in (d.name, d.id)), None)
    findings.add(
        "E201",
        name,
        f"state `{word}` does not exist",
        label=f"did you mean `{meant}`?" if meant else "",
        also=(Mark(span=place, label="declared here"),) if place else (),
        help=None if meant else _choices(visible),
        fix=surely(word, [*visible, *(draft.id for draft in written if "." in word)]),
    )


def _names(source: Draft) -> dict[str, None]:
    found: dict[str, None] = {}
    for at in source.lineage():
        found.update((child.name, None) for child in at.children if not child.hidden)
    return found


def _choices(names: list[str]) -> str:
    return f"choose one of {quoted([*names[:10], 'next', 'done'])}"
