"""backups, drills and what they keep

Revision ID: 20261124_backups
Revises: 20261124_connect
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from registry.core import rls

revision = "20261124_backups"
down_revision = "20261124_connect"
branch_labels = None
depends_on = None

TABLES = ("backups", "backup_policies")


def upgrade() -> None:
    _backups()
    _policies()
    for table in TABLES:
        op.create_index(f"ix_{table}_tenant_id", table, ["tenant_id"])
        for statement in rls.protect(table):
            op.execute(statement)


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)


def _backups() -> None:
    op.create_table(
        "backups",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("tenant_id", sa.BigInteger(), nullable=False),
        sa.Column("deployment_id", sa.BigInteger(), nullable=False),
        sa.Column("revision_id", sa.BigInteger(), nullable=True),
        sa.Column("job_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("snapshot", sa.Text(), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.Column("files", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("drilled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("drill", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.CheckConstraint("reason in ('scheduled', 'manual', 'before_removal')", name=op.f("ck_backups_reason")),
        sa.CheckConstraint("state in ('making', 'kept', 'failed', 'forgotten')", name=op.f("ck_backups_state")),
        sa.CheckConstraint(
            "state <> 'kept' or (snapshot <> '' and revision_id is not null)", name=op.f("ck_backups_kept")
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["cities.id"], name=op.f("fk_backups_tenant_id")),
        _of_citys("backups", "deployment_id", "deployments"),
        _of_citys("backups", "revision_id", "revisions"),
        _of_citys("backups", "job_id", "jobs"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_backups")),
        sa.UniqueConstraint("tenant_id", "id", name=op.f("uq_backups_tenant_id_id")),
    )
    op.create_index("ix_backups_deployment_id", "backups", ["deployment_id", "created_at"])
    making = sa.text("state = 'making'")
    op.create_index("uq_backups_one_making", "backups", ["deployment_id"], unique=True, postgresql_where=making)


def _policies() -> None:
    op.create_table(
        "backup_policies",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("tenant_id", sa.BigInteger(), nullable=False),
        sa.Column("deployment_id", sa.BigInteger(), nullable=False),
        sa.Column("every", sa.Text(), nullable=False),
        sa.Column("hour", sa.BigInteger(), nullable=False),
        sa.Column("daily", sa.BigInteger(), nullable=False),
        sa.Column("weekly", sa.BigInteger(), nullable=False),
        sa.Column("monthly", sa.BigInteger(), nullable=False),
        sa.Column("drills", sa.Boolean(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("every in ('hourly', 'daily', 'weekly', 'off')", name=op.f("ck_backup_policies_every")),
        sa.CheckConstraint("hour between 0 and 23", name=op.f("ck_backup_policies_hour")),
        sa.ForeignKeyConstraint(["tenant_id"], ["cities.id"], name=op.f("fk_backup_policies_tenant_id")),
        _of_citys("backup_policies", "deployment_id", "deployments", ondelete="cascade"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_backup_policies")),
        sa.UniqueConstraint("deployment_id", name=op.f("uq_backup_policies_deployment_id")),
    )


def _of_citys(table: str, column: str, other: str, ondelete: str | None = None) -> sa.ForeignKeyConstraint:
    """A reference that cannot name another city's row."""
    return sa.ForeignKeyConstraint(
        ["tenant_id", column],
        [f"{other}.tenant_id", f"{other}.id"],
        name=op.f(f"fk_{table}_tenant_id_{column}"),
        ondelete=ondelete,
    )
