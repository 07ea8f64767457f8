"""a bundle's own tests, run in the sandbox

Revision ID: 20261126_proving
Revises: 20261125_open_data
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from registry.core import rls

revision = "20261126_proving"
down_revision = "20261125_open_data"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
TEXTS = ("tree", "lock", "runtime", "environment", "state", "reason", "detail", "log", "version")
COUNTS = ("passed", "failed", "skipped", "errors", "attempts")


def upgrade() -> None:
    op.create_table(
        "provings",
        sa.Column("id", sa.BigInteger(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in TEXTS),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in COUNTS),
        sa.Column("seconds", sa.Float(), nullable=False),
        sa.Column("failures", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("source", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("city_id", sa.BigInteger(), nullable=False),
        sa.Column("asked_by", sa.BigInteger(), nullable=True),
        sa.Column("job_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("finished_at", MOMENT, nullable=True),
        sa.CheckConstraint(
            "state in ('wanted', 'running', 'passed', 'failed', 'broken')", name=op.f("ck_provings_state")
        ),
        sa.ForeignKeyConstraint(["city_id"], ["cities.id"], name=op.f("fk_provings_city_id")),
        sa.ForeignKeyConstraint(["asked_by"], ["users.id"], name=op.f("fk_provings_asked_by"), ondelete="set null"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provings")),
    )
    op.create_index("ix_provings_tree_id", "provings", ["tree", "id"])
    op.create_index("ix_provings_city_id", "provings", ["city_id"])
    op.create_index(
        "one_open_proving", "provings", ["tree"], unique=True,
        postgresql_where=sa.text("state in ('wanted', 'running')"),
    )  # fmt: skip
    for statement in rls.grant("provings"):
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("provings")
