"""what an app is found by and judged by; its end

Revision ID: 20261125_catalog
Revises: 20261124_identity
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261125_catalog"
down_revision = "20261124_identity"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
JSONB = postgresql.JSONB(astext_type=sa.Text())
LISTS = ("dimensions", "affairs", "audience", "needs")
TEXTS = ("runtime", "rating", "deprecation")
NEW = (*LISTS, *TEXTS, "described_only", "deprecated_at", "successor_id")


def upgrade() -> None:
    for name in LISTS:
        op.add_column("apps", sa.Column(name, JSONB, nullable=False, server_default="[]"))
    for name in TEXTS:
        op.add_column("apps", sa.Column(name, sa.Text(), nullable=False, server_default=""))
    op.add_column("apps", sa.Column("described_only", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("releases", sa.Column("rating", JSONB, nullable=False, server_default="{}"))
    for table, name in [*(("apps", name) for name in (*LISTS, *TEXTS, "described_only")), ("releases", "rating")]:
        op.alter_column(table, name, server_default=None)
    op.add_column("apps", sa.Column("deprecated_at", MOMENT, nullable=True))
    op.add_column("apps", sa.Column("successor_id", sa.BigInteger(), nullable=True))
    op.create_foreign_key(op.f("fk_apps_successor_id"), "apps", "apps", ["successor_id"], ["id"])
    op.create_index(op.f("ix_apps_successor_id"), "apps", ["successor_id"], unique=False)


def downgrade() -> None:
    op.drop_column("releases", "rating")
    for name in reversed(NEW):
        op.drop_column("apps", name)
