"""Cases whose clock stands still say so in a column of their own, so that lists can ask for them."""

import sqlalchemy as sa
from alembic import op

revision = "holds"
down_revision = "notes"


def upgrade() -> None:
    op.add_column("case", sa.Column("held_since", sa.BigInteger(), nullable=True))
