"""what forks weigh, their upkeep, leaving and removal

Revision ID: 20261127_keeping
Revises: 20261126_talks
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from registry.core import rls

revision = "20261127_keeping"
down_revision = "20261126_talks"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _repositories()
    _quotas()
    _removals()


def _repositories() -> None:
    op.create_table(
        "repositories",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("tenant_id", sa.BigInteger(), nullable=False),
        sa.Column("app_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.Column("packs", sa.BigInteger(), nullable=False),
        sa.Column("loose", sa.BigInteger(), nullable=False),
        sa.Column("whole", sa.Boolean(), nullable=False),
        sa.Column("measured_at", MOMENT, nullable=False),
        sa.Column("kept_at", MOMENT, nullable=True),
        sa.Column("kept", sa.Text(), nullable=False),
        sa.Column("packed_at", MOMENT, nullable=True),
        sa.Column("packed_bytes", sa.BigInteger(), nullable=False),
        sa.Column("checked_at", MOMENT, nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("faults", JSONB(), nullable=False),
        sa.CheckConstraint("kind in ('upstream', 'pool', 'fork')", name=op.f("ck_repositories_kind")),
        sa.CheckConstraint(
            "state in ('unchecked', 'sound', 'repaired', 'broken', 'lost')", name=op.f("ck_repositories_state")
        ),
        sa.ForeignKeyConstraint(["app_id"], ["apps.id"], name=op.f("fk_repositories_app_id"), ondelete="cascade"),
        *_owned("repositories"),
        sa.UniqueConstraint("tenant_id", "id", name=op.f("uq_repositories_tenant_id_id")),
        sa.UniqueConstraint("tenant_id", "app_id", "kind", name=op.f("uq_repositories_tenant_id_app_id_kind")),
    )
    op.create_index(op.f("ix_repositories_app_id"), "repositories", ["app_id"])
    _protect("repositories")


def _quotas() -> None:
    op.create_table(
        "fork_quotas",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("tenant_id", sa.BigInteger(), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.Column("set_at", MOMENT, nullable=False),
        sa.CheckConstraint("bytes >= 0", name=op.f("ck_fork_quotas_bytes")),
        *_owned("fork_quotas"),
        sa.UniqueConstraint("tenant_id", name=op.f("uq_fork_quotas_tenant_id")),
    )
    _protect("fork_quotas")


def _removals() -> None:
    op.create_table(
        "fork_removals",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("tenant_id", sa.BigInteger(), nullable=False),
        sa.Column("fork_id", sa.BigInteger(), nullable=False),
        sa.Column("asked_by", sa.Text(), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("warned_at", MOMENT, nullable=True),
        sa.Column("purging", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "fork_id"],
            ["forks.tenant_id", "forks.id"],
            name=op.f("fk_fork_removals_tenant_id_fork_id"),
            ondelete="cascade",
        ),
        *_owned("fork_removals"),
        sa.UniqueConstraint("tenant_id", "fork_id", name=op.f("uq_fork_removals_tenant_id_fork_id")),
    )
    _protect("fork_removals")


def _owned(table: str) -> tuple[sa.Constraint, ...]:
    return (
        sa.ForeignKeyConstraint(["tenant_id"], ["cities.id"], name=op.f(f"fk_{table}_tenant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )


def _protect(table: str) -> None:
    op.create_index(op.f(f"ix_{table}_tenant_id"), table, ["tenant_id"])
    for statement in rls.protect(table):
        op.execute(statement)


def downgrade() -> None:
    for table in ("fork_removals", "fork_quotas", "repositories"):
        op.drop_table(table)
