"""The page about versions: its definitions load, and what it says a plan tells is what it tells."""

import os
import re
from pathlib import Path

import pytest

from engine.loader import load_text
from tenure.cli import main

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "versions.md"
PEOPLE = (
    "number,name,email,manager,location,country,zone,roles\n"
    "1,Cy Boss,cy@example.com,,Berlin,DE,Europe/Berlin,head-of-hr\n"
    "2,Bob Ray,bob@example.com,1,Berlin,,,\n"
    "3,Ann Lee,ann@example.com,2,Berlin,,,\n"
    "4,Dan Fox,dan@example.com,2,Berlin,,,\n"
)


def blocks() -> tuple[str, str, str, str]:
    """Version 1, version 2, and the two `migrate:` blocks."""
    found = re.findall(r"```yaml\n(.*?)```", PAGE.read_text("utf-8"), flags=re.DOTALL)
    return tuple(found)


def told(number: int) -> str:
    text = PAGE.read_text("utf-8")
    return re.search(rf"<!-- told: {number} -->\n```text\n(.*?)```", text, flags=re.DOTALL)[1]


@pytest.fixture
def said(tmp_path, capsys, monkeypatch):
    """What a command prints, with three cases of version 1 running."""
    monkeypatch.setenv("TENURE_HOME", str(tmp_path / "home"))
    (tmp_path / "people.csv").write_text(PEOPLE, "utf-8")
    (tmp_path / "one.yaml").write_text(blocks()[0], "utf-8")

    def run(*words: object) -> str:
        main([str(word) for word in words])
        return capsys.readouterr().out

    run("people", "import", tmp_path / "people.csv", "--yes")
    run("publish", tmp_path / "one.yaml")
    for number, button in (("3", "submit"), ("4", "skip"), ("2", None)):
        run("start", "mid-year", number)
        if button is not None:
            (task,) = re.findall(r"^([0-9a-f]{30})", run("tasks", "--person", number), re.MULTILINE)
            run("answer", task, "--by", number, "--press", button)
    return run


def test_the_definitions_of_the_page_load():
    one, two, migrate, _ = blocks()

    for text in (one, two, two + migrate):
        loaded = load_text(text, "mid-year.yaml")
        assert (loaded.diagnostics, loaded.definition.process) == ((), "mid-year")
    assert load_text(two + migrate, "mid-year.yaml").migrations[0].version == 1


def test_the_example_of_every_key_of_migrate_is_read():
    text = blocks()[1].replace("version: 2", "version: 3").replace("hrbp_signoff", "second_look")

    (written,) = load_text(text + blocks()[3], "mid-year.yaml").migrations

    assert [(each.old, each.to) for each in written.sent] == [
        ("upward_review", "second_look"),
        ("pilot", "stay"),
        ("look.badge", "drop"),
    ]
    assert (written.timers.value, written.otherwise.value) == ("keep", "refuse")


def test_what_the_page_says_a_plan_tells_is_what_it_tells(said, tmp_path):
    _, two, migrate, _ = blocks()
    file = tmp_path / "mid-year.yaml"
    outputs = []
    for text, words in ((two, ()), (two + migrate, ("--save", tmp_path / "plan.json"))):
        file.write_text(text, "utf-8")
        outputs.append(said("plan", file, *words).replace(str(tmp_path / "plan.json"), "plan.json"))
    if os.environ.get("TENURE_WRITE_DOCS"):
        text = PAGE.read_text("utf-8")
        for number, output in zip((2, 3), outputs, strict=True):
            text = re.sub(
                rf"(<!-- told: {number} -->\n```text\n).*?```",
                lambda found: f"{found[1]}{output}```",  # noqa: B023 - called at once
                text,
                flags=re.DOTALL,
            )
        PAGE.write_text(text, "utf-8")

    assert [told(2), told(3)] == outputs


def test_the_example_of_the_language_page_is_read():
    page = PAGE.with_name("language.md").read_text("utf-8")
    block = re.search(r"```yaml\n(migrate:\n.*?)```", page, flags=re.DOTALL)[1]
    text = blocks()[1].replace("version: 2", "version: 3").replace("hrbp_signoff", "second_look")

    loaded = load_text(text + block, "mid-year.yaml")

    assert loaded.diagnostics == ()
    assert [(each.old, each.to) for each in loaded.migrations[0].sent] == [
        ("upward_review", "second_look"),
        ("pilot", "stay"),
    ]
