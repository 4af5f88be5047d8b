"""A wrong and a right example for every code that `check` can tell."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from tenure.cli.examples.definitions import DEFINITIONS
from tenure.cli.examples.documents import DOCUMENTS
from tenure.cli.examples.example import Example
from tenure.cli.examples.expressions import EXPRESSIONS
from tenure.cli.examples.proofs import PROOFS
from tenure.cli.examples.versions import VERSIONS

# E101 has none: it is about a file that cannot be opened, not about a text.
EXAMPLES: Final[Mapping[str, Example]] = MappingProxyType(
    {**DOCUMENTS, **DEFINITIONS, **EXPRESSIONS, **PROOFS, **VERSIONS}
)

__all__ = ["EXAMPLES", "Example"]
