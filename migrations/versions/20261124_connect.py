"""the way out: grants, mail of plugins, their figures

Revision ID: 20261124_connect
Revises: 20261124_host
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from registry.core import rls

revision = "20261124_connect"
down_revision = "20261124_host"
branch_labels = None
depends_on = None

TABLES = ("grants", "kpis", "outward")


def upgrade() -> None:
    _table(
        "grants",
        ["deployment_id", "kind", "name"],
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.Column("denied", sa.BigInteger(), nullable=False),
        sa.Column("denied_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kind in ('sibling', 'egress', 'mail')", name=op.f("ck_grants_kind")),
        sa.CheckConstraint("state in ('asked', 'given', 'refused', 'revoked')", name=op.f("ck_grants_state")),
    )
    _table(
        "kpis",
        ["deployment_id", "name", "day"],
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("value", sa.Float(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("label_id", sa.Text(), nullable=False),
        sa.Column("label_en", sa.Text(), nullable=False),
    )
    _table(
        "outward",
        ["deployment_id", "day"],
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("mails", sa.BigInteger(), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
    )


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)


def _table(name: str, unique: list[str], *parts: sa.schema.SchemaItem) -> None:
    """A city's own table about a deployment."""
    op.create_table(
        name,
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("tenant_id", sa.BigInteger(), nullable=False),
        sa.Column("deployment_id", sa.BigInteger(), nullable=False),
        *parts,
        sa.ForeignKeyConstraint(["tenant_id"], ["cities.id"], name=op.f(f"fk_{name}_tenant_id")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "deployment_id"],
            ["deployments.tenant_id", "deployments.id"],
            name=op.f(f"fk_{name}_tenant_id_deployment_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")),
        sa.UniqueConstraint(*unique, name=op.f(f"uq_{name}_{'_'.join(unique)}")),
    )
    op.create_index(f"ix_{name}_tenant_id", name, ["tenant_id"])
    for statement in rls.protect(name):
        op.execute(statement)
