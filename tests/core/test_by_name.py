"""What people have by name, such as their records, is looked up where it is read and not elsewhere."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from engine.core.expression import ANY, NUMBER, ByName, compile_expression, list_of, person, record

KEPT = record(item=record({"since": NUMBER}, item=ANY))
PEOPLE = list_of(person({"kept": KEPT}))
SCOPE = {
    "team": PEOPLE,
    "lead": person({"kept": KEPT}),
    "rows": list_of(record({"who": person({"kept": KEPT}), "mark": NUMBER})),
    "loose": ANY,
}


class Kept(ByName):
    def __init__(self, asked: list[str], **known: Any) -> None:
        self.asked, self.known = asked, known

    def __getitem__(self, name: str) -> Mapping[str, Any]:
        self.asked.append(name)
        return self.known[name]

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


def case(asked: list[str]) -> dict[str, Any]:
    ann = {"id": "ann", "kept": Kept(asked, mark={"value": 4, "since": 7}, age={"value": 40})}
    bob = {"id": "bob", "kept": Kept(asked)}
    return {
        "team": [ann, bob],
        "lead": ann,
        "rows": [{"who": ann, "mark": 1}, {"who": bob, "mark": 2}],
        "loose": [ann, bob],
    }


@pytest.mark.parametrize(
    ("source", "answer", "asked"),
    [
        ("team.filter(p, has(p.kept.mark)).map(p, p.kept.mark.value)", [4], ["mark", "mark"]),
        ("team.exists(p, has(p.kept.mark) && p.kept.mark.since == 7)", True, ["mark", "mark"]),
        ("rows.filter(r, has(r.who.kept.age)).map(r, r.mark)", [1], ["age", "age"]),
        ("loose.filter(p, has(p.kept.age)).map(p, p.kept.age.value)", [40], None),
        ("size(team[0].kept.mark)", 2.0, ["mark", "mark"]),
        ("team.map(p, p.id)", ["ann", "bob"], []),
        ("lead.kept.mark.value > 3", True, ["mark"]),
    ],
)
def test_by_name(source: str, answer: object, asked: list[str] | None):
    seen: list[str] = []

    assert compile_expression(source, SCOPE).eval(case(seen)) == answer
    assert asked is None or set(seen) == set(asked)
