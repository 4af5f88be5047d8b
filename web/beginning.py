"""What the questions of a task start with: what is known and may be shown, or worked out for it."""

from collections.abc import Mapping
from datetime import datetime, tzinfo
from typing import Any

from engine.core.audience import roles_of
from engine.core.binding import values_for
from engine.core.draft import Draft
from engine.core.expression import Expr, ExpressionFailed
from engine.core.form import Field, FieldType, Form
from engine.core.visibility import is_hidden, may_see
from engine.forms import Typed, spelled_out, written


def beginning(draft: Draft, form: Form, place: str, person: str, zone: tzinfo) -> Typed:
    answers: dict[str, Any] = {}
    definition, roles = draft.chart.definition, roles_of(draft, person)
    for field in form.fields:
        if field.name in form.shared and field.name in draft.data:
            declared = definition.data.get(field.name, field)
            if may_see(declared, roles, draft.visits):
                answers[field.name] = draft.data[field.name]
        elif field.prefill is not None and not is_hidden(
            definition, field.prefill.reads, roles, draft.visits
        ):
            value = _prefilled(draft, field.prefill, place)
            if value is not None:
                answers[field.name] = _plain(field, value)
    return written(form, spelled_out(form.fields, answers, draft.facts.person), zone)


def _prefilled(draft: Draft, expr: Expr, place: str) -> Any:
    try:
        return expr.eval(values_for(draft, expr, place, None))
    except ExpressionFailed:
        return None


def _plain(field: Field, value: Any) -> Any:
    """What an expression gives, as an answer is stored."""
    match value:
        case datetime() if field.type is FieldType.DATE:
            return value.date().isoformat()
        case Mapping() if field.type in (FieldType.PERSON, FieldType.GUEST):
            return value.get("id")
        case list() | tuple() if field.type is FieldType.PEOPLE:
            return [one.get("id") if isinstance(one, Mapping) else one for one in value]
        case list() | tuple() if field.type is FieldType.TABLE:
            columns = {column.name: column for column in field.columns}
            return [
                {name: _plain(columns[name], one) for name, one in row.items() if name in columns}
                for row in value
                if isinstance(row, Mapping)
            ]
        case float() if value.is_integer():
            return int(value)
        case _ if hasattr(value, "isoformat"):
            return value.isoformat()
        case _:
            return value
