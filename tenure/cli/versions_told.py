"""Plans and differences as a terminal shows them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from engine.core.chart import Definition
from engine.core.mapping import MigrationRule
from engine.service.migrating import Became, Result
from engine.versions import GROUPS, Change, Hindrance, Plan, Planned, diff, inside, reckoning
from tenure.cli.definitions import counted
from tenure.cli.terminal import say

_NAMED: Final = 8  # cases that are named before the rest is counted


def tell_diff(changes: Sequence[Change], inside: Mapping[str, int]) -> None:
    """`inside` is how many running cases stand in a state that is gone."""
    width = max((len(change.what) for change in changes if not change.text), default=0)
    for change in changes:
        if change.text:
            continue
        cases = inside.get(change.state or "", 0)
        there = f" ({counted(cases, 'running case')} in it)" if cases else ""
        says = f": {change.says}" if change.says else ""
        say(f"  {change.sign} {change.what:{width}}  {change.name or 'everywhere'}{says}{there}")
    texts = [change for change in changes if change.text]
    for change in texts[:_NAMED]:
        say(f"  ~ text   {change.what} {change.name}: {change.says}")
    if len(texts) > _NAMED:
        say(f"  ~ text   {len(texts) - _NAMED:,} more")


def tell_plan(
    plan: Plan,
    olds: Mapping[int, Definition],
    new: Definition,
    rules: Mapping[int, MigrationRule],
) -> None:
    for number, old in olds.items():
        say(f"{plan.process}  version {number} → {plan.version}")
        tell_diff(diff(old, new, rules[number].states), inside(plan, number))
    if not plan.cases:
        say(f"No case of {plan.process} runs under a version before {plan.version}.")
        return
    say(counted(len(plan.cases), "running case"))
    for outcome, sign, says in GROUPS:
        some = plan.having(outcome)
        if some:
            say(f"  {sign} {len(some):>{len(f'{len(plan.cases):,}')},} {says}{_past(some)}")
    reckoned = reckoning(plan, olds, new)
    for field, count in reckoned.lost.items():
        say(f"  ! {counted(count, 'case')} hold `{field}`, which then only their history knows")
    for each in reckoned.hindrances:
        _tell_hindrance(each)
    moving = counted(reckoned.reminders, "reminder")
    at_once = reckoned.at_once
    more = f", {counted(at_once, 'reminder or escalation')} due at once" if at_once else ""
    say(f"Mail this plan would send: {reckoned.mails:,} now, {moving} would move{more}.")


def _past(some: Iterable[Planned]) -> str:
    past = sum(each.plan.past for each in some)
    return f", {past:,} already past" if past else ""


def _tell_hindrance(each: Hindrance) -> None:
    where = f" in `{each.place}`" if each.place else ""
    say(f"error[E601]: {counted(len(each.cases), 'running case')}{where} cannot move: {each.why}")
    say(f"  = cases: {_names(each.cases)}")
    if each.help is not None:
        say(f"  = help: {each.help}")


def _names(cases: Sequence[str]) -> str:
    rest = len(cases) - _NAMED
    return ", ".join(cases[:_NAMED]) + (f" and {rest:,} more" if rest > 0 else "")


def tell_results(plan: Plan, results: Sequence[Result], older: int) -> None:
    """`older` is how many cases run under an older version after all."""
    by = defaultdict(list)
    for each in results:
        by[each.became].append(each)
    moved = len(by[Became.MOVED]) + len(by[Became.MOVED_ANEW]) + len(by[Became.BEFORE])
    say(f"{counted(moved, 'case')} of {plan.process} run under version {plan.version}.")
    before = len(by[Became.BEFORE])
    if before:
        say(f"  = {before:,} of them were moved before")
    for became, says in (
        (Became.STAYED, "stay under their version, as planned"),
        (Became.CLOSED, "ended since the plan"),
    ):
        if by[became]:
            say(f"  = {len(by[became]):,} {says}")
    for became, sign in ((Became.MOVED_ANEW, "!"), (Became.LEFT, "✗")):
        for each in by[became]:
            say(f"  {sign} {each.case}: {each.note}")
    new = older - len(by[Became.STAYED]) - len(by[Became.LEFT])
    if new > 0:
        say(f"  ! {counted(new, 'case')} that the plan does not know run under an older version")
