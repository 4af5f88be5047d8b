"""The command line: thin over the engine, and the only place that speaks to a terminal."""

from tenure.cli.edge import main

__all__ = ["main"]
