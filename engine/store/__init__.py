"""The database: tables, migrations, one writer, and the only SQL there is."""

from engine.core.instants import from_micros, to_micros
from engine.store.database import Database
from engine.store.errors import DatabaseUnusable, NotKept, Overtaken, StoreError, WriteInsideWrite
from engine.store.statements import Statement
from engine.store.transaction import Transaction
from engine.store.trouble import trouble_of

__all__ = [
    "Database",
    "DatabaseUnusable",
    "NotKept",
    "Overtaken",
    "Statement",
    "StoreError",
    "Transaction",
    "WriteInsideWrite",
    "from_micros",
    "to_micros",
    "trouble_of",
]
