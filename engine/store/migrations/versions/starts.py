"""What starts a case by itself: the rules that wait for a signal or their day."""

import sqlalchemy as sa
from alembic import op

revision = "starts"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "start_rule",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("process", sa.String(), nullable=False),
        sa.Column("rule", sa.String(), nullable=False),
        sa.Column("definition_id", sa.Integer(), nullable=False),
        sa.Column("signal", sa.String(), nullable=True),
        sa.Column("next_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["definition_id"], ["definition.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("process", "rule"),
    )
    op.create_index("start_rule_signal", "start_rule", ["signal"])
    op.create_index("start_rule_next", "start_rule", ["next_at"])
    op.add_column("cohort", sa.Column("rule", sa.String(), nullable=True))
