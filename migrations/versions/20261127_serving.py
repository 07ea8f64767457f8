"""deploy tokens, what a push may change in a fork, who pushed last

Revision ID: 20261127_serving
Revises: 20261127_keeping
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from registry.core import rls

revision = "20261127_serving"
down_revision = "20261127_keeping"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "deploy_tokens",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("tenant_id", sa.BigInteger(), nullable=False),
        sa.Column("app_id", sa.BigInteger(), nullable=False),
        sa.Column("fork_id", sa.BigInteger(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("write", sa.Boolean(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("used_at", MOMENT, nullable=True),
        sa.Column("revoked_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["app_id"], ["apps.id"], name=op.f("fk_deploy_tokens_app_id"), ondelete="cascade"),
        *_owned("deploy_tokens"),
        sa.UniqueConstraint("digest", name=op.f("uq_deploy_tokens_digest")),
    )
    op.create_index(op.f("ix_deploy_tokens_app_id"), "deploy_tokens", ["app_id"])
    op.create_index(op.f("ix_deploy_tokens_fork_id"), "deploy_tokens", ["fork_id"])
    op.create_table(
        "fork_gates",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("tenant_id", sa.BigInteger(), nullable=False),
        sa.Column("fork_id", sa.BigInteger(), nullable=False),
        sa.Column("rewrite_main", sa.Boolean(), nullable=False),
        sa.Column("move_release_tags", sa.Boolean(), nullable=False),
        sa.Column("pushed_by", sa.Text(), nullable=False),
        sa.Column("pushed_at", MOMENT, nullable=True),
        *_owned("fork_gates"),
        sa.UniqueConstraint("tenant_id", "fork_id", name=op.f("uq_fork_gates_tenant_id_fork_id")),
    )
    for table in ("deploy_tokens", "fork_gates"):
        op.create_index(op.f(f"ix_{table}_tenant_id"), table, ["tenant_id"])
        for statement in rls.protect(table):
            op.execute(statement)


def _owned(table: str) -> list[sa.Constraint]:
    return [
        sa.ForeignKeyConstraint(["tenant_id"], ["cities.id"], name=op.f(f"fk_{table}_tenant_id")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "fork_id"], ["forks.tenant_id", "forks.id"], name=op.f(f"fk_{table}_tenant_id_fork_id"),
            ondelete="cascade",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    ]  # fmt: skip


def downgrade() -> None:
    for table in ("fork_gates", "deploy_tokens"):
        op.drop_table(table)
