"""Answers, instants and durations as people read them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from decimal import Decimal
from typing import Any

from babel.dates import format_date, format_datetime

from engine.core.form import Field, FieldType
from engine.forms import input_of
from notifications.dates import moment

NameOf = Callable[[str], str | None]
_LOCALE = "en_GB"  # of our sentences; the dates in them follow


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """An answered question, for pages that only show."""

    name: str
    at: str  # the HTML id of its question; empty where there is nothing to change
    label: str
    text: str  # as a person would write it; empty: not answered
    href: str | None = None  # of a file: where it is handed out
    rows: tuple[tuple[tuple[str, str], ...], ...] = ()  # of a table: (column, text) in each


def was_asked(field: Field, answers: Mapping[str, Any]) -> bool:
    """Whether a page that only shows should name the question: not one that did not count."""
    return field.required_if is None or field.name in answers


def answer(
    field: Field, value: Any, name_of: NameOf, zone: tzinfo, *, files: str | None = None
) -> Answer:
    """`files` is the address below which files are handed out; None: they are only named."""
    # The first input of a question; what nobody types has none.
    at = "" if field.type is FieldType.COMPUTED else f"q-{input_of(field).replace('.', '-')}"
    if field.type is FieldType.FILE and isinstance(value, dict) and files is not None:
        words = text(field, value, name_of, zone)
        href = f"{files}/{value['id']}"
        return Answer(name=field.name, at=at, label=field.label, text=words, href=href)
    if field.type is FieldType.TABLE and isinstance(value, list):
        rows = tuple(
            tuple(
                (column.label, text(column, row.get(column.name), name_of, zone))
                for column in field.columns
            )
            for row in value
        )
        return Answer(name=field.name, at=at, label=field.label, text="", rows=rows)
    return Answer(name=field.name, at=at, label=field.label, text=text(field, value, name_of, zone))


def text(field: Field, value: Any, name_of: NameOf, zone: tzinfo) -> str:
    """One value in words; empty for one that is not there."""
    if value is None or value == []:
        return ""
    match field.type:
        case FieldType.YES_NO:
            return "Yes" if value else "No"
        case FieldType.SCALE:
            meaning = field.anchors.get(int(value))
            return f"{value} - {meaning}" if meaning else str(value)
        case FieldType.PERCENT:
            return f"{round(float(value) * 100, 6):g} %"
        case FieldType.MONEY:
            return money(str(value["amount"]), str(value["currency"]))
        case FieldType.DATE:
            return day(date.fromisoformat(str(value)))
        case FieldType.DATETIME:
            return clock(datetime.fromisoformat(str(value)), zone)
        case FieldType.GUEST if isinstance(value, Mapping):
            return f"{value['name']} ({value['email']})"
        case FieldType.PERSON | FieldType.GUEST:
            return name_of(str(value)) or str(value)
        case FieldType.PEOPLE:
            return ", ".join(name_of(str(one)) or str(one) for one in value)
        case FieldType.CHOICES:
            return ", ".join(sentence(str(one)) for one in value)
        case FieldType.CHOICE:
            return sentence(str(value))
        case FieldType.ATTEST:
            signed = clock(datetime.fromisoformat(str(value["at"])), zone)
            return f"Signed by {value['name']} on {signed}"
        case FieldType.FILE:
            return f"{value['name']} ({size(int(value['size']))})"
        case FieldType.TABLE:
            return f"{len(value)} rows"
        case (
            FieldType.TEXT
            | FieldType.LONGTEXT
            | FieldType.INTEGER
            | FieldType.NUMBER
            | FieldType.COMPUTED
        ):
            return str(value)


def size(count: int) -> str:
    """`840 KB`, `2.4 MB`."""
    return f"{max(1, round(count / 1024))} KB" if count < 2**20 else f"{count / 2**20:.1f} MB"


def sentence(name: str) -> str:
    """A button, an option or a state as a sentence begins: `no_show` is `No show`."""
    words = name.replace("_", " ").strip()
    return words[:1].upper() + words[1:]


def money(amount: str, currency: str) -> str:
    """`50,000.00 EUR`: in groups, so that a digit too many is seen before it is sent."""
    digits = max(2, len(amount.partition(".")[2]))
    return f"{Decimal(amount):,.{digits}f} {currency}"


def day(value: date) -> str:
    return format_date(value, "d MMMM yyyy", locale=_LOCALE)


def clock(instant: datetime, zone: tzinfo) -> str:
    """`8 Mar 2027, 17:00`, for lists on whose page the zone is named."""
    return format_datetime(instant.astimezone(zone), "d MMM yyyy, HH:mm", locale=_LOCALE)


def moment_of(instant: datetime, zone_name: str) -> str:
    """`Monday, 14 December 2026, 17:00 (Central European Standard Time)`."""
    found = moment(instant, language="en-GB", zone=zone_name)
    return f"{found.when} ({found.zone})"


def distance(instant: datetime, zone: tzinfo, now: datetime) -> str:
    """`today`, `in 3 days`, `2 days ago`: by days of the calendar, as people count."""
    days = (instant.astimezone(zone).date() - now.astimezone(zone).date()).days
    match days:
        case 0:
            return "today"
        case 1:
            return "tomorrow"
        case -1:
            return "yesterday"
        case _ if days > 0:
            return f"in {days} days"
        case _:
            return f"{-days} days ago"


def minutes(count: int) -> str:
    """`about 1 hour and 30 minutes`."""
    hours, rest = divmod(count, 60)
    parts = [f"{hours} hour{'s' * (hours > 1)}"] if hours else []
    parts += [f"{rest} minute{'s' * (rest > 1)}"] if rest else []
    return f"about {' and '.join(parts)}"


# What every template may call.
IN_TEMPLATES = {
    "moment": moment_of,
    "distance": distance,
    "duration": minutes,
    "clock": clock,
    "sentence": sentence,
    "day": day,
}
