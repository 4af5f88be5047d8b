"""Fixtures for all rooms; what they rest on stands in tests/support."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))  # `support` is a package of the tests only

pytest_plugins = ["support.databases"]
