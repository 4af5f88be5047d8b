"""A form as the page shows it: each question with what was typed, ready for one macro."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from engine.core.form import Field, FieldType, Form
from engine.forms import Fault, Typed, holds
from engine.forms.files import TAKEN
from engine.forms.typed import one, rows
from web.conditions import Condition, conditions, hangs_on_the_page
from web.words import sentence, size


def id_of(name: str) -> str:
    """The HTML id of an input, or of the first thing in a question."""
    return f"q-{name.replace('.', '-')}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Option:
    """One thing to choose."""

    value: str
    label: str
    chosen: bool
    rules: tuple[int, ...] = ()  # of the sheet: those that show a question once this is chosen
    mark: str | None = None  # of a scale
    note: str | None = None  # what tells two people of one name apart


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One row of a table."""

    number: int  # as in the names of its inputs
    questions: tuple["Question", ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Question:
    """One question with everything its macro needs."""

    name: str  # of the input, or the beginning of its parts' names
    kind: str  # which macro: text, number, longtext, date, radio, person, table, …
    label: str
    help: str | None
    required: bool
    value: str = ""
    options: tuple[Option, ...] = ()
    rows: tuple[Row, ...] = ()
    parts: Mapping[str, str] | None = None  # of a composite input
    length_hint: str = ""  # `, at least 40`
    row_name: str = "Row"
    zone: str = ""
    rule: int | None = None  # of the sheet: shown once something that has it is chosen
    searched: str = ""  # what a person was searched by
    found: bool = True

    @property
    def id(self) -> str:
        """The HTML id: what an error's link leads to."""
        return id_of(self.name)

    @property
    def many(self) -> bool:
        """Whether there is more to tick than a page should be filled with."""
        return self.kind == "checkbox" and len(self.options) > _AT_A_GLANCE

    @property
    def kinds(self) -> str:
        """What a file dialog offers."""
        return ",".join(f".{ending}" for ending in TAKEN)

    @property
    def hinted(self) -> bool:
        """Whether the macro writes a hint of its own."""
        return self.kind in (
            "date",
            "datetime",
            "checkbox",
            "person",
            "people",
            "guest",
            "attest",
            "file",
        )

    def part(self, name: str) -> str:
        return (self.parts or {}).get(name, "")


@dataclass(frozen=True, kw_only=True, slots=True)
class Faults:
    """What is to be put right, by the question that shows it."""

    all: tuple[Fault, ...] = ()

    def of(self, question: Question) -> str | None:
        """The sentence of a question, whichever of its inputs it is about."""
        for fault in self.all:
            inside = question.kind != "table" and fault.at.startswith(f"{question.name}.")
            if fault.at == question.name or inside:
                return fault.sentence
        return None

    def links(self) -> tuple[tuple[str, str], ...]:
        """HTML id and sentence, for the summary."""
        return tuple((id_of(fault.at), fault.sentence) for fault in self.all)


@dataclass(frozen=True, kw_only=True, slots=True)
class People:
    """How the page finds people."""

    search: Callable[[str], Sequence[tuple[str, str, str | None]]]  # -> id, name, note
    name: Callable[[str], str | None]  # of an id


def questions(
    form: Form,
    values: Typed,
    people: People,
    zone: str,
    shown: Mapping[str, Any],
    known: Mapping[str, Any],
    files: str,
) -> tuple[Question, ...]:
    """The questions of a form.

    `shown` are values of computed fields, `known` is what conditions may read besides the answers,
    `files` is the address below which files are handed out.
    """
    hanging = conditions(form, known)
    asker = _Asker(
        values=values, people=people, zone=zone, shown=shown, hanging=hanging, files=files
    )
    return tuple(
        _as_far_as_known(asker.question(field, field.name), field, form, known)
        for field in form.fields
    )


def _as_far_as_known(
    question: Question, field: Field, form: Form, known: Mapping[str, Any]
) -> Question:
    """Marked as optional where no answer of the page can make it count."""
    condition = field.required_if
    if condition is None or hangs_on_the_page(field, form) or holds(condition, {}, known):
        return question
    return replace(question, required=False)


def decision(name: str, buttons: Sequence[str], chosen: str) -> Question:
    """The choice between several buttons, as a question that nothing answers by itself."""
    return Question(
        name=name,
        kind="radio",
        label="Your decision",
        help=None,
        required=True,
        options=tuple(
            Option(value=button, label=sentence(button), chosen=button == chosen)
            for button in buttons
        ),
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class _Asker:
    values: Typed
    people: People
    zone: str
    shown: Mapping[str, Any]
    hanging: Mapping[str, Condition]  # by field
    files: str

    def question(self, field: Field, name: str) -> Question:
        plain: dict[str, Any] = {
            "name": name,
            "label": field.label,
            "help": field.help,
            "required": field.required or field.required_if is not None,
            "rule": self.hanging[name].rule if name in self.hanging else None,
        }
        match field.type:
            case FieldType.TEXT:
                return Question(kind="text", value=self._typed(name), **plain)
            case FieldType.INTEGER | FieldType.NUMBER | FieldType.PERCENT:
                return Question(kind="number", value=self._typed(name), **plain)
            case FieldType.LONGTEXT:
                least = f", at least {field.min:g}" if field.min else ""
                return Question(
                    kind="longtext", value=self._typed(name), length_hint=least, **plain
                )
            case FieldType.DATE:
                return Question(kind="date", parts=self._parts(name, _DATE), **plain)
            case FieldType.DATETIME:
                parts = self._parts(name, (*_DATE, "time"))
                return Question(kind="datetime", parts=parts, zone=self.zone, **plain)
            case FieldType.MONEY:
                return Question(
                    kind="money", parts=self._parts(name, ("amount", "currency")), **plain
                )
            case FieldType.GUEST:
                return Question(kind="guest", parts=self._parts(name, ("name", "email")), **plain)
            case FieldType.ATTEST:
                return Question(kind="attest", parts=self._parts(name, ("name",)), **plain)
            case FieldType.YES_NO:
                pairs: list[tuple[str, str, str | None]] = [
                    ("yes", "Yes", None),
                    ("no", "No", None),
                ]
                return Question(kind="radio", options=self._options(name, pairs), **plain)
            case FieldType.SCALE:
                pairs = [
                    (str(mark), field.anchors.get(mark, ""), str(mark))
                    for mark in range(int(field.min or 1), int(field.max or 5) + 1)
                ]
                return Question(kind="radio", options=self._options(name, pairs), **plain)
            case FieldType.CHOICE:
                pairs = [(option, sentence(option), None) for option in field.options]
                kind = "select" if len(pairs) > _AT_A_GLANCE else "radio"
                return Question(kind=kind, options=self._options(name, pairs), **plain)
            case FieldType.CHOICES:
                pairs = [(option, sentence(option), None) for option in field.options]
                return Question(kind="checkbox", options=self._options(name, pairs), **plain)
            case FieldType.PERSON | FieldType.PEOPLE:
                return self._people(field, name, plain)
            case FieldType.TABLE:
                return self._table(field, name, plain)
            case FieldType.COMPUTED:
                value = self.shown.get(field.name)
                plain["required"] = True
                return Question(kind="computed", value="" if value is None else str(value), **plain)
            case FieldType.FILE:
                return Question(kind="file", parts=self._file(name), **plain)

    def _typed(self, name: str) -> str:
        return self.values[name][-1] if self.values.get(name) else ""

    def _parts(self, name: str, parts: tuple[str, ...]) -> dict[str, str]:
        return {part: self._typed(f"{name}.{part}") for part in parts}

    def _file(self, name: str) -> dict[str, str]:
        """The file that was handed in: its name, its size, and where it is."""
        kept = one(self.values, name)
        if not kept:
            return {}
        file = json.loads(kept)
        words = f"{file['name']} ({size(int(file['size']))})"
        return {"name": words, "href": f"{self.files}/{file['id']}"}

    def _options(
        self, name: str, pairs: Sequence[tuple[str, str, str | None]]
    ) -> tuple[Option, ...]:
        chosen = self.values.get(name, ())
        deciding = [one for one in self.hanging.values() if one.question == name]
        return tuple(
            Option(
                value=value,
                label=label,
                mark=mark,
                chosen=value in chosen,
                rules=tuple(one.rule for one in deciding if value in one.values),
            )
            for value, label, mark in pairs
        )

    def _people(self, field: Field, name: str, plain: dict[str, Any]) -> Question:
        chosen = [value for value in self.values.get(name, ()) if value]
        if field.type is FieldType.PERSON:
            chosen = chosen[-1:]
        searched = one(self.values, f"{name}.find")
        found = list(self.people.search(searched)) if searched else []
        options = [
            Option(value=person, label=self.people.name(person) or person, chosen=True)
            for person in dict.fromkeys(chosen)
        ]
        options += [
            Option(value=person, label=who, note=note, chosen=False)
            for person, who, note in found
            if person not in chosen
        ]
        kind = "people" if field.type is FieldType.PEOPLE else "person"
        return Question(
            kind=kind,
            options=tuple(options),
            searched=searched,
            found=bool(found),
            **plain,
        )

    def _table(self, field: Field, name: str, plain: dict[str, Any]) -> Question:
        numbers = rows(self.values, name) or (0,)
        return Question(
            kind="table",
            row_name=_singular(field.label),
            rows=tuple(
                Row(
                    number=number,
                    questions=tuple(
                        self.question(column, f"{name}.{number}.{column.name}")
                        for column in field.columns
                    ),
                )
                for number in numbers
            ),
            **plain,
        )


_AT_A_GLANCE = 12  # options; more are a list to open, or one that scrolls
_DATE = ("day", "month", "year")


def _singular(label: str) -> str:
    """`Goals` names its rows `Goal`; what is no plain plural is called a row."""
    word = label.strip()
    return word[:-1] if word.endswith("s") and " " not in word and len(word) > 3 else "Row"
