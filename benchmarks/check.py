"""What `tenure check` costs of the processor: reading, loading, proving, following the ways.

    python benchmarks/check.py [ROUNDS] [--against FOLDER]

The slowest come first; `--against` another checkout also tells how often as fast each is. Shown are
CPU milliseconds, the least of all rounds, since whatever else runs only adds to them. The
definitions are the shipped ones and three made of forty states: in a row with decisions and dates,
in branches that talk to nobody, and (the worst case) in branches that all go another way once they
are late, so that each order of them is another situation and the bound is what ends the search.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from engine.loader import load_text
from engine.verify import judge

HEAD = """\
process: bench
version: 1
people: {manager: subject.manager, skip: subject.manager.manager, desk: {queue: it-desk}}
data:
  start: {type: date, from: start}
  mark: {type: scale, min: 1, max: 5, seen_by: [manager, skip]}
  level: {type: choice, options: [junior, senior, lead], from: start}
  note: {type: longtext, required: false}
states:
"""
END = "  closed: {end: done}\n"


def in_a_row() -> str:
    """A year of task, decision and wait, ten times."""
    lines = []
    for n in range(10):
        lines += [
            f"  ask_{n}:",
            "    task: {to: manager, fields: [mark, note], due: 5 workdays}",
            "    remind: [2 workdays before due, at due, every 2 workdays after due]",
            "    late: [{after: 3 workdays, tell: skip}, {after: 6 workdays, reassign: skip}]",
            f"  weigh_{n}:",
            f"    decide: [{{if: data.mark >= 4 || data.mark == 1, go: look_{n}}},",
            "             {otherwise: next}]",
            f"  look_{n}:",
            "    task: {to: skip, not: subject, buttons: [approve, return]}",
            f"    on: {{approve: wait_{n}, return: ask_{n}}}",
            f"  wait_{n}: {{wait: {{until: {30 * n + 1} days after data.start}}}}",
        ]
    return HEAD + "\n".join(lines) + "\n" + END


def side_by_side(*, dates: bool) -> str:
    """Eight branches of four states each, and eight states around them."""
    lines = [f"  before_{n}: {{task: {{to: manager}}}}" for n in range(4)]
    lines += ["  all:", "    parallel:"]
    for n in range(8):
        lines += [f"      branch_{n}:", "        states:"]
        late = f", late: {{after: 2 workdays, go: over_{n}}}" if dates else ""
        lines += [
            f"          step_{n}_{k}: {{task: {{to: desk, due: {n + k + 1} workdays}}{late}}}"
            for k in range(3)
        ]
        lines.append(f"          over_{n}: {{end: over}}")
    lines += [f"  after_{n}: {{task: {{to: manager}}}}" for n in range(3)]
    return HEAD + "\n".join(lines) + "\n" + END


def spent(what: Callable[[], object]) -> float:
    started = time.process_time()
    what()
    return (time.process_time() - started) * 1000


@dataclass(frozen=True, kw_only=True)
class Cost:
    """Of one definition, in CPU milliseconds."""

    name: str
    states: int
    load: float
    prove: float
    bound: str

    @property
    def both(self) -> float:
        return self.load + self.prove


def cost_of(name: str, source: str, rounds: int) -> Cost:
    loading, proving = [], []
    for _ in range(rounds):
        loading.append(spent(lambda: load_text(source, name)))
        loaded = load_text(source, name)
        proving.append(spent(lambda: judge(loaded)))  # noqa: B023
    verdict = judge(loaded)
    errors = [each.message for each in verdict.diagnostics if each.code.startswith("E")]
    assert not errors, errors
    assert loaded.definition is not None
    return Cost(
        name=name,
        states=sum(1 for state in loaded.definition.states[1:] if not state.hidden),
        load=min(loading),
        prove=min(proving),
        bound=str(verdict.bound),
    )


def measured(rounds: int) -> list[Cost]:
    folder = Path(__file__).parents[1] / "definitions"
    texts = {path.stem: path.read_text("utf-8") for path in sorted(folder.glob("*.yaml"))}
    texts["forty in a row"] = in_a_row()
    texts["forty in branches"] = side_by_side(dates=False)
    texts["forty with dates"] = side_by_side(dates=True)
    return [cost_of(name, source, rounds) for name, source in texts.items()]


def measured_by(checkout: str, rounds: int) -> list[Cost]:
    """The same definitions with the engine of another folder, in a process of its own."""
    told = subprocess.run(
        [sys.executable, __file__, str(rounds), "--json"],
        env={**os.environ, "PYTHONPATH": checkout},
        capture_output=True,
        check=True,
        text=True,
    ).stdout
    return [Cost(**each) for each in json.loads(told)]


def show(costs: list[Cost], others: list[Cost]) -> None:
    """The slowest first; beside others how often as fast each is."""
    before = {each.name: each.both for each in others}
    print(f"{'':22} {'states':>6} {'load':>7} {'prove':>7} {'both':>7} {'faster':>7}  explored")
    for each in sorted(costs, key=lambda one: -one.both):
        ratio = f"x {before[each.name] / each.both:.1f}" if each.name in before else ""
        print(
            f"{each.name:22} {each.states:6} {each.load:7.1f} {each.prove:7.1f} {each.both:7.1f} "
            f"{ratio:>7}  {each.bound}"
        )
    load, prove = sum(each.load for each in costs), sum(each.prove for each in costs)
    total = f"x {sum(before.values()) / (load + prove):.1f}" if before else ""
    print(f"{'all':22} {'':6} {load:7.1f} {prove:7.1f} {load + prove:7.1f} {total:>7}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("rounds", nargs="?", type=int, default=7)
    parser.add_argument("--against", metavar="FOLDER", help="another checkout to compare with")
    parser.add_argument("--json", action="store_true", help="figures for other programs")
    given = parser.parse_args()
    if given.json:
        print(json.dumps([asdict(each) for each in measured(given.rounds)]))
        return
    others = [] if given.against is None else measured_by(given.against, given.rounds)
    show(measured(given.rounds), others)


if __name__ == "__main__":
    main()
