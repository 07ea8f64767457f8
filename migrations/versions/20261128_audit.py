"""each line of the audit log carries the digest of the one before

Revision ID: 20261128_audit
Revises: 20261128_assistance
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from registry.core import rls

revision = "20261128_audit"
down_revision = "20261128_assistance"
branch_labels = None
depends_on = None

GUARD = "audit_links_is_append_only"


def upgrade() -> None:
    op.create_table(
        "audit_links",
        sa.Column("entry_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("tenant_id", sa.BigInteger(), nullable=True),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("chain", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["audit_entries.id"], name="fk_audit_links_entry_id"),
        sa.ForeignKeyConstraint(["tenant_id"], ["cities.id"], name="fk_audit_links_tenant_id"),
        sa.PrimaryKeyConstraint("entry_id", name="pk_audit_links"),
        sa.UniqueConstraint(
            "tenant_id", "number", name="uq_audit_links_tenant_id_number", postgresql_nulls_not_distinct=True
        ),
    )
    for statement in rls.append_only("audit_links"):
        op.execute(statement)
    op.create_table(
        "audit_checks",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lines", sa.BigInteger(), nullable=False),
        sa.Column("fault", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit_checks"),
    )
    for statement in rls.grant("audit_checks"):
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("audit_checks")
    op.drop_table("audit_links")
    op.execute(f"drop function {GUARD}()")
