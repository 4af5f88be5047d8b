"""`advise:` - an analytic whose findings go to a person; to everything else it is their task."""

from typing import Final

from engine.core.advice import CATALOGUE, Advice
from engine.core.expression import NUMBER, TEXT
from engine.document import Entry, Mapping, Node, Scalar, Sequence
from engine.document import Span as Place
from engine.loader.behaviour import ADVISE_KEYS
from engine.loader.effects import described, read_values
from engine.loader.findings import Findings, as_mapping, as_text, unknown
from engine.loader.names import check_keys
from engine.loader.scopes import Scope, World

_EXAMPLE: Final = "{run: span_of_control, to: hrbp}"
_OWN: Final = ("run", "with")
_BUTTONS: Final = ("accept", "dismiss", "other")


def as_task(findings: Findings, body: Mapping) -> Mapping:
    """The state with a `task` in place of its `advise`: the person decides, and says why."""
    entry = body.entry("advise")
    assert entry is not None
    asked = as_mapping(findings, entry.value, "`advise`", _EXAMPLE)
    if asked is None:
        asked = Mapping(entries=(), span=entry.value.span)
    else:
        check_keys(findings, asked, ADVISE_KEYS, "`advise`")
    known = ADVISE_KEYS.names
    kept = [each for each in asked.entries if each.name in known and each.name not in _OWN]
    at = entry.key.span
    if asked.get("buttons") is None:
        buttons = Sequence(items=tuple(_word(at, name) for name in _BUTTONS), span=at)
        kept.append(Entry(key=_word(at, "buttons"), value=buttons))
    kept.append(Entry(key=_word(at, "fields"), value=_reason(at)))
    task = Entry(key=_word(at, "task"), value=Mapping(entries=tuple(kept), span=asked.span))
    others = tuple(each for each in body.entries if each is not entry)
    return Mapping(entries=(task, *others), span=body.span)


def read_advice(world: World, node: Node, scope: Scope) -> Advice | None:
    """Which analytic runs, and with what; None for one that does not exist."""
    if not isinstance(node, Mapping) or (run := node.get("run")) is None:
        return None  # `as_task` has said so
    name = as_text(world.findings, run, "`run`", "run: span_of_control")
    if name is None:
        return None
    contract = CATALOGUE.get(name.text)
    if contract is None:
        unknown(world.findings, "E205", run, "the analytic", name.text, known=CATALOGUE)
        return None
    given = node.get("with")
    parameters = read_values(world, given, scope, "`with`", may_be_empty=False)
    for entry in given.entries if isinstance(given, Mapping) else ():
        usual = contract.parameters.get(entry.name)
        value = parameters.get(entry.name)
        if usual is None:
            unknown(
                world.findings,
                "E202",
                entry.key,
                f"the parameter of `{name.text}`",
                entry.name,
                known=contract.parameters,
            )
        elif value is not None:
            wanted = TEXT if isinstance(usual, str) else NUMBER
            if value.type.kind is not wanted.kind:
                gives = described(value.type)
                world.findings.add(
                    "E304",
                    entry.value,
                    f"`{entry.name}` is {described(wanted)}, and this gives {gives}",
                    help=f"it is {usual} if you leave it out",
                )
    return Advice(analytic=name.text, parameters=parameters)


def _reason(at: Place) -> Mapping:
    """`reason: {type: longtext, min: 10, label: …}`."""
    options = (
        Entry(key=_word(at, "type"), value=_word(at, "longtext")),
        Entry(key=_word(at, "label"), value=_word(at, "Why do you decide so?")),
        Entry(key=_word(at, "min"), value=Scalar(value=10, text="10", span=at)),
    )
    question = Entry(key=_word(at, "reason"), value=Mapping(entries=options, span=at))
    return Mapping(entries=(question,), span=at)


def _word(at: Place, text: str) -> Scalar:
    return Scalar(value=text, text=text, span=at)
