"""The database: tables, migrations, one writer, and the only SQL there is."""

from engine.core.instants import from_micros, to_micros
from engine.store.database import Database
from engine.store.errors import DatabaseUnusable, Overtaken, StoreError, WriteInsideWrite
from engine.store.statements import Statement
from engine.store.transaction import Transaction

__all__ = [
    "Database",
    "DatabaseUnusable",
    "Overtaken",
    "Statement",
    "StoreError",
    "Transaction",
    "WriteInsideWrite",
    "from_micros",
    "to_micros",
]
