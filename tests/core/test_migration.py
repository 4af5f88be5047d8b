"""A case goes over to another version: what goes on, what begins anew, what has no place."""

from dataclasses import replace
from datetime import timedelta

import pytest
from core_story import MONDAY, Story
from hypothesis import given
from hypothesis import strategies as st
from test_properties import PROFILE, SEEDS, Maker, played, rebuilt

from engine.core.alike import only_texts_differ
from engine.core.codec import encode
from engine.core.effects import (
    CarriedTask,
    ClosedTask,
    HandedOver,
    MovedDue,
    OpenedTask,
    SetTimer,
    Tell,
)
from engine.core.mapping import BY_NAME, MigrationRule, Otherwise, Timers
from engine.core.migration import Moved, Stays, Stranded, migrate
from engine.core.questions import innermost, is_whole
from engine.core.telling import Assigned
from engine.loader import load_text

HEAD = """
process: review
version: {version}
subject: person
people:
  manager: subject.manager
  hr: {{role: hr}}
data:
  peers: {{type: people, from: start}}
  level: {{type: {level}, from: start, required: false}}
"""


def load(states, *, version=1, level="text", more=""):
    text = HEAD.format(version=version, level=level) + more + "states:\n" + states
    loaded = load_text(text, "review.yaml")
    assert loaded.definition is not None, loaded.diagnostics
    return loaded.definition


def rule(states=None, *, stay=(), drop=(), timers="keep", otherwise="refuse"):
    return MigrationRule(
        states=states or {},
        stay=frozenset(stay),
        drop=frozenset(drop),
        timers=Timers(timers),
        otherwise=Otherwise(otherwise),
    )


OLD = """
  plan: {task: {to: subject, due: 10 workdays}, remind: [3 workdays before due, at due]}
  talk:
    task: {to: manager, due: 5 workdays, title: Talk}
    remind: at due
    late: {after: 2 workdays, tell: hr}
  gather:
    parallel:
      self:  {task: {to: subject}}
      boss:  {task: {to: manager}}
      badge: {task: {to: hr}}
  peers:
    each: peer in data.peers
    task: {to: peer, due: 7 days}
  sign: {task: {to: manager}}
  closed: {end: done}
"""


TALK_LINES = {
    "talk:",
    "task: {to: manager, due: 5 workdays, title: Talk}",
    "remind: at due",
    "late: {after: 2 workdays, tell: hr}",
}


def story(states=OLD, **more):
    return Story(definition=load(states, **more)).start(peers=["dan", "eve"], level="3")


def at(place):
    """A story that has come to a state of OLD."""
    told = story()
    path = {"plan": 0, "talk": 1, "gather": 2, "peers": 3, "sign": 4}[place]
    for step in ["plan", "talk", "gather", "peers"][:path]:
        if step == "gather":
            for branch in ("self", "boss", "badge"):
                told.answer(f"gather.{branch}")
        elif step == "peers":
            for peer in ("dan", "eve"):
                told.answer(f"peers[{peer}]")
        else:
            told.answer(step)
    assert told.case.outcome is None
    return told


def moved(told, new, how=BY_NAME, now=None):
    found = migrate(told.definition, new, told.case, how, now or told.now, told.org)
    assert isinstance(found, Moved), found
    assert is_whole(new, found.step.snapshot)
    return found


def asked(found, kind):
    return [effect for effect in found.step.effects if isinstance(effect, kind)]


@pytest.mark.parametrize("place", ["plan", "talk", "gather", "peers", "sign"])
def test_a_case_moves_to_the_same_states_and_nothing_about_it_changes(place):
    told = at(place)

    found = moved(told, load(OLD, version=2))

    assert (found.step.effects, found.step.taken) == ((), ())
    assert encode(found.step.snapshot) == encode(told.case)


