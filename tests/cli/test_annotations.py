"""`check` for code hosts: SARIF 2.1.0 and GitHub's notes, and what `--fix` writes."""

import json
import os
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

FAULTS = Path(__file__).parents[1] / "verify" / "faults"
# What SARIF 2.1.0 (OASIS, section 3) asks of the parts that are written, and no other parts.
_TEXT = {"type": "object", "required": ["text"], "additionalProperties": False,
         "properties": {"text": {"type": "string", "minLength": 1}, "markdown": {"type": "string"}}}  # fmt: skip
_POSITIVE = {"type": "integer", "minimum": 1}
_ARTIFACT = {"type": "object", "required": ["uri"], "additionalProperties": False,
             "properties": {"uri": {"type": "string", "pattern": r"^[^\s\\]+$"}}}  # fmt: skip
_PLACE = {
    "type": "object", "required": ["artifactLocation", "region"], "additionalProperties": False,
    "properties": {
        "artifactLocation": _ARTIFACT,
        "region": {"type": "object", "required": ["startLine"], "additionalProperties": False,
                   "properties": {"startLine": _POSITIVE, "startColumn": _POSITIVE,
                                  "endLine": _POSITIVE, "endColumn": _POSITIVE}},
    },
}  # fmt: skip
_LOCATION = {"type": "object", "additionalProperties": False,
             "properties": {"physicalLocation": _PLACE, "message": _TEXT,
                            "id": {"type": "integer", "minimum": 0}}}  # fmt: skip
_LEVEL = {"enum": ["none", "note", "warning", "error"]}
_RULE = {
    "type": "object", "required": ["id"], "additionalProperties": False,
    "properties": {"id": {"type": "string"}, "shortDescription": _TEXT, "help": _TEXT,
                   "defaultConfiguration": {"type": "object", "additionalProperties": False,
                                            "properties": {"level": _LEVEL}}},
}  # fmt: skip
_RESULT = {
    "type": "object", "required": ["message"], "additionalProperties": False,
    "properties": {
        "ruleId": {"type": "string"}, "ruleIndex": {"type": "integer", "minimum": 0},
        "level": _LEVEL, "message": _TEXT, "locations": {"type": "array", "items": _LOCATION},
        "relatedLocations": {"type": "array", "items": _LOCATION},
    },
}  # fmt: skip
_RUN = {
    "type": "object", "required": ["tool", "results"], "additionalProperties": False,
    "properties": {
        "tool": {"type": "object", "required": ["driver"], "properties": {"driver": {
            "type": "object", "required": ["name"], "additionalProperties": False,
            "properties": {"name": {"type": "string"}, "version": {"type": "string"},
                           "rules": {"type": "array", "items": _RULE, "uniqueItems": True}}}}},
        "columnKind": {"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
        "artifacts": {"type": "array", "items": {"type": "object", "properties": {"location": _ARTIFACT}}},
        "results": {"type": "array", "items": _RESULT},
        "properties": {"type": "object"},
    },
}  # fmt: skip
SARIF = {
    "type": "object", "required": ["version", "runs"], "additionalProperties": False,
    "properties": {"$schema": {"type": "string", "format": "uri"}, "version": {"const": "2.1.0"},
                   "runs": {"type": "array", "items": _RUN}},
}  # fmt: skip


def test_sarif_has_each_problem_with_its_rule_and_place(run):
    ran = run("check", FAULTS, "--format", "sarif")
    log = json.loads(ran.out)
    told = json.loads(run("check", FAULTS, "--format", "json").out)

    Draft202012Validator(SARIF).validate(log)
    assert ran.code == 1
    (only,) = log["runs"]
    rules = only["tool"]["driver"]["rules"]
    assert len(only["results"]) == len(told) > 40
    for result, found in zip(only["results"], told, strict=True):
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"] == found["code"]
        region = result["locations"][0]["physicalLocation"]["region"]
        assert region["startLine"] == found["line"]
        assert (region["startColumn"], region["endColumn"]) == (
            found["column"],
            found["end_column"],
        )
        assert (region["endLine"], region["endColumn"]) >= (
            region["startLine"],
            region["startColumn"],
        )


def test_sarif_explains_each_rule_with_a_wrong_and_a_right_example(run):
    log = json.loads(run("check", FAULTS, "--format", "sarif").out)

    for rule in log["runs"][0]["tool"]["driver"]["rules"]:
        assert "Wrong:" in rule["help"]["text"], rule["id"]
        assert "```yaml" in rule["help"]["markdown"], rule["id"]


def test_sarif_of_sound_files_is_an_empty_run_with_its_bound(run, review):
    log = json.loads(run("check", review, "--format", "sarif").out)

    Draft202012Validator(SARIF).validate(log)
    assert log["runs"][0]["results"] == []
    assert "situations of at most" in log["runs"][0]["properties"]["explored"][str(review)]


def test_names_of_files_with_spaces_are_addresses_in_sarif(run, tmp_path, monkeypatch):
    (tmp_path / "a b.yaml").write_text("process: a\n")
    monkeypatch.chdir(tmp_path)
    log = json.loads(run("check", "a b.yaml", "--format", "sarif").out)

    place = log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "a%20b.yaml"


def test_github_gets_one_line_for_each_problem(run):
    ran = run("check", FAULTS, "--format", "github")
    lines = ran.out.splitlines()

    assert len(lines) == len(json.loads(run("check", FAULTS, "--format", "json").out))
    assert all(line.startswith(("::error file=", "::warning file=")) for line in lines)
    two = next(line for line in lines if "two-branches" in line)
    assert "line=9,col=11,endLine=9,endColumn=14,title=E415::a case can get stuck" in two
    assert "%0Atests:%0A" in two


@pytest.fixture
def slips(tmp_path: Path) -> Path:
    file = tmp_path / "slips.yaml"
    file.write_text(
        "process: review # mine\nversion: 1\npeople: {manager: subject.manager}\n"
        "states:\n  rate: {taks: {to: manger}}\n  closed: {end: done}\n"
    )
    file.chmod(0o640)
    return file


def test_fix_mends_the_file_and_shows_what_it_changed(run, slips):
    ran = run("check", "--fix", slips)

    assert ran.code == 0
    assert "-  rate: {taks: {to: manger}}" in ran.out
    assert "+  rate: {task: {to: manager}}" in ran.out
    assert f"mended 2 errors in {slips}" in ran.out
    assert ran.out.endswith("checked 1 file: 0 errors, 0 warnings\n")
    assert slips.read_text().startswith("process: review # mine\n")
    assert slips.stat().st_mode & 0o777 == 0o640
    assert os.listdir(slips.parent) == [slips.name]  # noqa: PTH208 - hidden files count


def test_fix_leaves_what_only_the_author_can_know(run, tmp_path):
    file = tmp_path / "a.yaml"
    text = "process: a\nversion: 1\nstates:\n  rate: {task: {to: nobody}}\n  closed: {end: done}\n"
    file.write_text(text)
    ran = run("check", "--fix", file)

    assert ran.code == 1
    assert file.read_text() == text
    assert "mended" not in ran.out


def test_fix_keeps_other_formats_clean(run, slips):
    ran = run("check", "--fix", slips, "--format", "json")

    assert json.loads(ran.out) == []
