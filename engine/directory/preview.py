"""An import in words, for the person who is about to say yes."""

from collections.abc import Iterator

from engine.directory.plan import Changed, ImportPlan, PersonChange

_SHOWN = 20  # of each kind, unless everything is asked for


def preview(plan: ImportPlan, *, everything: bool = False) -> str:
    """What the import would do, as text of several lines; the first one sums it up."""
    return "\n".join(_lines(plan, everything=everything))


def summary(plan: ImportPlan) -> str:
    counts = dict.fromkeys(("joins", "returns", "changes", "leaves"), 0)
    for change in plan.changes:
        counts[change.kind] += 1
    told = [f"{count} {_verb(kind, count)}" for kind, count in counts.items() if count] or [
        "nothing changes"
    ]
    stay = f"; {plan.unchanged} {'stays' if plan.unchanged == 1 else 'stay'} as they are"
    return f"As of {plan.as_of.isoformat()}: {', '.join(told)}{stay if plan.unchanged else ''}."


def _lines(plan: ImportPlan, *, everything: bool) -> Iterator[str]:
    if plan.problems:
        count = len(plan.problems)
        yield f"{count} {'problem' if count == 1 else 'problems'} in the file; nothing is written:"
        yield from (f"  {problem}" for problem in plan.problems)
        yield "Without them:"
    yield summary(plan)
    names = {change.number: change.name for change in plan.changes}
    for kind in ("joins", "returns", "changes", "leaves"):
        of_kind = [change for change in plan.changes if change.kind == kind]
        shown = of_kind if everything else of_kind[:_SHOWN]
        yield from (f"  {kind:<8} {_told(change, names)}" for change in shown)
        if len(shown) < len(of_kind):
            yield f"  {kind:<8} … and {len(of_kind) - len(shown)} more"
    for name, place in plan.places.items():
        yield f"  place    {name}: holidays of {place.country}, clock of {place.zone}"
    yield from (f"  note     {note}" for note in plan.notes)


def _told(change: PersonChange, names: dict[str, str]) -> str:
    parts = [_difference(one) for one in change.changed]
    manager = change.wanted["manager"]
    if change.kind == "joins" and manager is not None:
        known = f"{names[manager]} ({manager})" if manager in names else manager
        parts.append(f"reports to {known}")
    parts += [f"gets the role {held}" for held in change.roles_added]
    parts += [f"no longer {held}" for held in change.roles_ended]
    parts += [f"joins the queue {queue}" for queue in change.queues_added]
    parts += [f"leaves the queue {queue}" for queue in change.queues_ended]
    told = f"{change.name} ({change.number})"
    return f"{told}: {'; '.join(parts)}" if parts else told


def _difference(changed: Changed) -> str:
    name = changed.attribute.replace("_", " ")
    return f"{name} {changed.old or 'none'} → {changed.new or 'none'}"


def _verb(kind: str, count: int) -> str:
    if count == 1:
        return {"joins": "joins", "returns": "returns", "changes": "changes", "leaves": "leaves"}[
            kind
        ]
    return {"joins": "join", "returns": "return", "changes": "change", "leaves": "leave"}[kind]
