"""States of an older version that a case can stand in, and that a newer one has nothing for."""

from difflib import get_close_matches

from engine.core.chart import Definition, Shape
from engine.core.index import chart_of
from engine.core.mapping import Kind, MigrationRule, Otherwise, alike, fates_of
from engine.document import Diagnostic, Span


def placeless(old: Definition, new: Definition, rule: MigrationRule) -> tuple[str, ...]:
    """Their ids, in the order of the older file. Nothing, if the rule lets such cases stay."""
    if rule.otherwise is Otherwise.STAY:
        return ()
    chart = chart_of(old)
    fates = fates_of(chart, chart_of(new), rule)
    return tuple(
        node.state.id
        for node in chart.nodes
        if fates[node.index].kind is Kind.GONE
        and not node.state.hidden
        and not node.parts
        and node.shape not in (Shape.FINAL, Shape.HISTORY)
        and not node.instant
    )


def told(
    old: Definition, new: Definition, rule: MigrationRule, file: str, where: Span
) -> tuple[Diagnostic, ...]:
    """The same as problems of the newer file, at the place where its version stands."""
    return tuple(
        Diagnostic(
            code="E601",
            message=f"cases of version {old.version} can be in `{each}`, and version {new.version} "
            "has nothing for it",
            file=file,
            span=where,
            help=way_out(old, new, each),
        )
        for each in placeless(old, new, rule)
    )


def way_out(old: Definition, new: Definition, state: str) -> str:
    """What to write, with the state that was probably meant."""
    meant = likely(old, new, state) or "…"
    line = f"migrate: {{from {old.version}: {{states: {{{state}: {meant}}}}}}}"
    return f"{line}   or   {{{state}: stay}}"


def likely(old: Definition, new: Definition, state: str) -> str | None:
    """The new state of its kind that is called nearly the same, or is the only one there is."""
    before, after = chart_of(old), chart_of(new)
    node = before.nodes[before.by_id[state]]
    fresh = [
        each
        for each in after.nodes
        if each.state.id not in before.by_id and not each.state.hidden and alike(node, each)
    ]
    by_name = {each.name: each.state.id for each in fresh}
    near = get_close_matches(node.name, by_name, n=1, cutoff=0.5)
    if near:
        return by_name[near[0]]
    return fresh[0].state.id if len(fresh) == 1 else None
