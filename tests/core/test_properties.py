"""Promises that hold for every definition and every story, kept on generated ones."""

import json
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cache
from random import Random
from typing import Any

from core_charts import (
    Charts,
    On,
    S,
    always,
    button,
    done,
    each_task,
    final,
    lowered,
    signal,
    timer,
)
from core_story import MONDAY, Organisation, organisation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.core.chart import Assign, Definition, Enough, PauseClock, Raise, Shape, Wait
from engine.core.codec import decode, encode
from engine.core.effects import (
    CancelTimer,
    ClosedTask,
    Effect,
    Finish,
    HandedOver,
    MovedDue,
    OpenedTask,
    Remind,
    SetTimer,
)
from engine.core.events import (
    CaseCancelled,
    CaseStarted,
    DirectoryChanged,
    Event,
    SignalArrived,
    TaskAnswered,
    TaskClaimed,
    TaskReassigned,
    TimerCameDue,
)
from engine.core.expression import person
from engine.core.form import FieldType
from engine.core.places import state_id
from engine.core.questions import is_whole
from engine.core.snapshot import CaseFacts, OpenTask, Snapshot, Timer
from engine.core.step import Step, step

CHARTS = Charts(
    {"n": FieldType.INTEGER, "peers": FieldType.PEOPLE, "start": FieldType.DATE},
    names={"peer": person()},
)
N_IS_EVEN, BUMP = (
    "data.n == 0 || data.n == 2 || data.n == 4",
    Assign(field="n", value=CHARTS.expr("data.n + 1")),
)
OWNERS = ("subject", "subject.manager", "role:hr", "queue:it", "role:none")
SIGNALS = ("go", "stop", "odd")
SEEDS = 100  # raise it for a night's run
PROFILE = settings(
    max_examples=80, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True
)


