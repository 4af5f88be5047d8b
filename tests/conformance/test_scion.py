"""The algorithm judged from outside: SCION's SCXML tests, every machine that is about statecharts."""

import os
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from scion_suite import PACKAGE, VERSION, Machine, Unavailable, machines
from scxml_translator import NotApplicable, translate

from engine.core.chart import Definition
from engine.core.events import CaseStarted, Event, SignalArrived, TimerCameDue
from engine.core.snapshot import CaseFacts, Snapshot
from engine.core.step import step

TABLE = Path(__file__).parents[2] / "docs" / "reference" / "scion.md"
START = datetime(2027, 3, 1, 9, tzinfo=UTC)


class _Nobody:
    """No directory at all: these machines know no people."""

    zone = UTC

    def person(self, person: str) -> None:
        return None

    def holders(self, role: str, of: str | None) -> tuple[str, ...]:
        return ()

    def members(self, queue: str) -> tuple[str, ...]:
        return ()

    def pooled(self, pool, *, people, least):
        return ()

    def record(self, kind: str, about: str) -> None:
        return None

    def stand_in(self, person: str) -> None:
        return None

    def calendar(self, location: str | None) -> "_Nobody":
        return self


class _Player:
    def __init__(self, definition: Definition, names: Mapping[str, str]) -> None:
        self.definition, self.names, self.now = definition, names, START
        case = CaseFacts(id="1", subject=None, opened_by=None, opened_at=START, key=None)
        self.snapshot: Snapshot | None = None
        self.play(CaseStarted(case=case, data={}))

    def play(self, event: Event) -> None:
        done = step(self.definition, self.snapshot, event, self.now, _Nobody())
        incidents = [e for e in done.effects if hasattr(e, "blocking")]
        assert incidents == []
        self.snapshot = done.snapshot

    def until(self, end: datetime) -> None:
        assert self.snapshot is not None
        while due := sorted(
            (t.at, n, t.key) for n, t in enumerate(self.snapshot.timers.values()) if t.at <= end
        ):
            self.now = max(self.now, due[0][0])
            self.play(TimerCameDue(timer=due[0][2], at=due[0][0]))
        self.now = end

    def configuration(self) -> set[str]:
        assert self.snapshot is not None
        places = self.snapshot.configuration
        leaves = {p for p in places if not any(o.startswith(p + ".") for o in places)}
        return {self.names[place] for place in leaves if place in self.names}


def play(machine: Machine) -> None:
    """Raises NotApplicable, or AssertionError where the oracle says something else."""
    events = {each["event"]["name"] for each in machine.oracle["events"]}
    translated = translate(machine.scxml, events)
    player = _Player(translated.definition, translated.names)
    player.until(player.now)
    assert player.configuration() == set(machine.oracle["initialConfiguration"])
    for each in machine.oracle["events"]:
        player.until(player.now + timedelta(minutes=each.get("after", 0)))
        player.play(SignalArrived(name=each["event"]["name"], body={}, at=player.now))
        player.until(player.now)
        assert player.configuration() == set(each["nextConfiguration"]), each


def _suite() -> tuple[Machine, ...] | str:
    try:
        return machines()
    except Unavailable as reason:
        return str(reason)


SUITE = _suite()


def _suite_or_skip() -> tuple[Machine, ...]:
    if isinstance(SUITE, str):
        pytest.skip(f"SCION's machines cannot be had: {SUITE}")
    return SUITE


@pytest.mark.parametrize(
    "machine", SUITE if isinstance(SUITE, tuple) else [None], ids=lambda m: m.id if m else "none"
)
def test_a_machine_of_scion_goes_where_its_oracle_says(machine: Any) -> None:
    _suite_or_skip()
    try:
        play(machine)
    except NotApplicable as reason:
        pytest.skip(f"not applicable: {reason}")


def results() -> dict[str, str]:
    found = {}
    for machine in _suite_or_skip():
        try:
            play(machine)
        except NotApplicable as reason:
            found[machine.id] = f"not applicable: {reason}"
        except AssertionError:
            found[machine.id] = "FAILED"
        else:
            found[machine.id] = "passed"
    return found


def table(found: Mapping[str, str]) -> str:
    count = Counter(result.partition(":")[0] for result in found.values())
    rows = "\n".join(f"| {name} | {result} |" for name, result in sorted(found.items()))
    return f"""# SCION's SCXML tests

The statechart algorithm of `engine.core` is SCXML's. It is judged by the {len(found)} machines with
JSON oracles of the npm package `{PACKAGE}` {VERSION}: {count["passed"]} passed,
{count["FAILED"]} failed, {count["not applicable"]} not applicable, each with the reason. A machine
is translated into a definition without people and forms (`tests/conformance/scxml_translator.py`).

This page is written by the test run: `TENURE_WRITE_DOCS=1 pytest tests/conformance`.

| machine | result |
|---|---|
{rows}
"""


def test_the_published_table_says_what_the_machines_do() -> None:
    written = table(results())
    if os.environ.get("TENURE_WRITE_DOCS"):
        TABLE.write_text(written, encoding="utf-8")

    assert TABLE.read_text(encoding="utf-8") == written
