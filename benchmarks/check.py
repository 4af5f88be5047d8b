"""What `tenure check` costs of the processor: reading, loading, proving, following the ways.

    python benchmarks/check.py [ROUNDS]

Shown are CPU milliseconds, the least of all rounds, since whatever else runs only adds to them. The
definitions are the shipped ones and three made of forty states: in a row with decisions and dates,
in branches that talk to nobody, and (the worst case) in branches that all have dates of their own,
so that each order of them is another situation and the bound is what ends the search.
"""

import sys
import time
from collections.abc import Callable
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
    late = ", late: {after: 2 workdays, go: next}" if dates else ""
    for n in range(8):
        lines += [f"      branch_{n}:", "        states:"]
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


def main(rounds: int) -> None:
    folder = Path(__file__).parents[1] / "definitions"
    texts = {path.stem: path.read_text("utf-8") for path in sorted(folder.glob("*.yaml"))}
    texts["forty in a row"] = in_a_row()
    texts["forty in branches"] = side_by_side(dates=False)
    texts["forty with dates"] = side_by_side(dates=True)
    print(f"{'':18} {'states':>6} {'load':>8} {'prove':>8} {'both':>8}  explored")
    for name, source in texts.items():
        loading, proving = [], []
        for _ in range(rounds if name != "forty with dates" else 1):
            loading.append(spent(lambda: load_text(source, name)))  # noqa: B023
            loaded = load_text(source, name)
            proving.append(spent(lambda: judge(loaded)))  # noqa: B023
        load, prove = min(loading), min(proving)
        verdict = judge(load_text(source, name))
        errors = [each.message for each in verdict.diagnostics if each.code.startswith("E")]
        assert not errors, errors
        definition = load_text(source, name).definition
        assert definition is not None
        states = sum(1 for state in definition.states[1:] if not state.hidden)
        print(f"{name:18} {states:6} {load:8.1f} {prove:8.1f} {load + prove:8.1f}  {verdict.bound}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 7)
