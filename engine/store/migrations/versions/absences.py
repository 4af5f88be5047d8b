"""Absences know whether they are a leave, may be open-ended, and may have nobody who acts."""

import sqlalchemy as sa
from alembic import op

revision = "absences"
down_revision = "guests"


def upgrade() -> None:
    op.create_table(
        "absence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("stand_in", sa.String(), nullable=True),
        sa.Column("leave", sa.Boolean(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("told_by", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["person"], ["person.id"]),
        sa.ForeignKeyConstraint(["stand_in"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_absence_person", "absence", ["person"])
    op.execute(
        "INSERT INTO absence (person, stand_in, leave, valid_from, valid_until)"
        " SELECT person, stand_in, false, valid_from, valid_until FROM stand_in ORDER BY id"
    )
    op.drop_table("stand_in")
