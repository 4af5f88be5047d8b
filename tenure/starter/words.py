"""Sentences about the starter that the command and the console share."""

from analytics.readiness import Choice
from engine.directory import Roster


def name_of(roster: Roster, about: str) -> str:
    known = roster.people.get(about)
    return about if known is None else f"{known['name']} ({known['number']})"


def hangs(choice: Choice, roster: Roster) -> str:
    """How much the choice depends on what the parts weigh."""
    if choice.same == choice.trials:
        return "The choice stays the same however the weights are moved by a fifth."
    others = ", ".join(dict.fromkeys(name_of(roster, each.person) for each in choice.others))
    share = 100 * choice.same / choice.trials
    return (
        f"With the weights moved by a fifth the choice is the same in {share:.0f} % of the trials; "
        f"else it is {others}."
    )
