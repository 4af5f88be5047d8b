"""People from outside, and where somebody is reached who does not work here any more."""

import sqlalchemy as sa
from alembic import op

revision = "guests"
down_revision = "cohorts"


def upgrade() -> None:
    op.create_table(
        "guest",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=True),
        sa.Column("email", sa.String(), nullable=True),
        sa.Column("address", sa.String(), nullable=True),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("address"),
    )
    op.add_column("person_version", sa.Column("private_email", sa.String(), nullable=True))
