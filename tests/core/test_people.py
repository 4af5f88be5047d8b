"""Owners: rules, fallbacks, stand-ins, four eyes, queues, and what a change of the directory does."""

import pytest
from core_charts import Charts, S, done, final
from core_story import Organisation, Story, organisation

from engine.core.chart import TellPeople
from engine.core.effects import HandedOver, OpenIncident, Tell
from engine.core.form import FieldType
from engine.core.people import OnOwnerChange, OwnerRule, Pick


def one_task(
    rule: OwnerRule, charts: Charts, org: Organisation | None = None, **more: object
) -> Story:
    story = Story(
        definition=charts.define(
            S(name="first", task=charts.task("subject.manager"), on=[done("do_it")]),
            S(name="do_it", task=charts.task(rule, **more), on=[done("closed")]),
            final("closed"),
        ),
        org=org or organisation(),
    )
    return story.start().answer("first")


CHARTS = Charts(
    {"buddy": FieldType.PERSON, "peers": FieldType.PEOPLE},
    names={"first": Charts().environment.scope["event"]},
)


@pytest.mark.parametrize(
    ("rule", "owners"),
    [
        (CHARTS.owner("subject"), ("ann",)),
        (CHARTS.owner("subject.manager.manager"), ("cy",)),
        (CHARTS.owner("case.opened_by"), ("fay",)),
        (CHARTS.owner("role:hr"), ("fay",)),
        (CHARTS.owner("role:hr", pick=Pick.ALL), ("fay", "dan")),
        (CHARTS.owner("role:none", if_nobody=[CHARTS.owner("subject")]), ("ann",)),
        (CHARTS.owner("data.buddy", if_nobody=[CHARTS.owner("role:hr")]), ("fay",)),
        (CHARTS.owner("role:hr", no=["case.opened_by"]), ("dan",)),
        (
            CHARTS.owner(
                "subject.manager", no=["first.done_by"], if_nobody=[CHARTS.owner("role:hr")]
            ),
            ("fay",),
        ),
    ],
    ids=lambda each: getattr(each, "label", None),
)
def test_a_rule_gives_its_owners(rule: OwnerRule, owners: tuple[str, ...]) -> None:
    assert one_task(rule, CHARTS).task("do_it").owners == owners


def test_nobody_found_opens_the_task_and_asks_operations() -> None:
    story = one_task(CHARTS.owner("role:none"), CHARTS)

    assert story.task("do_it").owners == ()
    (incident,) = story.asked(OpenIncident)
    assert (incident.code, incident.blocking) == ("no-owner", False)
    assert "role:none" in incident.message
    assert "ann" in incident.message
    story.org.roles["none"] = ("eve",)
    story.directory_changes()
    assert story.task("do_it").owners == ("eve",)


@pytest.mark.parametrize(
    ("absent", "owner"),
    [
        ({"bob": "dan"}, "dan"),
        ({"bob": "dan", "dan": "eve"}, "eve"),
        ({"bob": "dan", "dan": "eve", "eve": "fay", "fay": "cy"}, "fay"),
        ({"bob": "dan", "dan": "bob"}, "bob"),
        ({"bob": "gone"}, "bob"),
        ({"bob": "gus"}, "bob"),
        ({"bob": "dan", "dan": "gus"}, "dan"),
        ({"bob": "ann"}, "bob"),
    ],
    ids=[
        "one",
        "two",
        "at most three",
        "a circle",
        "unknown",
        "has left",
        "the second has left",
        "excluded by four eyes",
    ],
)
def test_an_absent_owner_is_represented(absent: dict[str, str], owner: str) -> None:
    org = organisation()
    org.managers["gus"] = "bob"
    org.left = {"gus"}
    story = one_task(CHARTS.owner("subject.manager", no=["subject"]), CHARTS, org)
    org.absent = absent
    story.directory_changes()

    assert story.task("do_it").owners == (owner,)


def test_four_eyes_hold_when_the_task_is_handed_on_and_when_it_is_answered() -> None:
    story = one_task(
        CHARTS.owner("role:hr", no=["data.buddy"]), Charts({"buddy": FieldType.PERSON})
    )
    assert story.last.effects[-1].code == "condition-failed"
    charts = Charts({"buddy": FieldType.PERSON})
    story = Story(
        definition=charts.define(
            S(
                name="do_it",
                task=charts.task(charts.owner("role:hr", no=["data.buddy"])),
                on=[done("closed")],
            ),
            final("closed"),
        )
    ).start(buddy="eve")
    before = story.case
    story.reassign("do_it", "eve")
    assert [e.code for e in story.asked(OpenIncident)] == ["four-eyes"]
    assert story.snapshot is before
    story.case.data["buddy"] = "fay"
    story.answer("do_it", by="fay")
    assert [e.code for e in story.asked(OpenIncident)] == ["four-eyes"]
    assert (story.snapshot, story.last.taken) == (before, ())


