"""Versions for operators: which run, what is new in each, and what that would do to running cases.

Looks only. Cases are moved at a terminal, by a saved plan, so that what happens is what was seen.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import APIRouter, HTTPException
from fastapi.responses import HTMLResponse

from engine.queries.versions import versions
from engine.service import StartRefused, Versions
from engine.service.versions import Foreseen
from engine.versions import GROUPS, Change, Planned, diff, inside, reckoning
from web.console import console_page
from web.loopback import OperatorSite

router = APIRouter()

_MOST = 1_000  # cases that a page looks at
_NAMED = 8  # cases that are named before the rest is counted


@dataclass(frozen=True, kw_only=True, slots=True)
class _Step:
    """From one older version, under which cases run, to the newest."""

    version: int
    running: int
    changes: Sequence[Change]
    texts: Sequence[Change]  # of these, what only people read
    stranded: dict[str, int]  # by state that is gone: cases without a place


@dataclass(frozen=True, kw_only=True, slots=True)
class _Group:
    """Cases of which the same becomes."""

    sign: str
    says: str
    cases: Sequence[Planned]
    past: int  # with a date that is over already

    @property
    def named(self) -> Sequence[Planned]:
        return self.cases[:_NAMED]


@router.get("/versions", response_class=HTMLResponse)
def versions_page(site: OperatorSite) -> HTMLResponse:
    with site.database.read() as session:
        return console_page(site, "versions", processes=versions(session))


@router.get("/versions/{process}", response_class=HTMLResponse)
def process_versions_page(process: str, site: OperatorSite) -> HTMLResponse:
    with site.database.read() as session:
        lines = versions(session, process)
    if not lines:
        raise HTTPException(404)
    line, foreseen, unreadable = lines[0], None, None
    if line.behind:
        try:
            foreseen = Versions(service=site.service).foresee(process, _MOST, site.clock())
        except StartRefused as refused:
            unreadable = str(refused)
    return console_page(
        site,
        "process-versions",
        line=line,
        unreadable=unreadable,
        foreseen=foreseen,
        steps=() if foreseen is None else _steps(foreseen),
        groups=() if foreseen is None else _groups(foreseen),
        sums=None if foreseen is None else reckoning(foreseen.plan, foreseen.olds, foreseen.new),
    )


def _steps(foreseen: Foreseen) -> list[_Step]:
    steps = []
    for version, old in foreseen.olds.items():
        changes = diff(old, foreseen.new, foreseen.rules[version].states)
        steps.append(
            _Step(
                version=version,
                running=foreseen.running[version],
                changes=[one for one in changes if not one.text],
                texts=[one for one in changes if one.text],
                stranded=dict(inside(foreseen.plan, version)),
            )
        )
    return steps


def _groups(foreseen: Foreseen) -> list[_Group]:
    groups = []
    for outcome, sign, says in GROUPS:
        cases = foreseen.plan.having(outcome)
        if cases:
            past = sum(each.plan.past for each in cases)
            groups.append(_Group(sign=sign, says=says, cases=cases, past=past))
    return groups
