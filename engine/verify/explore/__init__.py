"""Plays a definition through every way it can go, up to a bound, with the engine itself.

Of data only what conditions look at is told apart, of times only which comes first, and of people
nothing: each rule finds somebody of its own.
"""

from engine.verify.explore.walk import Explored, explore

__all__ = ["Explored", "explore"]
