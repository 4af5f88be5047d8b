"""Adding and removing rows of a table and files, which a page does without a script."""

from engine.core.form import Form
from engine.forms import Typed, input_of
from engine.forms.typed import rows
from web.questions import id_of


def changed(values: Typed, verb: str, about: str) -> Typed:
    """What is typed after `add goals`, `remove goals 2` or `drop letter`; else the same."""
    name, _, row = about.partition(" ")
    match verb:
        case "add":
            number = max(rows(values, name), default=0) + 1
            return {**values, f"{name}.{number}.-": ("",)}
        case "remove":
            return {
                key: value for key, value in values.items() if not key.startswith(f"{name}.{row}.")
            }
        case "drop":
            return {**values, name: ()}
        case _:
            return values


def place_of(form: Form, values: Typed, verb: str, about: str) -> str:
    """The id at which the page goes on: what was found, or the row that is new or moved up."""
    name, _, row = about.partition(" ")
    field = next((field for field in form.fields if field.name == name), None)
    numbers = rows(values, name)
    if verb in ("find", "drop") or field is None or not field.columns or not numbers:
        return id_of(name)
    at = min(int(row), numbers[-1]) if row.isdecimal() else numbers[-1]
    return id_of(f"{name}.{at}.{input_of(field.columns[0])}")
