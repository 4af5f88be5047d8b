"""Prefect's own telling goes into a file in tenure's folder, not over the terminal."""

import logging
from logging.handlers import RotatingFileHandler
from pathlib import Path

# Loggers that stop at themselves (see flows.environment), so that nothing reaches the terminal.
_TOLD = ("prefect", "prefect.extra", "uvicorn", "fastapi", "docket", "flows")


def attach(home: Path) -> logging.Handler:
    """Write everything that Prefect and the flows say into `prefect.log`, five files of 5 MB."""
    handler = RotatingFileHandler(
        home / "prefect.log", maxBytes=5_000_000, backupCount=4, encoding="utf-8", delay=True
    )
    handler.setFormatter(
        logging.Formatter("%(asctime)s %(levelname)-7s %(threadName)s %(name)s: %(message)s")
    )
    for name in _TOLD:
        logging.getLogger(name).addHandler(handler)
    return handler


def detach(handler: logging.Handler) -> None:
    for name in _TOLD:
        logging.getLogger(name).removeHandler(handler)
    handler.close()
