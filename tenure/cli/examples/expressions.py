"""Examples for what is wrong with an expression or a placeholder."""
# ruff: noqa: E501 - a wrong and a right line are compared side by side

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from tenure.cli.examples.example import Example, condition, states

_LONG: Final = " || ".join(["data.rating == 1"] * 40)

EXPRESSIONS: Final[Mapping[str, Example]] = MappingProxyType(
    {
        "E301": condition("data.rating > 3 and data.score > 1", "data.rating > 3 && data.score > 1"),
        "E302": condition("data.level == senior", 'data.level == "senior"'),
        "E303": condition("data.ratng >= 4", "data.rating >= 4"),
        "E304": condition("today + 5 > data.start_date", "today + days(5) > data.start_date"),
        "E305": condition("data.rating", "data.rating > 3"),
        "E306": condition('data.level == "boss"', 'data.level == "senior"'),
        "E307": condition(_LONG, "data.rating == 1"),
        "E308": states(
            'rate: {task: {to: manager, title: "Rate {{ subject.name"}}',
            'rate: {task: {to: manager, title: "Rate {{ subject.name }}"}}',
        ),
    }
)  # fmt: skip
