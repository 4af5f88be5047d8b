"""The steps of the tables, oldest first; run by engine.store.schema."""
