"""What a page works out from the case is there whenever somebody is asked."""

from functools import cache
from pathlib import Path

import pytest

from engine.core.binding import rendered, values_for
from engine.core.draft import Draft, draft_of
from engine.core.form import FieldType
from engine.core.index import chart_of
from engine.core.owners import find_people
from engine.core.places import state_id
from engine.loader import Loaded, load_text
from engine.scenarios import play_all
from engine.scenarios.stage import Stage

FILES = sorted(Path(__file__).parents[2].glob("definitions/*.yaml"))


@cache
def loaded(path: Path) -> Loaded:
    return load_text(path.read_bytes(), path.name)


def standing(stage: Stage) -> Draft:
    chart = chart_of(stage.definition)
    return draft_of(chart, stage.standing, find_people, stage.now, None, stage.cast, stage.now)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_form_of_a_play_can_be_shown(path, monkeypatch):
    """A computed field or an introduction without a value would be missing without a word."""
    take = Stage.take
    shown: set[str] = set()

    def taken(stage, event):
        done = take(stage, event)
        draft = standing(stage)
        for task in stage.standing.tasks.values():
            rules = next(s for s in stage.definition.states if s.id == state_id(task.place))
            asked = rules.task if task.side is None else rules.side_tasks[task.side]
            if asked is None or asked.form is None:
                continue
            if asked.form.intro is not None:
                rendered(draft, asked.form.intro, task.place)
            for field in asked.form.fields:
                if field.type is FieldType.COMPUTED and field.compute is not None:
                    value = field.compute.eval(values_for(draft, field.compute, task.place, None))
                    assert isinstance(value, str)
                    shown.add(field.name)
        return done

    monkeypatch.setattr(Stage, "take", taken)

    assert play_all(loaded(path)).passed
    computed = {
        field.name
        for state in loaded(path).definition.states
        for task in (state.task, *state.side_tasks)
        for field in (() if task is None or task.form is None else task.form.fields)
        if field.type is FieldType.COMPUTED
    }
    assert computed == shown
