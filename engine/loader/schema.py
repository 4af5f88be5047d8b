"""The JSON Schema of the language, made of the vocabulary; editors complete and explain with it."""

from typing import Any, Final

from engine.core.form import FieldType
from engine.loader import behaviour, keys, vocabulary
from engine.loader.keys import Block
from engine.loader.kinds import EACH_BODIES, KIND_KEYS, keys_of

_ID: Final = "https://tenure.dev/schema/process.json"
_DURATION: Final = (
    r"^\s*(\d+\s*(minutes?|hours?|days?|workdays?|weeks?|months?|years?)|P[0-9YMWDTH]+)\s*$"
)
_SHOWN: Final = ("state_", "process")  # blocks whose sentence is shown over a name of the author's
_BLOCKS: Final = (
    vocabulary.OWNER_KEYS,
    vocabulary.FIELD_KEYS,
    vocabulary.FORM_KEYS,
    vocabulary.TASK_KEYS,
    vocabulary.ANONYMOUS_KEYS,
    vocabulary.RETENTION_KEYS,
    behaviour.ROW_KEYS,
    behaviour.PAUSE_KEYS,
    behaviour.STAGE_KEYS,
    behaviour.EVERY_KEYS,
    behaviour.WAIT_KEYS,
    behaviour.DECIDE_KEYS,
    behaviour.START_KEYS,
    behaviour.STARTS_KEYS,
    behaviour.ADVISE_KEYS,
    vocabulary.RECORD_KEYS,
    vocabulary.MIGRATE_KEYS,
    *behaviour.EFFECTS,
)


def schema() -> dict[str, Any]:
    """A JSON Schema, draft 2020-12: every sound definition fits it, not all that fits is sound."""
    kinds = [kind for kind in KIND_KEYS if kind != "each"]
    states = [keys_of(kind) for kind in kinds]
    states += [keys_of("each", body) for body in EACH_BODIES]
    definitions = {
        **_small(),
        **{block.name: _object(block) for block in (*_BLOCKS, *states)},
    }
    top = _object(vocabulary.TOP_KEYS)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": _ID,
        **top,
        "title": "A process definition of tenure",
        "$defs": {
            **definitions,
            "state": {
                "description": "A state has exactly one kind, shown by its key.",
                "type": "object",
                "oneOf": [keys.ref(block.name) for block in states],
            },
        },
    }


def _object(block: Block) -> dict[str, Any]:
    required = [key.name for key in block.keys if key.required]
    first = block.keys[0].name
    if block.name.startswith("state_"):
        kinds = [key.name for key in block.keys if key.name in KIND_KEYS]
        required = kinds
    elif block in behaviour.EFFECTS and first not in required:
        required = [first, *required]
    made: dict[str, Any] = {
        "title": block.name.replace("_", " "),  # what editors call it when they offer it whole
        # Over a key, editors show the description of what its value fits in place of the key's own.
        ("description" if block.name.startswith(_SHOWN) else "$comment"): block.about,
        "type": "object",
        "properties": {key.name: {**_said(key.about), **key.shape} for key in block.keys},
        "additionalProperties": keys.VALUE if block.name in behaviour.OPEN_BLOCKS else False,
    }
    if required:
        made["required"] = required
    return made


def _said(about: str) -> dict[str, str]:
    """A key's sentence; editors that know Markdown set its code as code."""
    if "`" not in about:
        return {"description": about}
    return {"description": about, "markdownDescription": about}


def _small() -> dict[str, Any]:
    """Definitions that are no mappings with fixed keys; `$comment` for the reason in `_object`."""
    ref, one_or_more, named = keys.ref, keys.one_or_more, keys.named
    return {
        "expression": {
            "$comment": "An expression in CEL, such as `data.rating >= 4`.",
            "type": "string",
            "minLength": 1,
        },
        "template": {
            "$comment": "Text, with expressions in `{{ … }}`.",
            "type": ["string", "number"],
        },
        "duration": {
            "$comment": "A length of time: `10 workdays`, `2 weeks`, `4 hours`, or `P1M`.",
            "type": "string",
            "pattern": _DURATION,
        },
        "deadline": {
            "$comment": "`5 workdays`, `3 workdays before data.start_date`, or a date.",
            "type": "string",
            "minLength": 1,
        },
        "event": {
            "$comment": "An event: two words with a dot between, such as `person.left`.",
            "type": "string",
            "pattern": r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+$",
        },
        "loop": {
            "$comment": "One per item of a list: `peer in data.peers`.",
            "type": "string",
            "pattern": r"^\s*[A-Za-z_][A-Za-z0-9_]*\s+in\s+\S",
        },
        "owner": {
            "$comment": "`subject`, a name of `people`, an expression, a role or a queue.",
            "anyOf": [{"type": "string", "minLength": 1}, ref("owner_rule")],
        },
        "field": {
            "$comment": "A field: its type alone, or its options.",
            "anyOf": [
                {"enum": [t.value for t in FieldType]},
                ref("field_options"),
            ],
        },
        "fields": {
            "$comment": "Names of `data`, and questions of one's own.",
            "anyOf": [
                {
                    "type": "array",
                    "minItems": 1,
                    "items": {"anyOf": [keys.NAME, ref("questions")]},
                },
                ref("questions"),
                keys.NAME,
            ],
        },
        "questions": named({"anyOf": [ref("field"), {"type": "null"}]}),
        "exit": {
            "$comment": "A target, a row, or rows of which the first that fits is taken.",
            "anyOf": [{"type": "string", "minLength": 1}, one_or_more(ref("row"))],
        },
        "on": {
            "$comment": "What each button, outcome or event leads to.",
            "type": "object",
            "additionalProperties": ref("exit"),
        },
        "effect": {
            "$comment": "One effect.",
            "type": "object",
            "anyOf": [ref(block.name) for block in behaviour.EFFECTS],
        },
        "states": {
            "$comment": "States, in the order in which they are read.",
            **named(ref("state")),
        },
        "branches": {
            "$comment": "Named branches that run side by side.",
            **named(ref("state")),
        },
    }
