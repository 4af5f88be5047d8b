"""Files that came with a page: kept for its task, or refused in a sentence."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from engine.forms import Fault
from engine.forms.files import FileRefused
from engine.forms.typed import file_fields, file_typed
from engine.service import NotYours
from web.posted import Upload
from web.sheet import Sheet
from web.site import Site

Keep = Callable[[Upload], Mapping[str, Any] | NotYours]  # raises FileRefused


def take_in(
    site: Site,
    sheet: Sheet,
    files: tuple[Upload, ...],
    values: dict[str, tuple[str, ...]],
    now: datetime,
) -> tuple[Fault, ...]:
    """Keeps the files that were chosen, and says which are not taken."""

    def keep(file: Upload) -> Mapping[str, Any] | NotYours:
        task, person = sheet.seat.task.public_id, sheet.seat.person
        return site.service.keep_file(task, file.field, file.name, file.content, person, now)

    return take_each(sheet, files, values, keep)


def take_each(
    sheet: Sheet, files: tuple[Upload, ...], values: dict[str, tuple[str, ...]], keep: Keep
) -> tuple[Fault, ...]:
    """The same wherever files are kept; what is kept then stands among the values."""
    faults = []
    wanted = {field.name for field in file_fields(sheet.form)}
    for file in files:
        if file.field not in wanted:
            continue
        try:
            kept = keep(file)
        except FileRefused as refused:
            faults.append(Fault(at=file.field, sentence=str(refused)))
            continue
        if not isinstance(kept, NotYours):
            values[file.field] = (file_typed(kept),)
    return tuple(faults)
