"""Cases whose clock stands still say so in a column of their own, so that lists can ask for them."""

import sqlalchemy as sa
from alembic import op

revision = "pauses"
down_revision = "notes"


def upgrade() -> None:
    op.add_column("case", sa.Column("paused_since", sa.BigInteger(), nullable=True))