def test_a_renamed_state_keeps_its_task_its_owner_its_date_and_its_timers():
    told = at("talk")
    before = told.task("talk")
    new = load(OLD.replace("  talk:", "  meet:"), version=2)

    found = moved(told, new, rule({"talk": "meet"}))

    after = found.step.snapshot
    assert after.tasks == {before.key: replace(before, place="meet")}
    assert {t.rule: t.at for t in after.timers.values()} == {
        t.rule: t.at for t in told.case.timers.values()
    }
    assert {t.key for t in after.timers.values()} == {"meet#1/remind.0", "meet#1/late.0"}
    assert found.renamed == (("talk", "meet"),)
    assert asked(found, CarriedTask) == [
        CarriedTask(task=after.tasks[before.key], reworded=False, title=None, text=None)
    ]
    assert asked(found, ClosedTask) == []


def test_a_task_under_a_name_that_comes_back_never_gets_an_earlier_key():
    told = at("talk")
    second = load(OLD.replace("  talk:", "  meet:"), version=2)
    third = load(OLD.replace("  sign:", "  meet: {task: {to: hr}}\n  sign:"), version=3)
    there = moved(told, second, rule({"talk": "meet"})).step.snapshot

    back = migrate(second, third, there, rule({"meet": "talk"}), told.now, told.org)

    # `meet` exists in both, so the case is sent from it and `talk` begins anew
    assert isinstance(back, Moved)
    (task,) = back.step.snapshot.tasks.values()
    assert (task.place, task.key) == ("talk", "talk#2")


def test_a_state_that_is_gone_strands_the_case_by_name():
    told = at("talk")
    new = load(OLD.replace("  talk:", "  meet:"), version=2)

    found = migrate(told.definition, new, told.case, BY_NAME, told.now, told.org)

    assert found == Stranded(place="talk", why="the new version has nothing for it")


def test_a_case_may_stay_by_the_rule_of_its_state_or_of_all_others():
    told = at("talk")
    new = load(OLD.replace("  talk:", "  meet:"), version=2)

    for how in (rule(stay=["talk"]), rule(otherwise="stay")):
        found = migrate(told.definition, new, told.case, how, told.now, told.org)
        assert found == Stays(place="talk")


def test_a_case_that_is_sent_from_a_state_that_is_still_there_begins_the_other_one():
    told = at("talk")
    new = load(OLD, version=2)

    found = moved(told, new, rule({"talk": "sign"}))

    assert innermost(new, found.step.snapshot) == ("sign",)
    assert [effect.outcome for effect in asked(found, ClosedTask)] == ["withdrawn"]
    assert [effect.task.owners for effect in asked(found, OpenedTask)] == [("bob",)]
    assert found.anew == (("talk", "sign"),)


def test_a_case_that_is_sent_to_a_state_of_both_versions_begins_that():
    told = at("talk")
    without = "".join(
        part for part in OLD.splitlines(keepends=True) if part.strip() not in TALK_LINES
    )
    new = load(without, version=2)

    found = moved(told, new, rule({"talk": "sign"}))

    assert [effect.outcome for effect in asked(found, ClosedTask)] == ["withdrawn"]
    assert [effect.task.place for effect in asked(found, OpenedTask)] == ["sign"]


def test_a_state_of_another_kind_begins_anew():
    told = at("sign")
    steps = (
        "  sign:\n    states:\n      draft: {task: {to: manager}}\n      seal: {task: {to: hr}}\n"
    )
    new = load(OLD.replace("  sign: {task: {to: manager}}\n", steps), version=2)

    found = moved(told, new)

    assert innermost(new, found.step.snapshot) == ("sign.draft",)


def test_a_state_may_be_put_into_others_and_what_is_around_it_begins():
    told = at("sign")
    before = told.task("sign")
    steps = "  end:\n    states:\n      sign: {task: {to: manager}}\n    after: {9 days: closed}\n"
    new = load(OLD.replace("  sign: {task: {to: manager}}\n", steps), version=2)

    found = moved(told, new, rule({"sign": "end.sign"}))

    after = found.step.snapshot
    assert after.configuration == ("end", "end.sign")
    assert after.tasks == {before.key: replace(before, place="end.sign")}
    assert [timer.place for timer in after.timers.values()] == ["end"]


def test_a_case_can_be_sent_to_the_end():
    told = at("sign")

    found = moved(told, load(OLD, version=2), rule({"sign": "closed"}))

    assert found.step.snapshot.outcome == "done"
    assert found.step.snapshot.tasks == {}


