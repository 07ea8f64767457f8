"""questions and declarations can be changed and withdrawn

Revision ID: 20261126_talks
Revises: 20261126_proving
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261126_talks"
down_revision = "20261126_proving"
branch_labels = None
depends_on = None

MOMENTS = ("edited_at", "withdrawn_at", "answer_edited_at", "answer_withdrawn_at", "told_at", "answer_told_at")


def upgrade() -> None:
    for table in ("declarations", "questions"):
        op.add_column(table, sa.Column("version", sa.BigInteger(), nullable=False, server_default="1"))
        op.alter_column(table, "version", server_default=None)
    for name in MOMENTS:
        op.add_column("questions", sa.Column(name, sa.DateTime(timezone=True), nullable=True))
    # What was asked and answered before is no news: nobody is written to about it.
    op.execute("update questions set told_at = created_at, answer_told_at = answered_at")


def downgrade() -> None:
    """What is withdrawn would be shown again, so it goes."""
    op.execute("delete from questions where withdrawn_at is not null")
    op.execute("update questions set answer = '', answered_at = null where answer_withdrawn_at is not null")
    for name in MOMENTS:
        op.drop_column("questions", name)
    for table in ("declarations", "questions"):
        op.drop_column(table, "version")
