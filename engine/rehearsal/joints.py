"""Where processes of a rehearsed company met: who raised what, who took it, what nobody heard."""

from collections.abc import Mapping
from dataclasses import dataclass

from engine.core.start_rules import StartRule
from engine.rehearsal.processes import Process, Processes
from engine.rehearsal.tally import Tally


@dataclass(frozen=True, kw_only=True, slots=True)
class Joint:
    """An event that went from one process to another."""

    sender: str  # a process, or the directory
    event: str
    receiver: str
    starts: bool  # whether it began a case there; else an open one took it
    count: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Unheard:
    """An event that was raised and that no case took."""

    sender: str
    event: str
    count: int
    why: str  # half a sentence


@dataclass(frozen=True, kw_only=True, slots=True)
class Silent:
    """A rule of `starts:` that started nothing."""

    process: str
    rule: str
    why: str  # half a sentence


def joints_of(tally: Tally) -> tuple[Joint, ...]:
    """The commonest first."""
    found = [
        Joint(sender=sender, event=event, receiver=receiver, starts=starts, count=count)
        for starts, counts in ((True, tally.began), (False, tally.joints))
        for (sender, event, receiver), count in counts.items()
    ]
    return tuple(
        sorted(found, key=lambda one: (-one.count, one.sender, one.event, one.receiver, one.starts))
    )


def unheard_of(processes: Processes, tally: Tally) -> tuple[Unheard, ...]:
    heard = {(sender, event) for sender, event, _ in (*tally.joints, *tally.began)}
    return tuple(
        Unheard(sender=sender, event=event, count=count, why=_why_unheard(processes, event))
        for (sender, event), count in sorted(tally.raised.items())
        if (sender, event) not in heard
    )


def _why_unheard(processes: Processes, event: str) -> str:
    listening = [name for name, one in processes.by_name.items() if _listens(one, event)]
    listening += [process.name for process, _ in processes.starting(event)]
    if not listening:
        return "no definition given here listens to it"
    return f"{' and '.join(dict.fromkeys(listening))} would have, and no case was meant"


def _listens(process: Process, event: str) -> bool:
    return any(event in names for names in process.version.signals.values())


def silent_of(processes: Processes, tally: Tally) -> tuple[Silent, ...]:
    raised: dict[str, int] = {}
    for (_, event), count in tally.raised.items():
        raised[event] = raised.get(event, 0) + count
    return tuple(
        Silent(process=name, rule=rule.id, why=_why_silent(process, rule, raised, tally))
        for name, process in processes.by_name.items()
        for rule in process.definition.starts
        if not tally.ways[name, rule.id]
    )


def _why_silent(process: Process, rule: StartRule, raised: Mapping[str, int], tally: Tally) -> str:
    if tally.open_already[process.name, rule.id]:
        return "a case was open already each time"
    if rule.signal is not None and not raised.get(rule.signal):
        return f"nobody raised `{rule.signal}`"
    if tally.asked[process.name, rule.id]:
        came = raised.get(rule.signal or "", 0)
        times = f"`{rule.signal}` came {came:,} times, and " if came else ""
        return f"{times}its condition never held, or the start was refused"
    return "its day did not come"


def ways_of(tally: Tally, process: str) -> Mapping[str, int]:
    """What started the cases of a process, the commonest first."""
    found = ((how, count) for (of, how), count in tally.ways.items() if of == process)
    return dict(sorted(found, key=lambda entry: (-entry[1], entry[0])))