def test_a_new_branch_begins_beside_those_that_run_and_a_finished_one_stays_finished():
    told = at("gather").answer("gather.self")
    branch = "      self:  {task: {to: subject}}\n"
    new = load(OLD.replace(branch, branch + "      desk:  {task: {to: hr}}\n"), version=2)

    found = moved(told, new)

    assert [effect.task.place for effect in asked(found, OpenedTask)] == ["gather.desk.task"]
    assert "gather.self.$done" in found.step.snapshot.configuration
    assert asked(found, ClosedTask) == []


def test_a_dropped_branch_is_withdrawn_and_the_others_may_be_enough_then():
    new = load(OLD.replace("      badge: {task: {to: hr}}\n", ""), version=2)
    told = at("gather").answer("gather.self")
    last = at("gather").answer("gather.self").answer("gather.boss")

    running, through = (moved(each, new, rule(drop=["gather.badge"])) for each in (told, last))

    assert [effect.task for effect in asked(running, ClosedTask)] == ["gather.badge.task#1"]
    assert running.left == ("gather.badge",)
    assert innermost(new, running.step.snapshot) == ("gather.self", "gather.boss")
    assert innermost(new, through.step.snapshot) == ("peers[dan]", "peers[eve]")


def test_a_state_that_is_no_branch_cannot_be_dropped():
    new = load(OLD.replace("  talk:", "  meet:"), version=2)
    told = at("talk")

    found = migrate(told.definition, new, told.case, rule(drop=["talk"]), told.now, told.org)

    assert isinstance(found, Stranded)
    assert "no branch of a `parallel`" in found.why


def test_two_branches_that_would_exclude_each_other_strand_the_case():
    new = load(OLD.replace("  gather:", "  ask: {task: {to: hr}}\n  gather:"), version=2)
    told = at("gather")

    found = migrate(
        told.definition, new, told.case, rule({"gather.self": "ask"}), told.now, told.org
    )

    assert isinstance(found, Stranded)
    assert "one of these only" in found.why


def test_items_of_an_each_go_on_one_by_one_and_those_of_a_new_list_join():
    told = at("peers").answer("peers[dan]")
    renamed = OLD.replace(
        "  peers:\n    each: peer in data.peers", "  circle:\n    each: p in data.peers"
    )
    new = load(renamed.replace("to: peer", "to: p"), version=2)

    found = moved(told, new, rule({"peers": "circle"}))

    snapshot = found.step.snapshot
    assert [(item.key, item.ended) for item in snapshot.items["circle"]] == [
        ("dan", "submit"),
        ("eve", None),
    ]
    assert [task.place for task in snapshot.tasks.values()] == ["circle[eve].task"]
    assert asked(found, OpenedTask) == []


def test_dates_stay_unless_the_rule_says_that_they_are_computed_again():
    told = at("peers")
    new = load(OLD.replace("due: 7 days", "due: 2 days"), version=2)

    kept, again = (moved(told, new, rule(timers=word)) for word in ("keep", "recompute"))

    assert asked(kept, MovedDue) == []
    assert [effect.due.date().isoformat() for effect in asked(again, MovedDue)] == [
        "2027-03-03",
        "2027-03-03",
    ]


def test_reminders_and_escalations_move_with_a_date_that_is_computed_again():
    told = at("talk")
    new = load(OLD.replace("due: 5 workdays", "due: 3 workdays"), version=2)

    found = moved(told, new, rule(timers="recompute"))

    days = {
        effect.timer.rule: effect.timer.at.date().isoformat() for effect in asked(found, SetTimer)
    }
    assert days == {"remind.0": "2027-03-04", "late.0": "2027-03-08"}


def test_a_reminder_finds_its_rule_by_what_it_says_and_a_new_rule_counts_from_the_opening():
    told = at("talk")
    new = load(
        OLD.replace("    remind: at due\n", "    remind: [1 workday before due, at due]\n"),
        version=2,
    )
    (was,) = [t for t in told.case.timers.values() if t.rule == "remind.0"]

    found = moved(told, new)

    by_rule = {timer.rule: timer for timer in found.step.snapshot.timers.values()}
    assert by_rule["remind.1"].at == was.at
    assert by_rule["remind.0"].at.date().isoformat() == "2027-03-05"
    assert by_rule["late.0"] == told.case.timers["talk#1/late.0"]


