"""The patterns, what shows each of them, and what is left out on purpose with its reason."""

import re
from dataclasses import dataclass
from pathlib import Path

from engine.loader import load_text

HERE = Path(__file__).parent
PAGE = HERE.parents[1] / "docs" / "reference" / "patterns.md"
CONTROL, RESOURCE = range(1, 44), range(1, 44)

# By number: name, and why the language does without it.
CONTROL_LEFT_OUT = {
    9: (
        "Structured discriminator",
        "What nobody waits for any more is withdrawn (WCP-29); who is to be heard in any case is a branch that counts.",
    ),
    28: ("Blocking discriminator", "As WCP-9; a new round is a new visit of the state."),
    30: ("Structured partial join", "As WCP-9: the rest is withdrawn (WCP-32)."),
    31: ("Blocking partial join", "As WCP-28."),
    33: (
        "Generalized AND-join",
        "A branch is entered once for each visit of its `parallel`; nothing has to be counted across rounds.",
    ),
    34: (
        "Static partial join for multiple instances",
        "As WCP-9: the rest is withdrawn (WCP-35).",
    ),
    38: (
        "General synchronizing merge",
        "Nothing jumps into or out of a branch, so the question whether another thread may still come has one answer (WCP-7, WCP-37).",
    ),
    39: (
        "Critical section",
        "Between cases `key` allows one at a time; inside a case an order that can be read (WCP-40) takes its place.",
    ),
}
RESOURCE_LEFT_OUT = {
    8: (
        "Capability-based distribution",
        "Skills belong into the directory, as a role that people hold.",
    ),
    9: (
        "History-based distribution",
        "Who gets work because of earlier work must be explainable; a rule names a role instead.",
    ),
    12: (
        "Distribution by offer to one",
        "Whoever is asked owns the task; to decline it is a button.",
    ),
    15: ("Random allocation", "The same case must give the same owner, so that it can be proved."),
    16: ("Round-robin allocation", "A queue is shared by taking from it, not by dealing out."),
    17: ("Shortest queue", "As WRP-16."),
    18: (
        "Early distribution",
        "People are asked when they can act; who is next is on the case page.",
    ),
    20: (
        "Late distribution",
        "As WRP-18: there is no moment between being asked and being able to act.",
    ),
    22: (
        "Resource-initiated execution of allocated work",
        "Opening the page is the start; nobody clocks in.",
    ),
    23: ("Resource-initiated execution of offered work", "As WRP-21: taking and starting are one."),
    24: ("System-determined order of work", "The list of tasks is sorted by due date."),
    25: ("Resource-determined order of work", "As WRP-24."),
    26: (
        "Selection autonomy",
        "Any open task may be answered at any time; nothing has to switch it on.",
    ),
    27: (
        "Delegation",
        "Not of a definition: an operator gives a task to somebody else, and a stand-in acts for who is away.",
    ),
    29: ("Deallocation", "As WRP-27: what was taken is given to somebody else, never to nobody."),
    31: ("Stateless reallocation", "What somebody wrote is never thrown away (WRP-30)."),
    32: (
        "Suspension and resumption",
        "A draft is kept as long as the task is open; nobody has to pause it.",
    ),
    35: ("Pre-do", "A task that is not open yet asks for what is not known yet."),
    36: ("Commencement on creation", "As WRP-22."),
    37: ("Commencement on allocation", "As WRP-22."),
    38: ("Piled execution", "As WRP-24; the list of open tasks serves it."),
    39: (
        "Chained execution",
        "The next task of the same person comes by mail and stands on the list at once.",
    ),
    40: ("Visibility of unallocated work", "A queue is seen by its members and by operators."),
    41: (
        "Visibility of allocated work",
        "A task is seen by its owners and by operators; its fields by `seen_by` (WRP-4).",
    ),
}


@dataclass(frozen=True, kw_only=True)
class Pattern:
    number: int
    name: str
    how: str  # how the language says it, or why it does not
    file: Path | None  # None: left out on purpose


def shown(folder: str) -> dict[int, Pattern]:
    """The definitions of a folder, by the number in their title."""
    found = {}
    for file in sorted((HERE / folder).glob("*.yaml")):
        definition = load_text(file.read_text("utf-8"), file.name).definition
        title = re.fullmatch(r"W[CR]P-(\d+) (.+)", definition.title)
        number = int(title[1])
        assert number not in found
        found[number] = Pattern(number=number, name=title[2], how=definition.description, file=file)
    return found


def patterns(folder: str, left_out: dict[int, tuple[str, str]]) -> list[Pattern]:
    both = dict(shown(folder))
    for number, (name, reason) in left_out.items():
        assert number not in both
        both[number] = Pattern(number=number, name=name, how=reason, file=None)
    return [both[number] for number in sorted(both)]


def table(found: list[Pattern], short: str) -> str:
    rows = [f"| {short} | pattern | how |", "|---|---|---|"]
    for one in found:
        name = one.name
        if one.file is not None:
            name = f"[{name}](../../{one.file.relative_to(HERE.parents[1])})"
        how = one.how if one.file is not None else f"*Left out.* {one.how}"
        rows.append(f"| {one.number} | {name} | {how.replace('|', chr(92) + '|')} |")
    return "\n".join(rows)


def page() -> str:
    control = patterns("control", CONTROL_LEFT_OUT)
    resource = patterns("resource", RESOURCE_LEFT_OUT)
    counts = [sum(one.file is not None for one in found) for found in (control, resource)]
    return f"""# The workflow patterns

The workflow patterns of van der Aalst, ter Hofstede, Russell and others are a catalogue of what processes want to say, collected by researchers from many systems. Each row with a link leads to a small definition that shows the pattern; its `tests:` are played with ours. Where the language does without one, the reason stands there.

This page is made from those definitions: `TENURE_WRITE_DOCS=1 pytest tests/patterns`.

## Control flow

{counts[0]} of {len(control)} are shown.

{table(control, "WCP")}

## People and work

The resource patterns. {counts[1]} of {len(resource)} are shown; the others are about dealing out work in an office of clerks, and a reason stands at each.

{table(resource, "WRP")}
"""
