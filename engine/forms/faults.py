"""What is wrong with an answer, said to the person who gave it."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Fault:
    """One thing to put right."""

    at: str  # the name of the input: `goals.0.due`
    sentence: str  # what to do: `Enter a date such as 24 12 2027`
