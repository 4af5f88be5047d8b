"""Anonymous answers apart from their authors, and holds against erasure."""

import sqlalchemy as sa
from alembic import op

revision = "privacy"
down_revision = "starts"


def upgrade() -> None:
    op.create_table(
        "sealed_answer",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("pool", sa.String(), nullable=False),
        sa.Column("box", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("sealed_answer_pool", "sealed_answer", ["case_id", "pool"], unique=False)
    op.create_table(
        "hold",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("placed_at", sa.BigInteger(), nullable=False),
        sa.Column("placed_by", sa.String(), nullable=True),
        sa.Column("lifted_at", sa.BigInteger(), nullable=True),
        sa.Column("lifted_by", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "hold_standing",
        "hold",
        ["case_id"],
        unique=True,
        sqlite_where=sa.text("lifted_at is null"),
        postgresql_where=sa.text("lifted_at is null"),
    )
