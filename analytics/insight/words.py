"""Figures as people read them."""

import re
from collections.abc import Callable
from typing import Final

from analytics.insight.measures import LEAST, Measured, Metric, Part, Unit

_PERSON: Final = re.compile(r"\{([^{}]+)\}")


def value(metric: Metric, measured: Measured) -> str:
    """`67 % (20 of 30)`, `41.5 days`, `3001.00 EUR`; empty where there is no number."""
    said = _said(measured.number, metric.unit, measured.n, measured.part)
    return f"{said} {measured.currency}" if said and measured.currency else said


def part_value(part: Part) -> str:
    return _said(part.number, part.unit, part.n, part.part)


def _said(number: float | None, unit: Unit, n: int, part: int | None) -> str:
    if number is None:
        return ""
    match unit:
        case Unit.SHARE if n < LEAST:
            return f"{part} of {n}"  # a percentage would sound as if it were more
        case Unit.SHARE:
            return f"{100 * number:.0f} % ({part} of {n})"
        case Unit.DAYS:
            return f"{number:.1f} days"
        case Unit.PERCENT:
            return f"{number:.0f} %"
        case Unit.COUNT:
            return f"{number:.0f}"
        case Unit.EACH | Unit.MARK:
            return f"{number:.2f}"


def counted(metric: Metric, measured: Measured) -> str:
    """What a number that is no share rests on: `of 30 employees`."""
    if measured.number is None or metric.unit is Unit.SHARE:
        return ""
    return f"of {measured.n} {metric.of}"


def clause(text: str, name_of: Callable[[str], str]) -> str:
    """What a row says, with people by name where it holds their ids in braces."""
    return _PERSON.sub(lambda found: name_of(found[1]), text)
