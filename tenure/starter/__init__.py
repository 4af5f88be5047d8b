"""How far the smallest talent management is, for the command and for the console."""

from tenure.starter.state import (
    PLAN,
    PREFIX,
    SKILLS,
    SUCCESSION,
    Begun,
    Line,
    Seat,
    State,
    begun,
    plan_data,
    read_state,
)

__all__ = [
    "PLAN",
    "PREFIX",
    "SKILLS",
    "SUCCESSION",
    "Begun",
    "Line",
    "Seat",
    "State",
    "begun",
    "plan_data",
    "read_state",
]