def test_an_escalation_that_has_fired_does_not_fire_again():
    told = at("talk")
    late = told.case.timers["talk#1/late.0"]
    told.fire(late.key)
    assert late.key not in told.case.timers
    new = load(OLD.replace("after: 2 workdays, tell: hr", "after: 1 workday, tell: hr"), version=2)

    found = moved(told, new, rule(timers="recompute"))

    assert "late.0" not in {timer.rule for timer in found.step.snapshot.timers.values()}


def test_an_open_task_goes_to_whom_a_changed_rule_names_but_not_from_who_got_it_by_hand():
    told, by_hand = at("talk"), at("talk")
    by_hand.reassign("talk", "eve")
    new = load(OLD.replace("to: manager, due: 5", "to: hr, due: 5"), version=2)

    found, kept = moved(told, new), moved(by_hand, new)

    assert [effect.task.owners for effect in asked(found, HandedOver)] == [("fay",)]
    assert asked(kept, HandedOver) == []


def test_only_texts_differ_tells_a_patch_and_the_open_task_is_reworded():
    told = at("talk")
    new = load(OLD.replace("title: Talk}", 'title: "Talk to {{ subject.name }}"}'), version=2)

    found = moved(told, new)

    assert only_texts_differ(told.definition, new)
    assert not only_texts_differ(told.definition, load(OLD.replace("5 workdays", "6 workdays")))
    assert [(effect.reworded, effect.title) for effect in asked(found, CarriedTask)] == [
        (True, "Talk to Ann")
    ]


def test_a_field_of_another_type_keeps_what_it_can_stand_for_and_strands_what_it_cannot():
    told = at("plan")
    whole, day = load(OLD, version=2, level="integer"), load(OLD, version=2, level="date")

    found = moved(told, whole)
    stranded = migrate(told.definition, day, told.case, BY_NAME, told.now, told.org)

    assert found.step.snapshot.data["level"] == 3
    assert Assigned(field="level", old="3", new=3) in found.step.taken
    assert isinstance(stranded, Stranded)
    assert "`level` wants a date" in stranded.why


def test_a_field_that_is_gone_is_told_and_left_to_the_history():
    told = at("plan")
    text = HEAD.format(version=2, level="text").replace(
        "  level: {type: text, from: start, required: false}\n", ""
    )
    new = load_text(text + "states:\n" + OLD, "review.yaml").definition

    found = moved(told, new)

    assert found.lost == ("level",)
    assert "level" not in found.step.snapshot.data
    assert Assigned(field="level", old="3", new=None) in found.step.taken


# --- on generated processes ---

seeds = given(seed=st.integers(min_value=0, max_value=SEEDS))


def standing(seed):
    """Every place at which a generated story stood, with the organisation as it was then."""
    from core_story import organisation

    for _, _, result in played(seed).steps:
        if result.snapshot.configuration and result.snapshot.outcome is None:
            yield result.snapshot, organisation()


@seeds
@PROFILE
def test_moving_to_an_identical_definition_changes_nothing(seed):
    from random import Random

    twin = Maker(Random(seed)).definition()
    for snapshot, org in standing(seed):
        found = migrate(played(seed).definition, twin, snapshot, BY_NAME, MONDAY, org)

        assert isinstance(found, Moved)
        assert (found.step.effects, found.step.taken) == ((), ())
        assert encode(found.step.snapshot) == encode(snapshot)


@given(
    seed=st.integers(0, SEEDS), other=st.integers(0, SEEDS), words=st.randoms(use_true_random=False)
)
@PROFILE
def test_whatever_is_moved_is_a_whole_tree_and_the_effects_alone_tell_its_tasks_and_timers(
    seed, other, words
):
    """From one generated process to another one, states being sent anywhere."""
    old, new = played(seed).definition, played(other).definition
    names = [state.id for state in old.states[1:] if not state.hidden]
    targets = [state.id for state in new.states[1:] if not state.hidden]
    sent = {name: words.choice(targets) for name in names if words.random() < 0.4}
    how = rule(sent, timers=words.choice(["keep", "recompute"]))
    for snapshot, org in standing(seed):
        found = migrate(old, new, snapshot, how, MONDAY + timedelta(days=9), org)
        if not isinstance(found, Moved):
            continue
        after = found.step.snapshot
        tasks, timers = dict(snapshot.tasks), dict(snapshot.timers)
        rebuilt(list(found.step.effects), tasks, timers)

        assert is_whole(new, after)
        places = set(after.configuration)
        assert {task.place for task in after.tasks.values()} <= places
        assert {timer.place for timer in after.timers.values()} <= places
        assert set(after.items) <= places
        assert set(tasks) == set(after.tasks)
        assert {key: task.owners for key, task in tasks.items()} == {
            key: task.owners for key, task in after.tasks.items()
        }
        assert {key: timer.at for key, timer in timers.items()} == {
            key: timer.at for key, timer in after.timers.items()
        }