class Maker:
    """Draws a definition: every kind of state, at most three deep."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.count = 0

    def definition(self) -> Definition:
        states = self.states(0)
        on = [signal("stop", "closed")] if self.random.random() < 0.2 else []
        if self.random.random() < 0.3:
            pause = PauseClock(reason="odd", until="go", match=None)
            on.append(signal("odd", do=(pause,)))
        return CHARTS.define(*states, final("closed"), on=on, cancel=self.random.random() < 0.5)

    def states(self, depth: int) -> list[S]:
        names = [self.name() for _ in range(self.random.randint(2 if depth == 0 else 1, 4))]
        following = [*names[1:], "closed" if depth == 0 else "$done"]
        return [self.state(n, f, names, depth) for n, f in zip(names, following, strict=True)]

    def name(self) -> str:
        self.count += 1
        return f"s{self.count}"

    def state(self, name: str, following: str, all_: list[str], depth: int) -> S:
        kinds = ["task", "task", "wait", "do", "until"]
        kinds += ["parallel", "each", "compound"] if depth < 2 else []
        state = getattr(self, self.random.choice(kinds))(name, depth)
        if state.shape is not Shape.FINAL:
            state.on.append(done(following))
        if self.random.random() < 0.3:
            state.on.append(signal(self.random.choice(SIGNALS), self.random.choice(all_)))
        if self.random.random() < 0.15:
            state.skip = N_IS_EVEN
        return state

    def task(self, name: str, depth: int) -> S:
        random = self.random
        owner = CHARTS.owner(random.choice(OWNERS), no=["subject"] if random.random() < 0.2 else [])
        task = CHARTS.task(
            owner,
            due=random.choice([None, "3 days", "data.start", "2 workdays before data.start"]),
            shared=random.sample(["n", "peers", "start"], random.randint(0, 2)),
            buttons=["submit", "again"],
        )
        rules, rows = [], [button("again", name)] if random.random() < 0.4 else []
        if task.due is not None and random.random() < 0.6:
            rules.append(CHARTS.rule("remind", "1 days before due"))
            rules.append(CHARTS.rule("late", "1 days"))
            rows.append(timer("late.0", name if random.random() < 0.3 else ""))
        side = ()
        if random.random() < 0.2:
            rules.append(CHARTS.rule("every", "1 weeks", repeat="1 weeks"))
            side = (CHARTS.task("subject.manager"),)
        return S(name=name, task=task, timers=tuple(rules), side_tasks=side, on=rows)

    def wait(self, name: str, depth: int) -> S:
        return S(name=name, wait=Wait(signal=self.random.choice(SIGNALS), match=None))

    def until(self, name: str, depth: int) -> S:
        return S(
            name=name, timers=(CHARTS.rule("until", self.random.choice(["2 days", "data.start"])),)
        )

    def do(self, name: str, depth: int) -> S:
        entry: list[Any] = [BUMP] if self.random.random() < 0.6 else [Raise(event="odd")]
        rows: list[On] = []
        if BUMP in entry and self.random.random() < 0.3:
            rows.append(always(name, when="data.n < 3"))
        return S(name=name, entry=tuple(entry), on=rows)

    def parallel(self, name: str, depth: int) -> S:
        parts = []
        for _ in range(self.random.randint(1, 3)):
            branch = self.name()
            if self.random.random() < 0.5:
                body = self.task(branch, depth)
                body.name = "task"
                body.on = [row for row in body.on if row.kind != "button"]
                for row in body.on:
                    row.go = ()
                parts.append(
                    lowered(branch, body, skip=N_IS_EVEN if self.random.random() < 0.3 else None)
                )
            else:
                parts.append(self.body(branch, depth))
        return S(name=name, shape=Shape.PARALLEL, children=parts, enough=self.enough())

    def body(self, name: str, depth: int) -> S:
        end = S(name="$done", shape=Shape.FINAL, hidden=True)
        return S(name=name, shape=Shape.COMPOUND, children=[*self.states(depth + 1), end])

    def compound(self, name: str, depth: int) -> S:
        state = self.body(name, depth)
        if self.random.random() < 0.4:
            first = state.children[0].name
            state.children.insert(
                0,
                S(
                    name="last",
                    shape=Shape.HISTORY,
                    initial=[first],
                    deep=self.random.random() < 0.5,
                ),
            )
            state.initial = "last"
        return state

    def each(self, name: str, depth: int) -> S:
        items = CHARTS.expr("data.peers")
        if self.random.random() < 0.5:
            return each_task(name, "peer", items, CHARTS.task("peer"), enough=self.enough())
        return each_task(
            name,
            "peer",
            items,
            CHARTS.task("peer"),
            body=self.body("item", depth),
            enough=self.enough(),
        )

    def enough(self) -> Enough | None:
        if self.random.random() < 0.6:
            return None
        return Enough(
            count=self.random.choice([1, 2, None]), share=0.5, condition=None, quorum={}, veto={}
        )


PEOPLE = ("ann", "bob", "cy", "dan", "eve", "fay")


def events(random: Random, snapshot: Snapshot, org: Organisation, now: Any) -> Event:
    """Something that could happen next, or could not."""
    tasks, timers = list(snapshot.tasks.values()), list(snapshot.timers.values())
    choice = random.random()
    if tasks and choice < 0.55:
        opened = random.choice(tasks)
        by = random.choice(opened.owners or PEOPLE)
        if opened.queue and not opened.owners:
            return TaskClaimed(task=opened.key, by=by, at=now)
        answers: dict[str, Any] = {"n": random.randint(0, 4)} if random.random() < 0.4 else {}
        if random.random() < 0.3:
            answers["start"] = f"2027-03-{random.randint(1, 28):02d}"
        if random.random() < 0.3:
            answers["peers"] = random.sample(PEOPLE, random.randint(0, 4))
        press = random.choice(["submit", "submit", "again", "strange"])
        return TaskAnswered(task=opened.key, button=press, answers=answers, by=by, at=now)
    if timers and choice < 0.7:
        due = min(timers, key=lambda each: (each.at, each.key))
        return TimerCameDue(timer=due.key, at=max(due.at, now))
    if choice < 0.85:
        return SignalArrived(
            name=random.choice(("go", "go", "odd", "odd", "stop", "unheard")), body={}, at=now
        )
    if choice < 0.95:
        who = random.choice(PEOPLE)
        if random.random() < 0.3 and len(org.managers) > 4 and who != "ann":
            org.managers.pop(who, None)
        elif who in org.managers:
            org.managers[who] = random.choice(PEOPLE)
        return DirectoryChanged(at=now)
    if tasks and choice < 0.995:
        return TaskReassigned(
            task=random.choice(tasks).key, to=random.choice(PEOPLE), by=None, reason="", at=now
        )
    return CaseCancelled(by=None, reason="", at=now)


@dataclass(kw_only=True)
class Played:
    definition: Definition
    steps: list[tuple[Snapshot | None, Event, Step]]


@cache
def played(seed: int) -> Played:
    random = Random(seed)
    definition = Maker(random).definition()
    org = organisation()
    case = CaseFacts(id="T", subject="ann", opened_by="fay", opened_at=MONDAY, key=None)
    data = {"n": 0, "peers": ["bob", "cy"], "start": "2027-03-15"}
    now = MONDAY
    event: Event = CaseStarted(case=case, data=data)
    snapshot: Snapshot | None = None
    steps = []
    for _ in range(25):
        result = step(definition, snapshot, event, now, org)
        steps.append((snapshot, event, result))
        snapshot = result.snapshot
        if len(steps) > 2 and steps[-2][2].snapshot.outcome is not None:
            break
        now += timedelta(hours=random.randint(0, 40))
        event = events(random, snapshot, org, now) if snapshot.configuration else event
    return Played(definition=definition, steps=steps)


def rebuilt(effects: list[Effect], tasks: dict[str, OpenTask], timers: dict[str, Timer]) -> None:
    """What the store knows of tasks and timers when it only follows effects."""
    for effect in effects:
        match effect:
            case OpenedTask(task=task) | HandedOver(task=task):
                tasks[task.key] = task
            case ClosedTask(task=key):
                del tasks[key]
            case MovedDue(task=key, due=due):
                tasks[key] = replace(tasks[key], due=due)
            case Remind(task=key, number=number):
                tasks[key] = replace(tasks[key], reminded=number)
            case SetTimer(timer=set_):
                timers[set_.key] = set_
            case CancelTimer(timer=key):
                del timers[key]
            case _:
                pass


seeds = given(seed=st.integers(min_value=0, max_value=SEEDS))


@seeds
@PROFILE
def test_the_effects_alone_rebuild_the_open_tasks_and_timers(seed: int) -> None:
    tasks: dict[str, OpenTask] = {}
    timers: dict[str, Timer] = {}
    for _, _, result in played(seed).steps:
        rebuilt(list(result.effects), tasks, timers)

        assert tasks == result.snapshot.tasks
        assert timers == result.snapshot.timers


@seeds
@PROFILE
def test_a_configuration_is_always_a_whole_tree_and_open_work_belongs_to_it(seed: int) -> None:
    story = played(seed)
    for _, _, result in story.steps:
        snapshot = result.snapshot
        assert is_whole(story.definition, snapshot), snapshot.configuration
        places = set(snapshot.configuration)
        assert {task.place for task in snapshot.tasks.values()} <= places
        assert {timer.place for timer in snapshot.timers.values()} <= places
        assert {timer.place for timer in snapshot.shelf.values()} <= places
        assert set(snapshot.items) <= places


@seeds
@PROFILE
def test_the_same_story_has_the_same_telling(seed: int) -> None:
    assert [result for _, _, result in played(seed).steps] == [
        result for _, _, result in played.__wrapped__(seed).steps
    ]


@seeds
@PROFILE
def test_a_snapshot_survives_json_and_goes_on_the_same(seed: int) -> None:
    story = played(seed)
    for before, _, result in story.steps[1:]:
        assert before is not None
        stored = decode(json.loads(json.dumps(encode(before))))
        assert stored == before
        assert decode(json.loads(json.dumps(encode(result.snapshot)))) == result.snapshot


@seeds
@PROFILE
def test_an_event_without_telling_and_effects_leaves_the_very_same_snapshot(seed: int) -> None:
    for before, _, result in played(seed).steps[1:]:
        if not result.taken and not result.effects:
            assert result.snapshot is before
        blocking = [e for e in result.effects if getattr(e, "blocking", False)]
        if blocking:
            assert (len(result.effects), result.taken) == (1, ())
            assert result.snapshot == before


@seeds
@PROFILE
def test_a_case_finishes_once_and_then_stands_still(seed: int) -> None:
    finished = [e for _, _, r in played(seed).steps for e in r.effects if isinstance(e, Finish)]
    assert len(finished) <= 1
    for before, _, result in played(seed).steps:
        if before is not None and before.outcome is not None:
            assert (result.snapshot, result.effects, result.taken) == (before, (), ())
        if result.snapshot.outcome is not None:
            assert (result.snapshot.tasks, result.snapshot.timers) == ({}, {})
            assert result.snapshot.shelf == {}


@seeds
@PROFILE
def test_a_case_on_pause_has_no_deadlines_and_one_that_runs_has_nothing_on_the_shelf(
    seed: int,
) -> None:
    for _, _, result in played(seed).steps:
        snapshot = result.snapshot
        if snapshot.paused_since is None:
            assert snapshot.shelf == {}
        else:
            assert snapshot.timers == {}
            assert [task.due for task in snapshot.tasks.values() if task.due is not None] == []


@seeds
@PROFILE
def test_whoever_owns_a_task_is_known_and_not_excluded_when_it_opens(seed: int) -> None:
    story = played(seed)
    for _, _, result in story.steps:
        for effect in result.effects:
            if isinstance(effect, OpenedTask):
                state = next(
                    s for s in story.definition.states if s.id == state_id(effect.task.place)
                )
                assert set(effect.task.owners) <= set(PEOPLE)
                if state.task is not None and effect.task.side is None and state.task.to.exclude:
                    assert "ann" not in effect.task.owners


def test_stories_reach_far_enough_to_mean_something() -> None:
    results = [result for seed in range(60) for _, _, result in played(seed).steps]

    assert sum(1 for each in results if each.taken) > 200
    assert sum(1 for each in results if each.snapshot.outcome is not None) > 50
    assert any(each.snapshot.shelf for each in results)
    assert any("[" in place for each in results for place in each.snapshot.configuration)
