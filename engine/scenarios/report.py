"""What came of a definition's scenarios."""

from dataclasses import dataclass

from engine.document import Span


@dataclass(frozen=True, kw_only=True, slots=True)
class Failure:
    """The step that did not go as written, and how things stood."""

    span: Span  # of the step in the file
    sentence: str  # what was expected and what happened
    standing: tuple[str, ...]  # where the case was, whose tasks were open, what it had just done
    story: tuple[str, ...]  # every transition until then, the first one first


@dataclass(frozen=True, kw_only=True, slots=True)
class Result:
    """One scenario."""

    name: str
    steps: int  # how many were played
    failure: Failure | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Coverage:
    """What all scenarios together came by."""

    states: int
    states_missed: tuple[str, ...]  # ids
    transitions: int
    transitions_missed: tuple[str, ...]  # `rate: submit → second_look`


@dataclass(frozen=True, kw_only=True, slots=True)
class Report:
    """All scenarios of one definition."""

    results: tuple[Result, ...]
    coverage: Coverage

    @property
    def passed(self) -> bool:
        return all(result.failure is None for result in self.results)