def test_generated_migrations_reach_far_enough_to_mean_something():
    """Moves that carry something over, that begin something, and refusals: all of them come."""
    from random import Random

    found = []
    for seed in range(40):
        words = Random(seed)
        old, new = played(seed).definition, played(seed + 41).definition
        targets = [state.id for state in new.states[1:] if not state.hidden]
        names = [state.id for state in old.states[1:] if not state.hidden]
        sent = {name: words.choice(targets) for name in names if words.random() < 0.4}
        for snapshot, org in standing(seed):
            found.append(migrate(old, new, snapshot, rule(sent), MONDAY, org))

    moves = [each for each in found if isinstance(each, Moved)]
    assert len(moves) > 100
    assert any(isinstance(each, Stranded) for each in found)
    assert sum(1 for each in moves if each.kept) > 20
    assert sum(1 for each in moves if asked(each, OpenedTask)) > 20
    assert any("[" in place for each in moves for place in each.step.snapshot.configuration)


PAUSED = """
  plan: {task: {to: subject, due: 10 workdays}, remind: [3 workdays before due, at due]}
  sign: {task: {to: manager}}
  closed: {end: done}
on:
  person.paused: {pause: person.resumed}
"""


@pytest.mark.parametrize("timers", ["keep", "recompute"])
def test_a_case_on_pause_stays_so_in_a_version_that_knows_the_hold(timers):
    told = story(PAUSED).later(days=1).send("person.paused")
    to = load(PAUSED.replace("plan:", "draft:").replace("10 workdays", "12 workdays"), version=2)
    found = moved(told, to, rule({"plan": "draft"}, timers=timers))

    snapshot = found.step.snapshot
    assert snapshot.paused_since == told.now
    assert snapshot.timers == {}
    assert not asked(found, SetTimer)
    assert set(snapshot.shelf) == {"draft#1/remind.0", "draft#1/remind.1"}

    after = Story(definition=to, now=told.now, snapshot=snapshot).later(days=14)
    after.send("person.resumed")
    due = after.task("draft").due
    assert due is not None
    assert due.date().isoformat() == "2027-03-31"  # 12 working days, and ten of the pause
    assert after.case.timers["draft#1/remind.1"].at == due


def test_a_pause_that_the_new_version_does_not_know_ends_with_the_old_one():
    told = story(PAUSED).later(days=1).send("person.paused").later(days=14)

    found = moved(told, load(PAUSED.partition("on:")[0], version=2))

    assert found.step.snapshot.paused_since is None
    assert {each.timer.rule for each in asked(found, SetTimer)} == {"remind.0", "remind.1"}
    (due,) = asked(found, MovedDue)
    assert due.due.date().isoformat() == "2027-03-29"


def test_what_completed_states_are_owed_is_still_owed_under_their_new_names():
    undone = """
  {name}: {{task: {{to: subject}}, undo: {{tell: manager, title: Taken back}}}}
  sign: {{task: {{to: manager}}}}
  closed: {{end: done}}
on:
  person.left: {{end: left, undo: done_states}}
"""
    told = story(undone.format(name="plan")).answer("plan")
    assert told.case.owed == ("plan",)

    to = load(undone.format(name="draft"), version=2)
    found = moved(told, to, rule({"plan": "draft"}))

    after = Story(definition=to, now=told.now, snapshot=found.step.snapshot)
    assert [each.title for each in after.send("person.left").asked(Tell)] == ["Taken back"]
