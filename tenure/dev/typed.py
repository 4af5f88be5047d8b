"""Steps and values that an author types as they would stand in a test."""

from typing import Any

from engine.document import DocumentRefused, parse
from engine.loader.later import plain
from engine.scenarios import NotAsWritten, PlayStep


def one_step(text: str) -> PlayStep:
    if ":" not in text:
        return PlayStep(name=text, value=None)
    found = _parsed(text)
    if not isinstance(found, dict) or len(found) != 1:
        raise NotAsWritten(
            "Write one step on one line, such as `signal: {calibration.published: {}}`."
        )
    ((name, value),) = found.items()
    return PlayStep(name=name, value=value)


def anything(text: str, what: str) -> Any:
    """The value of a key; None where nothing is typed."""
    found = _parsed(f"{what}: {text.strip()}") if text.strip() else None
    return found.get(what) if isinstance(found, dict) else None


def written(text: str, what: str) -> dict[str, Any]:
    value = anything(text.strip() or "{}", what)
    if not isinstance(value, dict):
        raise NotAsWritten(f"Write `{what}:` as `{{name: value, …}}`, as it stands in a test.")
    return value


def _parsed(text: str) -> Any:
    try:
        document = parse(text, "what you typed")
    except DocumentRefused as refused:
        raise NotAsWritten(" ".join(found.message + "." for found in refused.diagnostics)) from None
    return plain(document.root)
