"""Links of hand-over notes are found when somebody leaves who has their tasks no more."""

import sqlalchemy as sa
from alembic import op

revision = "notes"
down_revision = "absences"


def upgrade() -> None:
    op.create_index(
        "link_note",
        "link",
        ["assignment_id"],
        sqlite_where=sa.text("purpose = 'note'"),
        postgresql_where=sa.text("purpose = 'note'"),
    )
