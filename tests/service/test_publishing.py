import json

import pytest
from support.processes import LAPTOP
from support.world import World

from engine.service import PublishRefused
from engine.store.tables import DefinitionRow


def publish(world: World, source: str):
    return world.service.publish(source, "laptop.yaml", "p_eve", world.now)


def test_a_published_version_is_stored_byte_for_byte(world: World):
    published = publish(world, LAPTOP)

    (row,) = world.rows(DefinitionRow)
    assert (published.process, published.version, published.new) == ("laptop-return", 1, True)
    assert (row.source, row.sha256, row.published_by) == (LAPTOP, published.sha256, "p_eve")


def test_the_same_text_again_changes_nothing(world: World):
    first = publish(world, LAPTOP)
    again = publish(world, LAPTOP)

    assert (again.sha256, again.new) == (first.sha256, False)
    assert len(world.rows(DefinitionRow)) == 1


def test_the_same_version_with_other_content_is_refused(world: World):
    publish(world, LAPTOP)

    with pytest.raises(PublishRefused, match=r"never changes. Raise `version` to 2"):
        publish(world, LAPTOP.replace("5 workdays", "6 workdays"))


def test_an_older_version_than_the_newest_is_refused(world: World):
    publish(world, LAPTOP.replace("version: 1", "version: 3"))

    with pytest.raises(PublishRefused, match=r"older than 3.*to 4"):
        publish(world, LAPTOP)


def test_a_definition_with_errors_is_refused_with_all_of_them(world: World):
    with pytest.raises(
        PublishRefused, match=r"laptop.yaml cannot be published: .*`tenure check`"
    ) as refused:
        publish(world, LAPTOP.replace("form: received", "form: recieved"))

    assert [each.severity for each in refused.value.diagnostics] == ["error"]
    assert world.rows(DefinitionRow) == []


GAP = LAPTOP.replace(
    "role: it-desk}, form: received, due: 3 workdays}}",
    "role: it-desk}, form: received, due: 3 workdays}, "
    'on: {submit: [{if: condition == "good", go: closed}]}}',
)
MAYBE = LAPTOP.replace("due: 3 workdays", "due: 3 workdays, title: 'No. {{ ask.tracking }}'")


def test_what_check_proves_wrong_is_refused_whoever_asks(world: World):
    with pytest.raises(PublishRefused, match=r"no row .* fits when .*E401") as refused:
        publish(world, GAP)

    assert [each.code for each in refused.value.diagnostics] == ["E401"]
    assert world.rows(DefinitionRow) == []


def test_what_was_found_is_kept_with_the_version(world: World):
    published = publish(world, MAYBE)

    (row,) = world.rows(DefinitionRow)
    found = json.loads(row.findings)
    assert [each["code"] for each in found] == ["W405"]
    assert [each.code for each in published.warnings] == ["W405"]
    assert found[0]["line"] == 8
    assert "tracking" in found[0]["message"]


def test_nothing_found_is_kept_as_an_empty_list(world: World):
    publish(world, LAPTOP)

    (row,) = world.rows(DefinitionRow)
    assert row.findings == "[]"


def test_running_cases_stay_with_their_version_and_new_ones_take_the_latest(world: World):
    world.publish(LAPTOP)
    first = world.start("laptop-return")
    world.publish(LAPTOP.replace("version: 1", "version: 2"))
    second = world.start("laptop-return")

    assert world.case(first).definition_id != world.case(second).definition_id
