"""Documents say what is so: examples load, tables equal what they describe, links lead somewhere."""

import os
import re
from importlib.metadata import distributions
from pathlib import Path

import pytest

from engine.loader import load_text
from tenure.settings import Settings

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
MARK = "<!-- settings -->"


def settings_table():
    rows = ["| setting | default | meaning |", "|---|---|---|"]
    for name, field in Settings.model_fields.items():
        variable = field.validation_alias or f"TENURE_{name.upper()}"
        default = field.get_default(call_default_factory=True)
        shown = "" if default in (None, {}, "") else f"`{default}`"
        rows.append(f"| `{variable}` | {shown} | {field.description} |")
    return "\n".join(rows)


def test_the_table_of_settings_is_complete():
    page = ROOT / "docs" / "operate.md"
    before, _, rest = page.read_text("utf-8").partition(MARK)
    written, _, after = rest.partition("\n\n## ")
    if os.environ.get("TENURE_WRITE_DOCS"):
        page.write_text(f"{before}{MARK}\n\n{settings_table()}\n\n## {after}", "utf-8")
        written = f"\n\n{settings_table()}"

    assert written.strip() == settings_table()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_and_picture_leads_to_a_file(page):
    text = re.sub(r"```.*?```", "", page.read_text("utf-8"), flags=re.DOTALL)
    targets = re.findall(r"\]\(([^)#\s]+)[^)]*\)|src=\"([^\"]+)\"", text)
    here = [a or b for a, b in targets if not re.match(r"[a-z]+:", a or b)]

    assert [target for target in here if not (page.parent / target).exists()] == []


def test_the_process_of_the_tutorial_is_sound():
    text = (ROOT / "README.md").read_text("utf-8")
    source = re.search(r"```yaml\n(process: .*?)```", text, flags=re.DOTALL)[1]

    loaded = load_text(source, "laptop-return.yaml")

    assert loaded.diagnostics == ()
    assert loaded.definition.process == "laptop-return"


def test_the_error_of_the_tutorial_is_what_the_program_says():
    from engine.document import frame

    text = (ROOT / "README.md").read_text("utf-8")
    source = re.search(r"```yaml\n(process: .*?)```", text, flags=re.DOTALL)[1]
    shown = re.search(r"```text\n(error.*?)\n\nchecked", text, flags=re.DOTALL)[1]
    broken = source.replace("form: received,", "form: recieved,")

    (finding,) = load_text(broken, "laptop-return.yaml").diagnostics

    assert frame(finding, broken, color=False, unicode=True) == shown


def test_our_package_names_belong_to_this_distribution_alone():
    ours = {"analytics", "definitions", "engine", "flows", "notifications", "tenure", "web"}
    others = {
        distribution.name: found
        for distribution in distributions()
        if distribution.name != "tenure"
        for found in [{Path(str(file)).parts[0] for file in distribution.files or ()} & ours]
        if found
    }

    assert others == {}


@pytest.mark.parametrize(
    "page", sorted(ROOT.glob("docs/decisions/*.md")), ids=lambda page: page.stem
)
def test_a_decision_fits_on_a_page_and_has_its_parts(page):
    text = page.read_text("utf-8")

    assert len(text.splitlines()) <= 60
    assert "Status: " in text
    assert ("## Decision" in text, "## Context" in text, "## Consequences" in text) == (True,) * 3
