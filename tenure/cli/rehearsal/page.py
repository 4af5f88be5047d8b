"""A rehearsal's report as one HTML file that needs nothing else."""

from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, FunctionLoader, StrictUndefined

from engine.rehearsal import Report, wrong_with
from tenure.cli.rehearsal.words import hours


def report_page(report: Report) -> str:
    return render("report.html.j2", report=report, wrong=wrong_with(report))


def render(name: str, **values: Any) -> str:
    return _templates().get_template(name).render(**values)


def bar(value: float, most: float) -> int:
    """The width of a bar, in hundredths of its column; what is there at all is seen."""
    if value <= 0 or most <= 0:
        return 0
    return max(1, round(100 * value / most))


@cache
def _templates() -> Environment:
    environment = Environment(
        loader=FunctionLoader(
            lambda name: (files("tenure.cli.rehearsal") / "templates" / name).read_text("utf-8")
        ),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["hours"] = hours
    environment.globals["bar"] = bar
    return environment
