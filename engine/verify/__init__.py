"""What `check` proves about a definition that loads: before anybody gets a mail."""

from engine.verify.codes import VERIFY_CODES
from engine.verify.mending import Mended, mend
from engine.verify.stuck import Bound
from engine.verify.verifying import Verdict, judge, verify

__all__ = ["VERIFY_CODES", "Bound", "Mended", "Verdict", "judge", "mend", "verify"]
