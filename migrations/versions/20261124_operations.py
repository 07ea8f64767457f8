"""waves, scheduled tasks, custom domains

Revision ID: 20261124_operations
Revises: 20261124_backups
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from registry.core import rls

revision = "20261124_operations"
down_revision = "20261124_backups"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _task_plans()
    _domains()
    _waves()
    _wave_members()


def _task_plans() -> None:
    op.create_table(
        "task_plans",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("tenant_id", sa.BigInteger(), nullable=False),
        sa.Column("deployment_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("paused", sa.Boolean(), nullable=False),
        sa.Column("handled_until", MOMENT, nullable=False),
        *_owned("task_plans"),
        sa.UniqueConstraint("deployment_id", "name", name=op.f("uq_task_plans_deployment_id_name")),
    )
    _protect("task_plans")


def _domains() -> None:
    op.create_table(
        "domains",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("tenant_id", sa.BigInteger(), nullable=False),
        sa.Column("deployment_id", sa.BigInteger(), nullable=False),
        sa.Column("hostname", sa.Text(), nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("misses", sa.BigInteger(), nullable=False),
        sa.Column("verified_at", MOMENT, nullable=True),
        sa.Column("checked_at", MOMENT, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        *_owned("domains"),
        sa.UniqueConstraint("deployment_id", "hostname", name=op.f("uq_domains_deployment_id_hostname")),
    )
    verified = sa.text("verified_at is not null")
    op.create_index("uq_domains_verified", "domains", ["hostname"], unique=True, postgresql_where=verified)
    _protect("domains")


def _waves() -> None:
    op.create_table(
        "waves",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("app_id", sa.BigInteger(), nullable=False),
        sa.Column("canary", sa.BigInteger(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("pause_minutes", sa.BigInteger(), nullable=False),
        sa.Column("tolerated", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("step", sa.BigInteger(), nullable=False),
        sa.Column("resume_at", MOMENT, nullable=False),
        sa.Column("forgiven", sa.BigInteger(), nullable=False),
        sa.Column("created_by", sa.BigInteger(), nullable=True),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("finished_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["app_id"], ["apps.id"], name=op.f("fk_waves_app_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_waves")),
    )
    for statement in rls.grant("waves"):
        op.execute(statement)


def _wave_members() -> None:
    op.create_table(
        "wave_members",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("tenant_id", sa.BigInteger(), nullable=False),
        sa.Column("wave_id", sa.BigInteger(), nullable=False),
        sa.Column("deployment_id", sa.BigInteger(), nullable=False),
        sa.Column("step", sa.BigInteger(), nullable=False),
        sa.Column("job_id", sa.Uuid(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("from_version", sa.Text(), nullable=False),
        sa.Column("finished_at", MOMENT, nullable=True),
        *_owned("wave_members"),
        sa.ForeignKeyConstraint(["wave_id"], ["waves.id"], name=op.f("fk_wave_members_wave_id"), ondelete="cascade"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "job_id"], ["jobs.tenant_id", "jobs.id"], name=op.f("fk_wave_members_tenant_id_job_id")
        ),
        sa.UniqueConstraint("wave_id", "deployment_id", name=op.f("uq_wave_members_wave_id_deployment_id")),
    )
    op.create_index("ix_wave_members_wave_id", "wave_members", ["wave_id"])
    _protect("wave_members")


def _owned(table: str) -> list[sa.Constraint]:
    """The keys every table about a deployment has."""
    return [
        sa.ForeignKeyConstraint(["tenant_id"], ["cities.id"], name=op.f(f"fk_{table}_tenant_id")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "deployment_id"],
            ["deployments.tenant_id", "deployments.id"],
            name=op.f(f"fk_{table}_tenant_id_deployment_id"),
            ondelete="cascade",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    ]


def _protect(table: str) -> None:
    op.create_index(f"ix_{table}_tenant_id", table, ["tenant_id"])
    for statement in rls.protect(table):
        op.execute(statement)


def downgrade() -> None:
    for table in ("wave_members", "waves", "domains", "task_plans"):
        op.drop_table(table)
