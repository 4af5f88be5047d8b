"""A form as JSON Schema (draft 2020-12): what an answer must be, for everybody who sends one."""

from typing import Any

from engine.core.form import Field, FieldType, Form

NAME_LIMIT = 200  # characters of a guest's name, and of their address
TEXT_LIMIT = 500  # characters of a line
LONGTEXT_LIMIT = 20_000  # characters of a text
ROW_LIMIT = 100  # rows of a table
ITEM_LIMIT = 200  # people or choices

_AMOUNT = r"^-?[0-9]{1,15}(\.[0-9]{1,4})?$"


def schema(form: Form) -> dict[str, Any]:
    """The schema of a form's answers.

    `required_if` and the existence of people cannot be said in it and are checked beside it.
    """
    asked = [field for field in form.fields if field.type is not FieldType.COMPUTED]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": form.name,
        "type": "object",
        "properties": {field.name: _field(field) for field in asked},
        "required": [field.name for field in asked if field.required and not field.required_if],
        "additionalProperties": False,
    }


def _field(field: Field) -> dict[str, Any]:
    return {"title": field.label, **_described(field), **_type(field)}


def _described(field: Field) -> dict[str, Any]:
    return {"description": field.help} if field.help else {}


def _type(field: Field) -> dict[str, Any]:
    match field.type:
        case FieldType.TEXT:
            return {"type": "string", **_length(field, TEXT_LIMIT)}
        case FieldType.LONGTEXT:
            return {"type": "string", **_length(field, LONGTEXT_LIMIT)}
        case FieldType.INTEGER | FieldType.SCALE:
            return {"type": "integer", **_range(field)}
        case FieldType.NUMBER | FieldType.PERCENT:
            return {"type": "number", **_range(field)}
        case FieldType.MONEY:
            return {
                "type": "object",
                "properties": {
                    "amount": {"type": "string", "pattern": _AMOUNT},
                    "currency": {"type": "string", "pattern": "^[A-Z]{3}$"},
                },
                "required": ["amount", "currency"],
                "additionalProperties": False,
            }
        case FieldType.DATE:
            return {"type": "string", "format": "date"}
        case FieldType.DATETIME:
            return {"type": "string", "format": "date-time"}
        case FieldType.YES_NO:
            return {"type": "boolean"}
        case FieldType.CHOICE:
            return {"enum": list(field.options)}
        case FieldType.CHOICES:
            items = {"enum": list(field.options)}
            return {"type": "array", "items": items, "uniqueItems": True, **_items(field)}
        case FieldType.PERSON:
            return {"type": "string", "minLength": 1, "maxLength": 80}
        case FieldType.GUEST:  # as typed; or by id, somebody who is known already
            return {
                "type": ["object", "string"],
                "minLength": 1,
                "maxLength": 80,
                "properties": {
                    "name": {"type": "string", "minLength": 1, "maxLength": NAME_LIMIT},
                    "email": {"type": "string", "format": "email", "maxLength": NAME_LIMIT},
                },
                "required": ["name", "email"],
                "additionalProperties": False,
            }
        case FieldType.PEOPLE:
            person = {"type": "string", "minLength": 1, "maxLength": 80}
            return {"type": "array", "items": person, "uniqueItems": True, **_items(field)}
        case FieldType.FILE:
            return {
                "type": "object",
                "properties": {
                    "id": {"type": "string"},
                    "name": {"type": "string"},
                    "size": {"type": "integer"},
                    "sha256": {"type": "string"},
                },
                "required": ["id", "name", "size", "sha256"],
            }
        case FieldType.TABLE:
            row = {
                "type": "object",
                "properties": {column.name: _field(column) for column in field.columns},
                "required": [column.name for column in field.columns if column.required],
                "additionalProperties": False,
            }
            return {"type": "array", "items": row, **_rows(field)}
        case FieldType.ATTEST:
            return {
                "type": "object",
                "properties": {
                    "name": {"type": "string", "minLength": 1, "maxLength": TEXT_LIMIT},
                    "at": {"type": "string", "format": "date-time"},
                },
                "required": ["name", "at"],
                "additionalProperties": False,
            }
        case FieldType.COMPUTED:
            return {}


def _length(field: Field, limit: int) -> dict[str, Any]:
    least = int(field.min) if field.min is not None else int(field.required)
    most = min(limit, int(field.max)) if field.max is not None else limit
    return {"minLength": least, "maxLength": most}


def _range(field: Field) -> dict[str, Any]:
    least = {"minimum": field.min} if field.min is not None else {}
    most = {"maximum": field.max} if field.max is not None else {}
    return {**least, **most}


def _items(field: Field) -> dict[str, Any]:
    least = int(field.min) if field.min is not None else int(field.required)
    most = int(field.max) if field.max is not None else ITEM_LIMIT
    return {"minItems": least, "maxItems": most}


def _rows(field: Field) -> dict[str, Any]:
    return _items(field) if field.max is not None else {**_items(field), "maxItems": ROW_LIMIT}
