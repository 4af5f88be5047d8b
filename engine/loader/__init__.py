"""What the author wrote becomes what the engine runs, or is refused with every reason at once."""

from engine.loader.codes import LOADER_CODES
from engine.loader.loading import Loaded, load, load_text
from engine.loader.migrate import WrittenMigration, against
from engine.loader.schema import schema
from engine.loader.sources import SourceRow, Sources, Table

__all__ = [
    "LOADER_CODES",
    "Loaded",
    "SourceRow",
    "Sources",
    "Table",
    "WrittenMigration",
    "against",
    "load",
    "load_text",
    "schema",
]
