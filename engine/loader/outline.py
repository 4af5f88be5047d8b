"""The skeleton of the chart: which states there are, before anything inside them is read.

Everything that names a state needs to know all of them first. What each kind of the author's
becomes is decided here; the drafts are filled by `states` and frozen at the end.
"""

from typing import Final

from engine.core.chart import Shape
from engine.document import Entry, Mapping, Mark, Node
from engine.loader.advising import as_task
from engine.loader.drafts import DONE, Draft, hidden_child, hidden_final
from engine.loader.durations import PhraseRefused
from engine.loader.findings import (
    Findings,
    as_mapping,
    as_text,
    nearest,
    quoted,
    surely,
    wrong_shape,
)
from engine.loader.kinds import EACH_BODIES, KIND_KEYS, STATE_KEYS, keys_of
from engine.loader.names import check_keys, is_name
from engine.loader.phrases import loop

# The kind of a state that could not be read.
BROKEN: Final = "broken"


def outline(findings: Findings, root: Mapping) -> Draft:
    """The tree of all states; what cannot be read is left out and reported."""
    top = Draft(
        id="",
        name="",
        kind="root",
        shape=Shape.COMPOUND,
        parent=None,
        body=Mapping(entries=(), span=root.span),
        place=root.span,
        hidden=False,
    )
    states = root.get("states")
    if states is not None:
        _children(findings, top, states, "`states`", branch=False)
    return top


def _children(findings: Findings, parent: Draft, node: Node, what: str, *, branch: bool) -> None:
    states = as_mapping(findings, node, what, "rate: {task: {to: manager}}")
    if states is None:
        return
    if not states.entries:
        findings.add("E204", states, f"{what} holds no state", help="write at least one")
    for entry in states.entries:
        _state(findings, parent, entry, branch=branch)
    if parent.kind != "root" and parent.shape is Shape.COMPOUND:
        hidden_final(parent, DONE, "done")


def _state(findings: Findings, parent: Draft, entry: Entry, *, branch: bool) -> None:
    if not is_name(findings, entry.key, "a state" if not branch else "a branch"):
        return
    body = as_mapping(findings, entry.value, f"the state `{entry.name}`", "{task: {to: manager}}")
    kind, inner = (None, None) if body is None else _kind(findings, entry, body)
    if body is None or kind is None:
        # Still a state by that name, so that what leads here is not reported as well.
        kind, body = BROKEN, Mapping(entries=(), span=entry.value.span)
    if kind == "end" and branch:
        findings.add(
            "E208", entry.key, "a branch cannot be an `end` itself",
            help="leave the branch out, or give it a task, a wait or `states`",
        )  # fmt: skip
        return
    advise = body.get("advise") if kind == "advise" else None
    if kind == "advise":
        kind, body = "task", as_task(findings, body)
    draft = Draft(
        id=f"{parent.id}.{entry.name}" if parent.id else entry.name,
        name=entry.name,
        kind=kind,
        shape=Shape.ATOMIC,
        parent=parent,
        body=body,
        place=entry.key.span,
        hidden=False,
        inner=inner,
        advise=advise,
    )
    parent.children.append(draft)
    _inside(findings, draft, branch=branch)


def _inside(findings: Findings, draft: Draft, *, branch: bool) -> None:
    body = draft.body
    match draft.kind:
        case "end":
            draft.shape = Shape.FINAL
            outcome = as_text(findings, _value(body, "end"), "`end`", "end: done")
            draft.outcome = None if outcome is None else outcome.text
            if outcome is not None:
                is_name(findings, outcome, "an outcome")
        case "states":
            draft.shape = Shape.COMPOUND
            _children(findings, draft, _value(body, "states"), "`states`", branch=False)
        case "parallel":
            draft.shape = Shape.PARALLEL
            _children(findings, draft, _value(body, "parallel"), "`parallel`", branch=True)
        case "each":
            _each(findings, draft)
        case kind if branch:
            draft.kind, draft.shape = "branch", Shape.COMPOUND
            hidden_child(draft, kind, kind, Shape.ATOMIC, body)
            hidden_final(draft, DONE, "done")
        case _:
            pass


def _each(findings: Findings, draft: Draft) -> None:
    draft.shape = Shape.EACH
    text = as_text(findings, _value(draft.body, "each"), "`each`", "each: peer in data.peers")
    if text is not None:
        draft.loop_text = text
        try:
            draft.loop = loop(text.text)
        except PhraseRefused as refused:
            findings.add(
                "E220",
                findings.document.place(text, refused.offset, refused.length),
                refused.message,
                help=refused.help,
            )
    item = hidden_child(draft, "item", "item", Shape.COMPOUND, draft.body)
    match draft.inner:
        case "states":
            _children(findings, item, _value(draft.body, "states"), "`states`", branch=False)
        case "parallel":
            inner = hidden_child(item, "parallel", "parallel", Shape.PARALLEL, draft.body)
            branches = _value(draft.body, "parallel")
            _children(findings, inner, branches, "`parallel`", branch=True)
            hidden_final(item, DONE, "done")
        case str(kind):
            hidden_child(item, kind, kind, Shape.ATOMIC, draft.body)
            hidden_final(item, DONE, "done")
        case None:
            hidden_final(item, DONE, "done")


def _value(body: Mapping, name: str) -> Node:
    found = body.get(name)
    return body if found is None else found


def _kind(findings: Findings, entry: Entry, body: Mapping) -> tuple[str | None, str | None]:
    """What the state is; for an `each` also what its instances are."""
    kinds = [found for found in body.entries if found.name in KIND_KEYS]
    names = [found.name for found in kinds]
    if not names:
        _no_kind(findings, entry, body)
        return None, None
    kind, inner = names[0], None
    if "each" in names and len(names) == 2 and (inner := _other(names)) in EACH_BODIES:
        kind = "each"
    elif len(names) > 1:
        first, second = kinds[0], kinds[1]
        findings.add(
            "E207",
            second.key,
            f"`{entry.name}` is a `{first.name}` and a `{second.name}` at once",
            label="a second kind",
            also=(Mark(span=first.key.span, label="the first"),),
            help="a state is one thing: make two states of it",
        )
        return None, None
    elif kind == "each":
        findings.add(
            "E206",
            kinds[0].key,
            f"`{entry.name}` does not say what happens for each item",
            help="add a `task` or `states` beside `each`",
        )
        return None, None
    check_keys(findings, body, keys_of(kind, inner), f"a `{kind}` state", elsewhere=STATE_KEYS)
    return kind, inner


def _other(names: list[str]) -> str:
    return next((name for name in names if name != "each"), "")


def _no_kind(findings: Findings, entry: Entry, body: Mapping) -> None:
    if not body.entries:
        wrong_shape(findings, body, f"the state `{entry.name}`", "a kind", "task: {to: manager}")
        return
    for found in body.entries:
        meant = nearest(found.name, KIND_KEYS)
        if found.name not in STATE_KEYS and meant:
            findings.add(
                "E202",
                found.key,
                f"the key `{found.name}` does not exist in a state",
                label=f"did you mean `{meant}`?",
                fix=surely(found.name, KIND_KEYS),
            )
            return
    findings.add(
        "E206",
        entry.key,
        f"`{entry.name}` does not say what it is",
        help=f"add one of {quoted(KIND_KEYS)}",
    )
