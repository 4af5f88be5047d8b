"""Calls from the asynchronous flows into the synchronous house, each in a thread.

An error's own words may name people, and Prefect keeps what it sees: only its type gets through.
"""

import asyncio
import logging
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from flows.ports import Transient

P = ParamSpec("P")
T = TypeVar("T")


class HouseError(Exception):
    """An error on our side of the border, stripped of its words; the log has them."""


async def call(verb: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run one verb of `Work` in a thread; raises Transient unchanged, else HouseError."""
    try:
        return await asyncio.to_thread(verb, *args, **kwargs)
    except Transient:
        raise
    except Exception as error:
        name = getattr(verb, "__name__", "work")
        logging.getLogger(__name__).exception("%s failed", name)
        raise HouseError(
            f"{name} failed with {type(error).__name__}; the log file has the details."
        ) from None
