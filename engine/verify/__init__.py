"""What `check` proves about a definition that loads: before anybody gets a mail."""

from engine.verify.codes import VERIFY_CODES
from engine.verify.verifying import verify

__all__ = ["VERIFY_CODES", "verify"]
