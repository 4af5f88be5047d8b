"""What `tenure starter` says: what would be begun, and the three checks with what to do next."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from analytics.checklist import WEIGHTS
from analytics.readiness import Choice, Readiness
from engine.directory import Roster
from tenure.cli.definitions import counted
from tenure.cli.home import moment
from tenure.runtime import Runtime
from tenure.starter import Line, State
from tenure.starter.words import hangs, name_of


def told(state: State, roster: Roster, runtime: Runtime, again: str, now: datetime) -> str:
    """`again` is the command as it was given."""
    return "\n".join(_told(state, roster, runtime, again, now))


def as_data(state: State) -> dict[str, Any]:
    """For programs."""
    names = ("skills", "successors", "plan")
    plan = () if state.plan is None else (state.plan,)
    lines = (state.skills, state.positions, plan)
    choice = state.choice
    return {
        "since": state.begun.since,
        "finished": state.finished,
        "checks": [
            {"check": name, "done": done, "lines": [_line(line) for line in some]}
            for name, done, some in zip(names, state.done, lines, strict=True)
        ],
        "readiness": [
            {
                "person": one.person,
                "position": one.position,
                "risk": one.risk,
                "score": round(one.score, 1),
                "low": round(one.low, 1),
                "high": round(one.high, 1),
                "band": one.band,
                "parts": one.parts,
                "missing": one.missing,
                "furthest": choice is not None and one is choice.chosen,
            }
            for one in state.readiness
        ],
        "same": None if choice is None else choice.same / choice.trials,
    }


def _line(line: Line) -> dict[str, Any]:
    return {
        "about": line.about,
        "done": line.done,
        "case": line.case,
        "open": line.open,
        "waits": [
            {"task": task.title, "with": [owner.name for owner in task.owners], "due": task.due_at}
            for task in line.waits
        ],
        "named": line.named,
    }


def _told(
    state: State, roster: Roster, runtime: Runtime, again: str, now: datetime
) -> Iterator[str]:
    reached = sum(each is not None for each in state.done)
    yield f"Talent management in three checks: {reached} of 3 are done{_days(state, now)}."
    yield ""
    yield from _check(
        "Skills of the best",
        state.done[0],
        state.skills,
        roster,
        runtime,
        "nobody is chosen yet: calibrate ratings, or write yes into the column `top`",
    )
    yield from _check(
        "Somebody who could follow, for each critical position",
        state.done[1],
        state.positions,
        roster,
        runtime,
        "no position is marked yet: write it into the column `critical` of whoever holds it",
    )
    yield from _plan(state, roster, runtime, again)


def _days(state: State, now: datetime) -> str:
    if state.begun.since is None:
        return ""
    if state.finished is not None:
        return f", after {counted((state.finished - state.begun.since).days, 'day')}"
    return f", on day {(now - state.begun.since).days}"


def _check(
    title: str,
    done: datetime | None,
    lines: Sequence[Line],
    roster: Roster,
    runtime: Runtime,
    nothing: str,
) -> Iterator[str]:
    count = sum(line.done is not None for line in lines)
    if done is not None:
        yield f"[x] {title}: done on {_day(done, runtime)} ({len(lines)} of {len(lines)})"
    else:
        yield f"[ ] {title}: {count} of {len(lines)}" if lines else f"[ ] {title}: {nothing}"
    for line in lines:
        if line.done is None or line.named:
            yield f"      {name_of(roster, line.about)}: {_standing(line, roster, runtime)}"
    yield ""


def _standing(line: Line, roster: Roster, runtime: Runtime) -> str:
    if line.done is not None:
        names = ", ".join(name_of(roster, person) for person in line.named)
        return f"{names} ({line.case}, {_day(line.done, runtime)})"
    if line.case is None:
        return "could not be begun; run the command again with the file"
    if not line.open:
        return f"{line.case} ended without it; run the command again with the file"
    if not line.waits:
        return f"{line.case} is open"
    return f"{line.case}: {'; '.join(_waits(line, runtime))}"


def _waits(line: Line, runtime: Runtime) -> Iterator[str]:
    for task in line.waits:
        owners = ", ".join(owner.name for owner in task.owners) or task.queue or "nobody"
        due = f" until {_day(task.due_at, runtime)}" if task.due_at else ""
        late = ", late" if task.overdue else ""
        yield f"“{task.title}” is with {owners}{due}{late}"


def _plan(state: State, roster: Roster, runtime: Runtime, again: str) -> Iterator[str]:
    title = "A plan of 90 days for whoever is furthest from ready"
    choice, plan = state.choice, state.plan
    if choice is None:
        yield f"[ ] {title}: nobody is named yet, so nobody can be chosen"
        return
    if plan is not None and plan.done is not None:
        agreed = f"agreed on {_day(plan.done, runtime)} ({plan.case})"
        yield f"[x] {title}: {name_of(roster, plan.about)}, {agreed}"
    elif plan is not None:
        yield f"[ ] {title}: {name_of(roster, plan.about)}, {_standing(plan, roster, runtime)}"
    else:
        yield f"[ ] {title}: HR confirms whom"
    yield from _choice(choice, state.readiness, roster)
    if plan is None:
        number = roster.people[choice.chosen.person]["number"]
        yield f"      To begin it: {again} --confirm {number} (or another of them)"
    elif plan.about != choice.chosen.person:
        yield f"      Today {name_of(roster, choice.chosen.person)} is further from ready."


def _choice(choice: Choice, people: Sequence[Readiness], roster: Roster) -> Iterator[str]:
    for one in sorted(people, key=lambda each: (round(each.score), -each.risk)):
        mark = "→" if one is choice.chosen else " "
        yield (
            f"    {mark} {name_of(roster, one.person)} for {one.position} (risk {one.risk:g}): "
            f"{one.score:.0f} of 100 ({one.low:.0f} to {one.high:.0f}), ready {one.band}"
        )
        for part in one.parts:
            source = "" if part.source is None else f", {part.source}"
            old = "" if part.days is None else f", {counted(part.days, 'day')} old{source}"
            points = WEIGHTS[part.name] * part.share
            yield f"        {part.name:<12}{points:>3.0f} of {WEIGHTS[part.name]}  {part.said}{old}"
        if one.missing:
            yield f"        missing: {'; '.join(one.missing)}"
    yield f"      {hangs(choice, roster)}"


def _day(at: datetime, runtime: Runtime) -> str:
    return moment(at, runtime)[:10]
