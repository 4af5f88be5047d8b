"""All proofs in turn."""

from typing import Final

from engine.document import Diagnostic
from engine.loader import Loaded
from engine.verify.anonymity import check_anonymity
from engine.verify.circles import check_circles
from engine.verify.four_eyes import check_four_eyes
from engine.verify.limits import check_limits
from engine.verify.privacy import check_privacy
from engine.verify.reads import check_reads
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
)


def verify(loaded: Loaded) -> tuple[Diagnostic, ...]:
    """The loader's findings and, for a definition without errors, what can be proved about it.

    In the order of the file; never raises.
    """
    definition, sources = loaded.definition, loaded.sources
    if definition is None or sources is None:
        return loaded.diagnostics
    proved = [
        finding.diagnostic(sources) for check in CHECKS for finding in check(definition, sources)
    ]
    found = [*loaded.diagnostics, *proved]
    return tuple(sorted(found, key=lambda d: (d.span.line, d.span.column, d.code, d.message)))
