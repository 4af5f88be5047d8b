"""Answers held against the form's schema, and every violation said in a sentence."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import ValidationError

from engine.core.expression import Expr, ExpressionFailed
from engine.core.form import Field, FieldType, Form
from engine.forms.address import NoAddress, normal_address
from engine.forms.faults import Fault
from engine.forms.schema import schema

_FIRST_PART = {
    FieldType.DATE: ".day",
    FieldType.DATETIME: ".day",
    FieldType.MONEY: ".amount",
    FieldType.ATTEST: ".name",
    FieldType.GUEST: ".name",
}
_CHOOSE = (
    FieldType.CHOICE,
    FieldType.CHOICES,
    FieldType.YES_NO,
    FieldType.SCALE,
    FieldType.PERSON,
    FieldType.PEOPLE,
)


def validator(form: Form) -> Draft202012Validator:
    """The compiled schema of a form; building it costs more than using it."""
    formats = FormatChecker(formats=())
    formats.checks("date", raises=ValueError)(_is_date)
    formats.checks("date-time", raises=ValueError)(_is_instant)
    formats.checks("email", raises=NoAddress)(_is_address)
    return Draft202012Validator(schema(form), format_checker=formats)


def _is_date(value: object) -> bool:
    return not isinstance(value, str) or date.fromisoformat(value).isoformat() == value


def _is_instant(value: object) -> bool:
    return not isinstance(value, str) or datetime.fromisoformat(value).tzinfo is not None


def _is_address(value: object) -> bool:
    return not isinstance(value, str) or normal_address(value) != ""


def check(
    form: Form,
    answers: Mapping[str, Any],
    *,
    known: Mapping[str, Any],
    exists: Callable[[str], bool],
    using: Draft202012Validator | None = None,
) -> tuple[Fault, ...]:
    """Everything wrong with answers, whoever sends them; empty if they may be kept.

    `known` and `exists` as in `read`; `using` is the form's `validator`, for callers who keep
    it. A `required_if` that reads something nobody filled does not require.
    """
    fields = {field.name: field for field in form.fields}
    asked = {
        name: value
        for name, value in answers.items()
        if name not in fields or fields[name].type is not FieldType.COMPUTED
    }
    found: dict[str, Fault] = {}
    compiled = using or validator(form)
    if not _is_right_at_a_glance(compiled.schema, asked):
        for error in compiled.iter_errors(asked):
            for fault in _said(error, fields):
                found.setdefault(fault.at, fault)
    for field in form.fields:
        if field.name not in asked:
            if field.required_if is not None and holds(field.required_if, asked, known):
                at = input_of(field)
                found.setdefault(at, Fault(at=at, sentence=_wanted(field)))
            continue
        for person in _people(field, asked[field.name]):
            if not exists(person):
                sentence = f"“{person[:40]}” is nobody we know. Search by name and choose."
                found.setdefault(field.name, Fault(at=field.name, sentence=sentence))
    return tuple(found.values())


def _is_right_at_a_glance(schema: Any, answers: Mapping[str, Any]) -> bool:
    """Whether these are all there and nothing but texts, whole numbers and yes or no in bounds.

    Most answers are, and walking the schema for them costs ten times as much. False says nothing.
    """
    rules = schema["properties"]
    for name, value in answers.items():
        rule = rules.get(name)
        kind = None if rule is None or "format" in rule else rule.get("type")
        if kind == "string":
            if type(value) is not str or not rule["minLength"] <= len(value) <= rule["maxLength"]:
                return False
        elif kind == "integer":
            low, high = rule.get("minimum"), rule.get("maximum")
            if type(value) is not int or (low is not None and value < low):
                return False
            if high is not None and value > high:
                return False
        elif kind != "boolean" or type(value) is not bool:
            return False
    return all(name in answers for name in schema["required"])


def input_of(field: Field) -> str:
    """The name of the first input of a field: what an error links to."""
    return field.name + _FIRST_PART.get(field.type, "")


def holds(condition: Expr, answers: Mapping[str, Any], known: Mapping[str, Any]) -> bool:
    """Whether a `required_if` is true; one that reads something nobody filled is not."""
    data = {**known.get("data", {}), **answers}
    try:
        return condition.eval({**known, **answers, "data": data}) is True
    except ExpressionFailed:
        return False


def _people(field: Field, value: Any) -> Iterator[str]:
    if field.type in (FieldType.PERSON, FieldType.GUEST) and isinstance(value, str):
        yield value
    if field.type is FieldType.PEOPLE and isinstance(value, list):
        yield from (item for item in value if isinstance(item, str))
    if field.type is FieldType.TABLE and isinstance(value, list):
        for row in value:
            for column in field.columns if isinstance(row, dict) else ():
                if column.name in row:
                    yield from _people(column, row[column.name])


def _said(error: ValidationError, fields: Mapping[str, Field]) -> Iterator[Fault]:
    path = [str(part) for part in error.absolute_path]
    if error.validator == "required":
        missing = str(error.message.split("'")[1])
        field = _at([*path, missing], fields)
        row = f"Row {int(path[1]) + 1}: " if len(path) > 1 and path[1].isdecimal() else ""
        if field is not None:
            place = ".".join([*path, missing])
            if len(path) == (2 if row else 0):  # the question itself, not one of its parts
                place += _FIRST_PART.get(field.type, "")
            yield Fault(at=place, sentence=row + _wanted(field))
        return
    if error.validator == "additionalProperties":
        allowed: Any = error.schema
        given: Any = error.instance
        for name in sorted(set(given) - set(allowed["properties"])):
            sentence = f"There is no question “{name[:40]}” on this page."
            yield Fault(at=".".join([*path, name]), sentence=sentence)
        return
    field = _at(path, fields)
    if field is None:
        yield Fault(at=".".join(path), sentence=f"This cannot be used: {error.message[:120]}")
        return
    row = f"Row {int(path[1]) + 1}: " if len(path) > 1 and path[1].isdecimal() else ""
    place = ".".join(path)
    if len(path) == 1 or (row and len(path) == 3):
        place += _FIRST_PART.get(field.type, "")
    yield Fault(at=place, sentence=row + _violated(field, error))


def _at(path: list[str], fields: Mapping[str, Field]) -> Field | None:
    field = fields.get(path[0]) if path else None
    if field is not None and field.type is FieldType.TABLE and len(path) > 2:
        return next((column for column in field.columns if column.name == path[2]), None)
    return field


def _wanted(field: Field) -> str:
    """The sentence for an answer that is missing."""
    label = field.label.rstrip("?:. ")
    verb = "Choose an answer to" if field.type in _CHOOSE else "Answer"
    if field.label.rstrip().endswith("?"):
        return f"{verb} “{field.label.strip()}”"
    if field.type is FieldType.GUEST:
        return f"{label}: enter a name and an e-mail address."
    if field.type is FieldType.DATE:
        return f"{label}: enter a date such as 24 12 2027."
    if field.type is FieldType.TABLE:
        return f"{label}: fill at least one row."
    if field.type is FieldType.ATTEST:
        return f"{label}: type your name to confirm."
    return f"{label}: choose one." if field.type in _CHOOSE else f"{label}: please fill this in."


def _violated(field: Field, error: ValidationError) -> str:
    label = field.label.rstrip("?:. ")
    limit: Any = error.validator_value
    value: Any = error.instance
    match error.validator:
        case "minLength" if not value:
            return _wanted(field)
        case "minLength":
            return f"{label}: write at least {limit} characters; there are {len(value)}."
        case "maxLength":
            return f"{label}: shorten it to {limit:,} characters; there are {len(value):,}."
        case "minimum":
            return f"{label}: enter {limit:g} or more; {value:g} is too small."
        case "maximum":
            return f"{label}: enter {limit:g} or less; {value:g} is too large."
        case "minItems" if field.type is FieldType.TABLE:
            return f"{label}: fill at least {limit} row{'s' if limit > 1 else ''}."
        case "minItems":
            return f"{label}: choose at least {limit}."
        case "maxItems":
            return f"{label}: at most {limit}; there are {len(value)}."
        case "enum":
            return f"{label}: choose one of {', '.join(field.options)}."
        case "uniqueItems":
            return f"{label}: the same answer is there twice."
        case "format" if field.type is FieldType.DATE:
            return f"{label}: enter a date such as 24 12 2027."
        case "format" if field.type is FieldType.GUEST:
            return f"{label}: “{str(value)[:60]}” is no e-mail address."
        case "format":
            return f"{label}: enter a date and a time, such as 24 12 2027, 9:30."
        case "type":
            return f"{label}: this must be {_KIND[field.type]}."
        case _:
            return f"{label}: this cannot be used ({error.message[:80]})."


_KIND = {
    FieldType.TEXT: "text",
    FieldType.LONGTEXT: "text",
    FieldType.INTEGER: "a whole number",
    FieldType.NUMBER: "a number",
    FieldType.MONEY: "an amount and a currency",
    FieldType.PERCENT: "a percentage",
    FieldType.DATE: "a date such as 2027-12-24",
    FieldType.DATETIME: "a date and time such as 2027-12-24T09:30:00+01:00",
    FieldType.YES_NO: "yes or no",
    FieldType.CHOICE: "one of the options",
    FieldType.CHOICES: "a list of options",
    FieldType.SCALE: "a whole number of the scale",
    FieldType.PERSON: "a person",
    FieldType.PEOPLE: "a list of people",
    FieldType.GUEST: "a name and an e-mail address",
    FieldType.FILE: "a file",
    FieldType.TABLE: "a table of rows",
    FieldType.ATTEST: "a name and an instant",
    FieldType.COMPUTED: "computed",
}
