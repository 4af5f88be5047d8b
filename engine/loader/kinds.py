"""What a state can be, and which keys go with each kind."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from engine.loader.keys import (
    CONDITION,
    COUNT,
    NAME,
    TEMPLATE,
    TEXT,
    VALUES,
    Block,
    Key,
    Shape,
    key,
    named,
    one_or_more,
    ref,
    some,
)

KIND_KEYS: Final[Mapping[str, Key]] = MappingProxyType(
    {
        one.name: one
        for one in (
            key("task", ref("task"), "One person, one answer."),
            key(
                "each",
                ref("loop"),
                "One instance per item, also items added later: `peer in data.peers`.",
            ),
            key("parallel", ref("branches"), "Named branches that run side by side."),
            key("states", ref("states"), "States inside this state; the first is entered."),
            key("wait", ref("wait"), "Waits for an event or a date."),
            key("decide", {"anyOf": [some(ref("row")), ref("decide")]}, "A decision table."),
            key("do", one_or_more(ref("effect")), "Automatic effects, in order."),
            key("start", ref("start"), "Opens cases of another process."),
            key("advise", ref("advise"), "Runs a named analytic, whose findings go to a person."),
            key("end", NAME, "Closes the compound, branch or case with this outcome."),
        )
    }
)

_ROWS: Final[Shape] = ref("exit")

_COMMON: Final[Mapping[str, Key]] = MappingProxyType(
    {
        one.name: one
        for one in (
            key("title", TEMPLATE, "What people read; made from the name if absent."),
            key(
                "text",
                TEMPLATE,
                "A paragraph of the task; elsewhere a note for readers of the file.",
            ),
            key("if", CONDITION, "The state is passed over unless this holds."),
            key("unless", CONDITION, "The state is passed over when this holds."),
            key("on", ref("on"), "What each button, outcome or event leads to."),
            key("then", _ROWS, "Where to go when the state completes; the next state if absent."),
            key("set", VALUES, "Fields of the case file that change when the state completes."),
            key(
                "remind",
                one_or_more(TEXT),
                "`3 workdays before due`, `at due`, `every 2 workdays after due`.",
            ),
            key(
                "late",
                one_or_more(ref("stage")),
                "Stages of escalation, each once, counted from the due date.",
            ),
            key(
                "after",
                {"type": "object", "additionalProperties": _ROWS, "minProperties": 1},
                "Where to go some time after entry: `{10 workdays: target}`.",
            ),
            key(
                "every",
                one_or_more(ref("every")),
                "A task or effects that come again while the state lasts.",
            ),
            key(
                "undo",
                {"anyOf": [one_or_more(ref("effect")), {"enum": ["done_states"]}]},
                "Effects that take back what the state did; at an `end` `done_states`.",
            ),
            key("resume", {"enum": ["last"]}, "`last`: entered again where it was left."),
            key(
                "enough", {"anyOf": [TEXT, COUNT]}, "How many are enough: `3`, `80%` or `3 or 80%`."
            ),
            key(
                "enough_if",
                CONDITION,
                "Enough when this holds, over `done`, `total` and `answers`.",
            ),
            key(
                "quorum",
                {
                    "type": "object",
                    "additionalProperties": {
                        "anyOf": [COUNT, {"enum": ["any", "none"]}, named(COUNT)]
                    },
                },
                "How many must choose a button, what a refusal means: `{approve: 2, veto: any}`.",
            ),
        )
    }
)

_LASTING: Final = (
    "title",
    "text",
    "if",
    "unless",
    "on",
    "then",
    "set",
    "late",
    "after",
    "every",
    "undo",
)
_PASSING: Final = ("title", "text", "if", "unless", "then", "set", "undo")

_ALLOWED: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "task": (*_LASTING, "remind"),
        "each": (*_LASTING, "enough", "enough_if", "quorum"),
        "parallel": (*_LASTING, "enough", "enough_if"),
        "states": (*_LASTING, "resume"),
        "wait": _LASTING,
        "decide": ("title", "text", "if", "unless", "set", "undo"),
        "do": _PASSING,
        "start": _LASTING,
        "advise": (*_LASTING, "remind"),
        "end": ("title", "text", "set", "undo"),
    }
)

EACH_BODIES: Final = ("task", "states", "parallel", "wait", "decide", "do", "start")


def keys_of(kind: str, body: str | None = None) -> Block:
    """The keys of a state of this kind; of an `each` with that body."""
    names = [kind, *_ALLOWED[kind]]
    if body is not None:
        names += [body, *(n for n in _ALLOWED[body] if n not in names)]
    keys = tuple(KIND_KEYS[n] if n in KIND_KEYS else _COMMON[n] for n in dict.fromkeys(names))
    return Block(
        name=f"state_{kind}" if body is None else f"state_{kind}_{body}",
        about=KIND_KEYS[kind].about,
        keys=keys,
    )


STATE_KEYS: Final = tuple(dict.fromkeys((*KIND_KEYS, *_COMMON)))
