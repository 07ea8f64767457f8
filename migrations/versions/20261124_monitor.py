"""samples and alerts

Revision ID: 20261124_monitor
Revises: 20261124_operations
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from registry.core import rls

revision = "20261124_monitor"
down_revision = "20261124_operations"
branch_labels = None
depends_on = None

COUNTS = ("requests", "errors", "slow", "memory_bytes", "disk_bytes", "files", "wakes", "starts_ms", "processes",
          "killed", "stuck")  # fmt: skip


def upgrade() -> None:
    for table in ("samples", "sample_hours"):
        _figures(table)
    op.create_table(
        "alerts",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("tenant_id", sa.BigInteger(), nullable=False),
        sa.Column("deployment_id", sa.BigInteger(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("seen_by", sa.BigInteger(), nullable=True),
        *_owned("alerts"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alerts")),
    )
    op.create_index("ix_alerts_tenant_id", "alerts", ["tenant_id"])
    op.create_index(
        "uq_alerts_one_open",
        "alerts",
        ["tenant_id", "deployment_id", "kind"],
        unique=True,
        postgresql_where=sa.text("until is null"),
        postgresql_nulls_not_distinct=True,
    )
    for statement in rls.protect("alerts"):
        op.execute(statement)


def _figures(table: str) -> None:
    op.create_table(
        table,
        sa.Column("tenant_id", sa.BigInteger(), nullable=False),
        sa.Column("deployment_id", sa.BigInteger(), nullable=False),
        sa.Column("minute", sa.DateTime(timezone=True), nullable=False),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in COUNTS),
        sa.Column("histogram", postgresql.ARRAY(sa.BigInteger()), nullable=False),
        sa.Column("cpu_seconds", sa.Float(), nullable=False),
        sa.Column("read_only", sa.Boolean(), nullable=False),
        *_owned(table),
        sa.PrimaryKeyConstraint("deployment_id", "minute", name=op.f(f"pk_{table}")),
    )
    op.create_index(f"ix_{table}_tenant_id", table, ["tenant_id"])
    op.create_index(f"ix_{table}_minute", table, ["minute"])
    for statement in rls.protect(table):
        op.execute(statement)


def _owned(table: str) -> tuple[sa.ForeignKeyConstraint, ...]:
    return (
        sa.ForeignKeyConstraint(["tenant_id"], ["cities.id"], name=op.f(f"fk_{table}_tenant_id")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "deployment_id"],
            ["deployments.tenant_id", "deployments.id"],
            name=op.f(f"fk_{table}_tenant_id_deployment_id"),
            ondelete="cascade",
        ),
    )


def downgrade() -> None:
    for table in ("alerts", "sample_hours", "samples"):
        op.drop_table(table)
