"""The proof that the history is whole: hash chains per case, and what checks them."""

from engine.audit.chain import Line, Linked, genesis, link_lines
from engine.audit.findings import Fault, Finding, Verdict
from engine.audit.lines import erased_line
from engine.audit.verify import verify

__all__ = [
    "Fault",
    "Finding",
    "Line",
    "Linked",
    "Verdict",
    "erased_line",
    "genesis",
    "link_lines",
    "verify",
]
