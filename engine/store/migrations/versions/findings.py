"""What `check` found about a published version is kept with it: nothing is known of older ones."""

import sqlalchemy as sa
from alembic import op

revision = "findings"
down_revision = "privacy"


def upgrade() -> None:
    op.add_column("definition", sa.Column("findings", sa.Text(), nullable=True))
