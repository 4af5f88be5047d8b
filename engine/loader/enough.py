"""When an `each` or a `parallel` completes before all of it has ended."""

from collections.abc import Iterable

from engine.core.chart import Enough, Shape
from engine.core.expression import ANY, NUMBER, list_of
from engine.document import Entry, Mapping, Node, Scalar
from engine.loader.compiling import condition
from engine.loader.deadlines import refuse_phrase
from engine.loader.drafts import Draft
from engine.loader.durations import PhraseRefused
from engine.loader.findings import Findings, as_mapping, as_text, as_whole_number, unknown
from engine.loader.phrases import Sufficient, enough
from engine.loader.scopes import Scope, World, ending_type, is_anonymous


def read_enough(world: World, draft: Draft, scope: Scope) -> Enough | None:
    """`enough`, `enough_if` and `quorum` together; None when all must end."""
    body = draft.body
    phrase, test, vote = body.get("enough"), body.get("enough_if"), body.get("quorum")
    if phrase is None and test is None and vote is None:
        return None
    found = Sufficient(count=None, share=None) if phrase is None else _phrase(world, draft, phrase)
    answers = (ending_type(world, draft).fields or {}).get("answers", list_of(ANY))
    inner = {**scope, "done": NUMBER, "total": NUMBER}
    if not is_anonymous(body.get("task")):  # those are read all at once, when it is over
        inner["answers"] = answers
    holds = None if test is None else condition(world, test, inner, "`enough_if`")
    quorum, veto = ({}, {}) if vote is None else _quorum(world, draft, vote)
    return Enough(count=found.count, share=found.share, condition=holds, quorum=quorum, veto=veto)


def _phrase(world: World, draft: Draft, node: Node) -> Sufficient:
    nothing = Sufficient(count=None, share=None)
    text = as_text(world.findings, node, "`enough`", "enough: 3 or 80%")
    if text is None:
        return nothing
    try:
        found = enough(text.text)
    except PhraseRefused as refused:
        refuse_phrase(world, "E219", text, refused)
        return nothing
    if draft.shape is Shape.PARALLEL and (found.count or 0) > len(draft.children):
        world.findings.add(
            "E219",
            node,
            f"{found.count} are enough, but there are only {len(draft.children)} branches",
            help="leave `enough` out if all are wanted",
        )
    return found


def votes_of(draft: Draft) -> tuple[str, ...]:
    """How one instance can end, as far as a vote is concerned: buttons or outcomes."""
    if draft.inner == "task":
        task = draft.body.get("task")
        buttons = task.get("buttons") if isinstance(task, Mapping) else None
        items = getattr(buttons, "items", ())
        return tuple(item.text for item in items if isinstance(item, Scalar)) or ("submit",)
    return tuple(dict.fromkeys(outcomes_inside(draft)))


def outcomes_inside(draft: Draft) -> Iterable[str]:
    """Outcomes of the ends that stand directly inside a compound or an instance."""
    for child in draft.children:
        if child.kind == "item":
            yield from outcomes_inside(child)
        elif child.kind == "end" and child.outcome is not None:
            yield child.outcome


def quorum_names(draft: Draft) -> tuple[str, ...]:
    """The outcomes that a vote can end with; never complains."""
    vote = draft.body.get("quorum")
    if not isinstance(vote, Mapping):
        return ()
    return tuple(dict.fromkeys((*votes_of(draft), "undecided", "done")))


def _quorum(world: World, draft: Draft, node: Node) -> tuple[dict[str, int], dict[str, int]]:
    findings = world.findings
    pairs = as_mapping(findings, node, "`quorum`", "quorum: {approve: 2, veto: any}")
    votes = votes_of(draft)
    quorum: dict[str, int] = {}
    veto_entry: Entry | None = None
    for entry in () if pairs is None else pairs.entries:
        if entry.name == "veto" and "veto" not in votes:
            veto_entry = entry
        elif entry.name not in votes:
            unknown(findings, "E214", entry.key, "the button", entry.name, known=(*votes, "veto"))
        else:
            count = as_whole_number(findings, entry.value, f"`{entry.name}`", least=1)
            if count is not None:
                quorum[entry.name] = count
    if pairs is not None and not pairs.entries:
        findings.add("E219", pairs, "`quorum` names no button", help="write `{approve: 2}`")
    refusals = tuple(name for name in votes if name not in quorum)
    if veto_entry is None:
        if refusals and pairs is not None and quorum:
            findings.add(
                "W205",
                pairs,
                f"this vote does not say what `{refusals[0]}` means",
                help="add `veto: any`, `veto: 2` or `veto: none`",
            )
        return quorum, {}
    return quorum, _veto(findings, veto_entry, refusals)


def _veto(findings: Findings, entry: Entry, refusals: tuple[str, ...]) -> dict[str, int]:
    """`any` or a number of whatever is no vote in favour, or a number for each button."""
    node = entry.value
    if isinstance(node, Mapping):
        found = {}
        for each in node.entries:
            if each.name not in refusals:
                unknown(findings, "E214", each.key, "the button", each.name, known=refusals)
            elif count := as_whole_number(findings, each.value, f"`{each.name}`", least=1):
                found[each.name] = count
        return found
    if isinstance(node, Scalar) and node.text == "none":
        return {}
    if not refusals:
        findings.add(
            "E219",
            entry.key,
            "nobody can refuse in this vote: the task has no other button",
            help="add one, such as `buttons: [approve, reject]`",
        )
        return {}
    if isinstance(node, Scalar) and node.text == "any":
        return dict.fromkeys(refusals, 1)
    if isinstance(node, Scalar) and isinstance(node.value, str):
        unknown(findings, "E219", node, "the answer", node.text, known=("any", "none"))
        return {}
    count = as_whole_number(findings, node, "`veto`", least=1)
    return {} if count is None else dict.fromkeys(refusals, count)
