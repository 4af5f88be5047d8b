"""A CSV file of people as somebody's spreadsheet wrote it, read into rows with line numbers."""

import csv
import io
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

COLUMNS = (
    "number",  # as the HR system calls the person: the key; it never changes
    "name",  # as others call them
    "email",  # where their tasks arrive; nobody else's
    "private_email",  # after the last day; not shown to anybody
    "manager",  # the manager's number; empty: nobody
    "title",  # of their position
    "department",  # roles are held for departments
    "location",  # whose holidays and clock count; without one it is the country
    "country",  # ISO 3166, with a subdivision if wanted: `DE`, `DE-BE`
    "zone",  # IANA: `Europe/Berlin`; with the country, once for every new location
    "grade",
    "employment",  # `employee`, `contractor`, …
    "start_date",  # year-month-day
    "language",  # `en`, `de`, `pt-BR`; English without one
    "roles",  # `hr-partner@Sales; head-of-hr`
    "queues",  # `it-desk; payroll`
)
REQUIRED = ("number", "name", "email")

_LARGEST = 50 * 1024 * 1024
_DELIMITERS = ",;\t"


@dataclass(frozen=True, kw_only=True, slots=True)
class Problem:
    """Something in the file that must be put right before it is imported."""

    message: str  # what is wrong, and the way out
    line: int | None = None  # of the file, the header being line 1; None: the file as a whole
    column: str | None = None
    value: str | None = None  # as found

    def __str__(self) -> str:
        where = []
        if self.line is not None:
            where.append(f"line {self.line}")
        if self.column is not None:
            where.append(f"column `{self.column}`")
        if self.value is not None:
            where.append(f"found {self.value!r}")
        return f"{', '.join(where)}: {self.message}" if where else self.message


@dataclass(frozen=True, kw_only=True, slots=True)
class SheetRow:
    """One row; a cell that is empty is the empty text."""

    line: int  # where it begins
    cells: Mapping[str, str]  # by column, of the columns that we know


@dataclass(frozen=True, kw_only=True, slots=True)
class Sheet:
    """A file that can be read, whatever its cells say."""

    columns: tuple[str, ...]  # those of ours that it has
    rows: tuple[SheetRow, ...]
    problems: tuple[Problem, ...]  # with the form of the file
    ignored: tuple[str, ...]  # its other columns


class SheetUnreadable(ValueError):  # noqa: N818 - what it is
    """The file is no CSV file that we can read; the message says how to save it."""


def read_sheet(
    data: bytes, *, also: Collection[str] = (), required: Collection[str] = REQUIRED
) -> Sheet:
    """Reads UTF-8 with or without a byte order mark, separated by `,`, `;` or tabs.

    `also` are further columns whose cells somebody wants. Raises SheetUnreadable where not even
    rows can be told apart.
    """
    text = _decoded(data)
    skipped = 0
    if text[:4].lower() == "sep=":  # a line that Excel writes for itself
        _, _, text = text.partition("\n")
        skipped = 1
    header_line, _, _ = text.partition("\n")
    delimiter = max(_DELIMITERS, key=header_line.count)
    lines = _rows(text, delimiter, skipped)
    _, header = next(lines, (1, []))
    names = [" ".join(cell.split()).lower().replace(" ", "_") for cell in header]
    wanted = {*COLUMNS, *also}
    problems = list(_header_problems(names, skipped + 1, wanted, required))
    rows = []
    for line, cells in lines:
        if len(cells) != len(names):
            problems.append(
                Problem(
                    line=line,
                    message=f"it has {len(cells)} cells and the header {len(names)}; a text that "
                    f"holds the separator {delimiter!r} wants double quotes around it",
                )
            )
            continue
        known = {name: cell.strip() for name, cell in zip(names, cells, strict=True)}
        rows.append(
            SheetRow(line=line, cells={name: known[name] for name in names if name in wanted})
        )
    return Sheet(
        columns=tuple(name for name in COLUMNS if name in names),
        rows=tuple(rows),
        problems=tuple(problems),
        ignored=tuple(
            raw.strip() for raw, name in zip(header, names, strict=True) if name not in wanted
        ),
    )


def _decoded(data: bytes) -> str:
    if len(data) > _LARGEST:
        raise SheetUnreadable(
            f"the file has {len(data) // 2**20} MiB and 50 are allowed; split it by department "
            "and import the parts one after the other"
        )
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise SheetUnreadable(
            "the file is UTF-16 (Excel calls it `Unicode text`); save it as `CSV UTF-8`"
        )
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise SheetUnreadable(
            f"line {line} is not UTF-8 (byte 0x{data[error.start]:02x}); the file was probably "
            "saved in a Windows encoding; save it as `CSV UTF-8`"
        ) from error
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise SheetUnreadable(f"line {line} holds a zero byte, so this is no CSV file")
    return text


def _rows(text: str, delimiter: str, skipped: int) -> Iterator[tuple[int, list[str]]]:
    """Rows that are not blank, each with the line on which it begins."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    begins = skipped + 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield begins, cells
            begins = reader.line_num + skipped + 1
    except csv.Error as error:
        raise SheetUnreadable(
            f"the row that begins on line {begins} cannot be read ({error}); "
            "look for a double quote that is never closed"
        ) from error


def _header_problems(
    names: list[str], line: int, wanted: Collection[str], required: Collection[str]
) -> Iterator[Problem]:
    for name in sorted({name for name in names if names.count(name) > 1 and name in wanted}):
        yield Problem(line=line, column=name, message="the file has this column twice; keep one")
    missing = [name for name in required if name not in names]
    for name in missing:
        near = get_close_matches(name, [other for other in names if other not in wanted], n=1)
        hint = f"rename `{near[0]}`" if near else "add it"
        yield Problem(line=line, column=name, message=f"the file needs this column; {hint}")
    for name in names:
        if name in wanted or not name:
            continue
        near = get_close_matches(name, sorted(wanted), n=1, cutoff=0.8)
        if near and near[0] not in names and near[0] not in missing:
            yield Problem(
                line=line,
                column=name,
                message=f"no such column; rename it to `{near[0]}`, or remove it",
            )