def test_a_member_claims_a_task_from_its_queue_and_only_one_has_it() -> None:
    story = one_task(CHARTS.owner("queue:it"), CHARTS)
    assert (story.task("do_it").owners, story.task("do_it").queue) == ((), "it")
    story.claim("do_it", "ann")
    assert story.last.effects == ()
    story.claim("do_it", "eve")
    assert story.task("do_it").owners == ("eve",)
    story.claim("do_it", "dan")
    assert story.last.effects == ()
    story.org.queues["it"] = ("dan",)
    story.directory_changes()
    assert story.task("do_it").owners == ()


@pytest.mark.parametrize(
    ("policy", "owners"),
    [
        (OnOwnerChange.REASSIGN, ("cy",)),
        (OnOwnerChange.KEEP, ("bob",)),
        (OnOwnerChange.CO_OWN, ("bob", "cy")),
    ],
)
def test_an_open_task_follows_the_directory(policy: OnOwnerChange, owners: tuple[str, ...]) -> None:
    story = one_task(CHARTS.owner("subject.manager"), CHARTS, on_owner_change=policy)
    story.org.managers["ann"] = "cy"
    story.directory_changes()

    assert story.task("do_it").owners == owners
    assert len(story.asked(HandedOver)) == (0 if policy is OnOwnerChange.KEEP else 1)


@pytest.mark.parametrize("policy", OnOwnerChange)
@pytest.mark.parametrize("forgotten", [True, False], ids=["unknown now", "has left"])
def test_no_task_stays_with_somebody_who_left(policy: OnOwnerChange, forgotten: bool) -> None:
    story = one_task(CHARTS.owner("subject.manager"), CHARTS, on_owner_change=policy)
    leave(story, "bob", forgotten=forgotten)
    story.org.managers["ann"] = "cy"
    story.directory_changes()

    assert story.task("do_it").owners == ("cy",)


def leave(story: Story, person: str, *, forgotten: bool = False) -> None:
    if forgotten:
        del story.org.managers[person]
    else:
        story.org.left.add(person)


def test_a_rule_that_names_somebody_who_has_left_gives_its_fallback() -> None:
    org = organisation()
    org.left = {"cy"}
    rule = CHARTS.owner("subject.manager.manager", if_nobody=[CHARTS.owner("role:hr")])

    assert one_task(rule, CHARTS, org).task("do_it").owners == ("fay",)


def test_a_stand_in_does_not_act_for_somebody_who_has_left() -> None:
    org = organisation()
    org.left, org.absent = {"cy"}, {"cy": "eve"}

    story = one_task(CHARTS.owner("subject.manager.manager"), CHARTS, org)

    assert story.task("do_it").owners == ()
    assert [each.code for each in story.asked(OpenIncident)] == ["no-owner"]


def test_a_task_cannot_be_given_to_somebody_who_has_left() -> None:
    story = one_task(CHARTS.owner("subject.manager"), CHARTS)
    leave(story, "eve")
    before = story.case
    story.reassign("do_it", "eve")

    (incident,) = story.asked(OpenIncident)
    assert (incident.code, story.snapshot) == ("no-owner", before)
    assert "nobody of that id works here" in incident.message


def test_what_a_person_gave_away_is_not_given_back_by_the_directory() -> None:
    story = one_task(CHARTS.owner("subject.manager"), CHARTS).reassign("do_it", "eve")
    assert story.asked(HandedOver)[0].before == ("bob",)
    story.directory_changes()
    assert story.task("do_it").owners == ("eve",)
    leave(story, "eve")
    story.directory_changes()
    assert story.task("do_it").owners == ("bob",)


def test_a_directory_that_changes_nothing_here_changes_nothing() -> None:
    story = one_task(CHARTS.owner("subject.manager"), CHARTS)
    before = story.case
    story.directory_changes()

    assert story.snapshot is before
    assert (story.last.taken, story.last.effects) == ((), ())


def test_a_message_goes_to_people_and_a_message_to_nobody_is_an_incident() -> None:
    tell = TellPeople(to=CHARTS.owner("queue:it"), title=None, text=None, about_task=False)
    lost = TellPeople(to=CHARTS.owner("role:none"), title=None, text=None, about_task=False)
    story = Story(
        definition=CHARTS.define(
            S(name="tell_it", entry=(tell, lost), on=[done("closed")]), final("closed")
        )
    ).start()

    (told,) = story.asked(Tell)
    assert (told.to, told.title) == (("eve", "dan"), "Tell it")
    assert [each.code for each in story.asked(OpenIncident)] == ["no-receiver"]
    assert story.ended == "closed"


def test_a_role_of_the_process_is_read_by_its_name() -> None:
    charts = Charts(names={"boss": CHARTS.environment.scope["subject"]})
    story = Story(
        definition=charts.define(
            S(name="do_it", task=charts.task("boss.manager"), on=[done("closed")]),
            final("closed"),
            people={"boss": charts.owner("subject.manager")},
        )
    ).start()

    assert story.task("do_it").owners == ("cy",)
