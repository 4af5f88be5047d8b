"""Shared records are append-only: what was valid then stays what was valid then."""

from alembic import op

revision = "records"
down_revision = "findings"

_SENTENCE = "A record is never changed: write a newer one, which replaces it from then on."


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION record_is_kept() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{_SENTENCE}'; END $$"
        )
        op.execute(
            "CREATE TRIGGER record_is_kept BEFORE UPDATE ON record "
            "FOR EACH STATEMENT EXECUTE FUNCTION record_is_kept()"
        )
    else:
        op.execute(
            "CREATE TRIGGER record_no_update BEFORE UPDATE ON record "
            f"BEGIN SELECT RAISE(ABORT, '{_SENTENCE}'); END"
        )
