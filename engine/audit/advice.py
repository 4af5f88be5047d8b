"""The line that keeps what an analytic was given and found, and the hash over what it was given."""

from collections.abc import Mapping
from hashlib import sha256
from typing import Any, Final

from engine.audit.canonical import canonical_private

KIND: Final = "advice.given"


def input_hash(given: Mapping[str, Any]) -> str:
    """Of the parameters and the frozen table, whatever order their keys came in."""
    text = canonical_private({"parameters": given["parameters"], "input": given["input"]})
    return sha256(text).hexdigest()
