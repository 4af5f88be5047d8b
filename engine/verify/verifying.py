"""All proofs in turn."""

from dataclasses import dataclass
from typing import Final

from engine.document import Diagnostic
from engine.loader import Loaded
from engine.verify.anonymity import check_anonymity
from engine.verify.circles import check_circles
from engine.verify.four_eyes import check_four_eyes
from engine.verify.guests import check_guests
from engine.verify.limits import check_limits
from engine.verify.privacy import check_privacy
from engine.verify.reads import check_reads
from engine.verify.stuck import Bound, check_stuck
from engine.verify.tables import check_tables
from engine.verify.values import check_values
from engine.verify.writes import check_writes

CHECKS: Final = (
    check_tables,
    check_reads,
    check_writes,
    check_values,
    check_privacy,
    check_circles,
    check_limits,
    check_four_eyes,
    check_anonymity,
    check_guests,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Verdict:
    """What is known about a definition."""

    diagnostics: tuple[Diagnostic, ...]  # the loader's, and what was proved; in file order
    bound: Bound | None  # how far the ways of a case were followed; None: not at all


def verify(loaded: Loaded) -> tuple[Diagnostic, ...]:
    """The findings of `judge`."""
    return judge(loaded).diagnostics


def judge(loaded: Loaded) -> Verdict:
    """The loader's findings and, for a definition without errors, what can be proved about it.

    Never raises. The ways of a case are followed only if no other error was found: a decision
    with a gap ends many of them.
    """
    definition, sources = loaded.definition, loaded.sources
    if definition is None or sources is None:
        return Verdict(diagnostics=loaded.diagnostics, bound=None)
    found = [finding for check in CHECKS for finding in check(definition, sources)]
    bound = None
    if not any(finding.code.startswith("E") for finding in found):
        stuck, bound = check_stuck(definition, sources)
        found += stuck
    told = [*loaded.diagnostics, *(finding.diagnostic(sources) for finding in found)]
    ordered = sorted(told, key=lambda d: (d.span.line, d.span.column, d.code, d.message))
    return Verdict(diagnostics=tuple(ordered), bound=bound)
