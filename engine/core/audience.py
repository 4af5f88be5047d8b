"""Texts for people: a placeholder tells its value only if everybody who reads it may see that."""

from collections.abc import Iterable

from engine.core.binding import rendered, values_for
from engine.core.draft import Draft, Undone
from engine.core.expression import Expr, ExpressionFailed, Template
from engine.core.form import Field
from engine.core.owners import everybody
from engine.core.places import ROOT
from engine.core.snapshot import Place
from engine.core.visibility import NOT_SHOWN, keeps_secrets, leaves, may_see, told_by

_SUBJECT = "subject"


def text_for(draft: Draft, template: Template, place: Place, people: Iterable[str]) -> str:
    """A text that is mailed to these people; raises Undone when a placeholder has no value."""
    hidden = hidden_in(draft, template, people)
    if not hidden:
        return rendered(draft, template, place)
    return _without(draft, template, place, hidden)


def text_for_operators(draft: Draft, template: Template, place: Place) -> str:
    """A text that stands on a list of incidents: all but what is sensitive."""
    hidden = frozenset(
        part
        for part in _expressions(draft, template)
        if not all(leaves(field) for field in _told(draft, part))
    )
    if not hidden:
        return rendered(draft, template, place)
    return _without(draft, template, place, hidden)


def hidden_in(draft: Draft, template: Template, people: Iterable[str]) -> frozenset[Expr]:
    """The placeholders whose value one of these people may not see, or no mail may carry.

    Nobody is somebody not yet known, who may see nothing that is not everybody's.
    """
    readers = tuple(people) or (None,)
    return frozenset(
        part
        for part in _expressions(draft, template)
        if not all(
            leaves(field) and all(_may_see(draft, field, person) for person in readers)
            for field in _told(draft, part)
        )
    )


def safe_value(draft: Draft, expr: Expr, shown: object) -> str:
    """A value as a message to operators may quote it."""
    if keeps_secrets(draft.chart.definition) and not all(
        leaves(field) for field in _told(draft, expr)
    ):
        return NOT_SHOWN
    return repr(shown)


def roles_of(draft: Draft, person: str) -> frozenset[str]:
    """The names of `people:`, and `subject`, under which `seen_by` would mean this person."""
    names = [*draft.chart.definition.people, _SUBJECT]
    return frozenset(name for name in names if person in holders(draft, name))


def holders(draft: Draft, role: str) -> tuple[str, ...]:
    """Who has a role in the case now; nobody while its rule has no answer."""
    if role == _SUBJECT:
        return () if draft.case.subject is None else (draft.case.subject,)
    try:
        return everybody(draft, draft.chart.definition.people[role], ROOT)
    except Undone:
        return ()


def _may_see(draft: Draft, field: Field, person: str | None) -> bool:
    names = () if person is None else field.seen_by or ()
    roles = [name for name in names if person in holders(draft, name)]
    return may_see(field, roles, draft.visits)


def _expressions(draft: Draft, template: Template) -> Iterable[Expr]:
    if not template.reads or not keeps_secrets(draft.chart.definition):
        return ()
    return (part for part in template.parts if isinstance(part, Expr))


def _told(draft: Draft, expr: Expr) -> Iterable[Field]:
    definition = draft.chart.definition
    return (field for path in expr.reads for field in told_by(definition, path))


def _without(draft: Draft, template: Template, place: Place, hidden: frozenset[Expr]) -> str:
    """Placeholder by placeholder, so that what nobody reads need not have a value."""
    try:
        return "".join(
            part
            if isinstance(part, str)
            else NOT_SHOWN
            if part in hidden
            else template.shown(part, values_for(draft, part, place, None))
            for part in template.parts
        )
    except ExpressionFailed as failed:
        raise Undone(
            "condition-failed",
            place,
            f"The text `{template.text}` at `{place}` cannot be written: {failed}",
        ) from failed
