"""Files that came with a page: kept for its task, or refused in a sentence."""

from datetime import datetime

from engine.forms import Fault
from engine.forms.files import FileRefused
from engine.forms.typed import file_fields, file_typed
from engine.service import NotYours
from web.posted import Upload
from web.sheet import Sheet
from web.site import Site


def take_in(
    site: Site,
    sheet: Sheet,
    files: tuple[Upload, ...],
    values: dict[str, tuple[str, ...]],
    now: datetime,
) -> tuple[Fault, ...]:
    """Keeps the files that were chosen, and says which are not taken."""
    faults = []
    wanted = {field.name for field in file_fields(sheet.form)}
    for file in files:
        if file.field not in wanted:
            continue
        try:
            kept = site.service.keep_file(
                sheet.seat.task.public_id,
                file.field,
                file.name,
                file.content,
                sheet.seat.person,
                now,
            )
        except FileRefused as refused:
            faults.append(Fault(at=file.field, sentence=str(refused)))
            continue
        if not isinstance(kept, NotYours):
            values[file.field] = (file_typed(kept),)
    return tuple(faults)
