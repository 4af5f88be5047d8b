"""What differs between people, fields and forms of two versions, and between their texts."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final

from engine.core.alike import outline, same
from engine.core.expression import Template
from engine.core.form import Field, Form
from engine.core.people import ByExpression, ByQueue, ByRole, OwnerRule
from engine.versions.change import Change, Sign, arrow, listed, quoted_text


def entries(
    what: str,
    old: Mapping[str, Any],
    new: Mapping[str, Any],
    compare: Callable[[str, str, Any, Any], Iterable[Change]],
) -> Iterator[Change]:
    for name, entry in new.items():
        if name not in old:
            yield Change(sign=Sign.ADDED, what=what, name=name, says="")
        elif not same(old[name], entry):
            yield from compare(what, name, old[name], entry)
    for name in old:
        if name not in new:
            yield Change(sign=Sign.REMOVED, what=what, name=name, says="")


def owner(rule: OwnerRule) -> str:
    """An owner by the name that the author gave, or else by what stands behind it."""
    return rule.label or _source(rule)


def person_changes(what: str, name: str, was: OwnerRule, now: OwnerRule) -> Iterator[Change]:
    sources = [outline(each.source) for each in (was, now)]
    says = "is found in another way"
    if sources[0] != sources[1]:
        says = arrow(_source(was), _source(now))
    elif was.even_if_left != now.even_if_left:
        says = "is asked after the last day" if now.even_if_left else "is asked until the last day"
    yield Change(sign=Sign.CHANGED, what=what, name=name, says=says)


def _source(rule: OwnerRule) -> str:
    match rule.source:
        case ByExpression(expr=expr):
            return expr.source
        case ByRole(role=role, of=of):
            return f"role {role}" + ("" if of is None else f" of {of.source}")
        case ByQueue(queue=queue):
            return f"queue {queue}"


_GONE_OR_NEW: Final = {Sign.ADDED: "is new", Sign.REMOVED: "is gone"}
_OPTIONS: Final = ("type", "required", "min", "max", "seen_by", "until", "sensitive")


def field_changes(what: str, name: str, was: Field, now: Field) -> Iterator[Change]:
    def changed(says: str, *, text: bool = False) -> Change:
        return Change(sign=Sign.CHANGED, what=what, name=name, says=says, text=text)

    for option in _OPTIONS:
        before, after = getattr(was, option), getattr(now, option)
        if before != after:
            yield changed(f"{option} {arrow(word(before), word(after))}")
    for offered in now.options:
        if offered not in was.options:
            yield changed(f"option {offered} is new")
    for offered in was.options:
        if offered not in now.options:
            yield changed(f"option {offered} is gone")
    for option in ("columns", "required_if", "prefill", "compute", "from_start", "redact_after"):
        if not same(getattr(was, option), getattr(now, option)):
            yield changed(f"{option} changes")
    if was.anchors != now.anchors:
        yield changed("its marks have other words", text=True)
    yield from texts(what, name, was, now, ("label", "help"))


def form_changes(what: str, name: str, was: Form, now: Form) -> Iterator[Change]:
    yield from texts(what, name, was, now, ("title", "intro"))
    before = {field.name: field for field in was.fields}
    after = {field.name: field for field in now.fields}
    own = was.shared | now.shared
    for change in entries("field", before, after, field_changes):
        if change.sign is Sign.CHANGED and change.name in own:
            continue  # told where the field of `data` is
        yield Change(
            sign=Sign.CHANGED,
            what=what,
            name=name,
            says=f"{change.name} {change.says or _GONE_OR_NEW[change.sign]}",
            text=change.text,
        )
    if list(before) != list(after) and set(before) == set(after):
        yield Change(sign=Sign.CHANGED, what=what, name=name, says="asks in another order")


def texts(what: str, name: str, was: Any, now: Any, parts: tuple[str, ...]) -> Iterator[Change]:
    for part in parts:
        before, after = getattr(was, part), getattr(now, part)
        if not same(before, after):
            says = f"{called(part)} {arrow(quoted_text(before), quoted_text(after))}"
            yield Change(sign=Sign.CHANGED, what=what, name=name, says=says, text=True)


def called(part: str) -> str:
    return "about_minutes" if part == "minutes" else part


def word(value: Any) -> str | None:
    match value:
        case None:
            return None
        case bool():
            return "yes" if value else "no"
        case float():
            return f"{value:g}"
        case tuple():
            return listed(value)
        case Template():
            return value.text
        case _:
            return str(getattr(value, "value", value))
