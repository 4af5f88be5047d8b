"""Bulk starts that are staggered and grow, and whose members can be found by their cases."""

import sqlalchemy as sa
from alembic import op

revision = "cohorts"
down_revision = "records"


def upgrade() -> None:
    op.add_column("cohort_member", sa.Column("not_before", sa.BigInteger(), nullable=True))
    op.add_column("cohort_member", sa.Column("asked_by", sa.String(), nullable=True))
    op.execute(
        "UPDATE cohort_member SET asked_by = "
        "(SELECT started_by FROM cohort WHERE cohort.id = cohort_member.cohort_id)"
    )
    op.create_index("ix_cohort_member_case_id", "cohort_member", ["case_id"])
