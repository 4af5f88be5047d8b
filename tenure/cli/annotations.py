"""What `check` found, in the forms in which code hosts show it beside the lines."""

from collections.abc import Iterable, Sequence
from importlib.metadata import version
from pathlib import PurePath
from typing import Any, Final
from urllib.parse import quote

from engine.document import Diagnostic, Severity, Span
from tenure.cli.definitions import Opened
from tenure.cli.examples import EXAMPLES
from tenure.cli.explaining import LONGEST_EXAMPLE, MEANINGS

_SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"


def sarif(opened: Sequence[Opened]) -> dict[str, Any]:
    """A SARIF 2.1.0 log with one run: its rules are the codes that were found."""
    found = [diagnostic for one in opened for diagnostic in one.diagnostics]
    codes = sorted({diagnostic.code for diagnostic in found})
    bounds = {str(one.path): str(one.bound) for one in opened if one.bound is not None}
    return {
        "$schema": _SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "tenure",
                        "version": version("tenure"),
                        "rules": [_rule(code) for code in codes],
                    }
                },
                "columnKind": "unicodeCodePoints",
                "artifacts": [{"location": {"uri": _uri(str(one.path))}} for one in opened],
                "results": [_result(each, codes) for each in found],
                "properties": {"explored": bounds},
            }
        ],
    }


def github(opened: Sequence[Opened]) -> Iterable[str]:
    """Workflow commands: GitHub shows each as a note at its line."""
    for one in opened:
        for found in one.diagnostics:
            span = found.span
            where = f"file={_property(found.file)},line={span.line},col={span.column}"
            where += f",endLine={span.end_line}"
            if span.end_line == span.line:
                where += f",endColumn={max(span.column, span.end_column - 1)}"
            yield (
                f"::{found.severity.value} {where},title={_property(found.code)}::"
                f"{_data(_sentence(found))}"
            )


def _rule(code: str) -> dict[str, Any]:
    example = EXAMPLES.get(code)
    rule: dict[str, Any] = {
        "id": code,
        "shortDescription": {"text": MEANINGS[code]},
        "defaultConfiguration": {"level": "warning" if code.startswith("W") else "error"},
    }
    wrong = None if example is None else example.wrong
    if example is not None and isinstance(wrong, str) and 0 < len(wrong) <= LONGEST_EXAMPLE:
        rule["help"] = {
            "text": f"{MEANINGS[code]}\n\nWrong:\n\n{wrong}\nRight:\n\n{example.shown}",
            "markdown": f"{MEANINGS[code]}\n\nWrong:\n\n```yaml\n{wrong}```\n\n"
            f"Right:\n\n```yaml\n{example.shown}```\n",
        }
    else:
        rule["help"] = {"text": MEANINGS[code]}
    return rule


def _result(found: Diagnostic, codes: list[str]) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": found.code,
        "ruleIndex": codes.index(found.code),
        "level": "error" if found.severity is Severity.ERROR else "warning",
        "message": {"text": _sentence(found)},
        "locations": [_location(found.file, found.span)],
    }
    if found.also:
        result["relatedLocations"] = [
            {"id": number, "message": {"text": mark.label}, **_location(found.file, mark.span)}
            for number, mark in enumerate(found.also)
        ]
    return result


def _location(file: str, span: Span) -> dict[str, Any]:
    region = {
        "startLine": span.line,
        "startColumn": span.column,
        "endLine": span.end_line,
        "endColumn": span.end_column,
    }
    return {"physicalLocation": {"artifactLocation": {"uri": _uri(file)}, "region": region}}


def _sentence(found: Diagnostic) -> str:
    """The whole of what is told, in lines."""
    parts = [f"{found.message}."]
    if found.label:
        parts.append(found.label)
    if found.help:
        parts.append(f"Help: {found.help}")
    if found.test:
        parts.append(found.test.rstrip("\n"))
    return "\n".join(parts)


def _uri(file: str) -> str:
    path = PurePath(file)
    return path.as_uri() if path.is_absolute() else quote(path.as_posix())


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
