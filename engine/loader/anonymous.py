"""`anonymous`: a promise that is taken only where it can be kept."""

from collections.abc import Iterator
from typing import Final

from engine.core.anonymity import LEAST
from engine.core.form import FieldType, Form
from engine.document import Mapping
from engine.loader.drafts import Draft
from engine.loader.findings import as_mapping, as_whole_number, as_yes_no
from engine.loader.names import check_keys
from engine.loader.scopes import World
from engine.loader.vocabulary import ANONYMOUS_KEYS

_MOST: Final = 1_000
_NAMING: Final = (FieldType.ATTEST, FieldType.FILE)


def read_anonymous(
    world: World, draft: Draft, body: Mapping, form: Form | None, *, side: bool
) -> int | None:
    """From how many people on the answers are shown; None: they keep their author."""
    entry = body.entry("anonymous")
    if entry is None:
        return None
    findings = world.findings
    least: int | None = LEAST
    if isinstance(entry.value, Mapping):
        options = as_mapping(findings, entry.value, "`anonymous`", "anonymous: {at_least: 5}")
        assert options is not None
        check_keys(findings, options, ANONYMOUS_KEYS, "`anonymous`")
        least = as_whole_number(
            findings, options.get("at_least"), "`at_least`", least=LEAST, most=_MOST
        )
    elif not as_yes_no(findings, entry.value, "`anonymous`", default=False):
        return None
    for message, help_ in _broken(draft, body, form, side=side):
        findings.add("E233", entry.key, message, help=help_)
    return least or LEAST


def _broken(
    draft: Draft, body: Mapping, form: Form | None, *, side: bool
) -> Iterator[tuple[str, str]]:
    """What would tell who gave which answer, each with the way out."""
    each = draft.parent.parent if draft.parent is not None else None
    if side or each is None or each.inner != "task":
        yield (
            "an answer is anonymous among those of several people, and this task asks one",
            "put it beside an `each`: `each: peer in data.peers`",
        )
    elif each.body.get("quorum") is not None:
        yield (
            "a `quorum` counts buttons, and the history tells who pressed which",
            "ask with a `choice` field, and decide afterwards over `answers`",
        )
    buttons = body.get("buttons")
    if len(getattr(buttons, "items", ())) > 1:
        yield (
            "the history tells who pressed which button, so an anonymous task has one",
            "make the choice a field: `{type: choice, options: [...]}`",
        )
    if body.get("sign") is not None:
        yield ("whoever signs is not anonymous", "leave out `sign` or `anonymous`")
    if form is None or not form.fields:
        yield ("an anonymous task without questions has nothing to keep apart", "add `fields`")
        return
    if form.shared:
        yield (
            f"`{min(form.shared)}` is a field of `data`, which would tell whose answer it is",
            "ask it as a question of the form's own; `peers.answers` holds all answers",
        )
    for field in form.fields:
        if field.type in _NAMING:
            yield (
                f"`{field.name}` is of type `{field.type}`, which tells who answered",
                "ask for something else",
            )
