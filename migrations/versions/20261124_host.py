"""what the host is asked besides running: errands; pins, maintenance and trial copies of deployments

Revision ID: 20261124_host
Revises: 20261123_first_tables
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from registry.core import rls

revision = "20261124_host"
down_revision = "20261123_first_tables"
branch_labels = None
depends_on = None

KEEP_SOURCES = """
update switches s set data_source = 'snapshots/' || r.number
  from revisions r where r.id = s.to_revision_id and s.restore_snapshot
"""


def upgrade() -> None:
    op.add_column("deployments", sa.Column("pinned", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("deployments", sa.Column("maintenance", sa.Text(), server_default="", nullable=False))
    op.add_column("deployments", sa.Column("follows", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("deployments", sa.Column("trial_of", sa.BigInteger(), nullable=True))
    op.add_column("deployments", sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True))
    for column in ("pinned", "maintenance", "follows"):
        op.alter_column("deployments", column, server_default=None)
    op.add_column("switches", sa.Column("data_source", sa.Text(), nullable=True))
    op.execute(KEEP_SOURCES)
    op.drop_column("switches", "restore_snapshot")
    op.create_table(
        "errands",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("tenant_id", sa.BigInteger(), nullable=False),
        sa.Column("deployment_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("argument", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("result", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["tenant_id"], ["cities.id"], name=op.f("fk_errands_tenant_id")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "deployment_id"],
            ["deployments.tenant_id", "deployments.id"],
            name=op.f("fk_errands_tenant_id_deployment_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_errands")),
        sa.UniqueConstraint("tenant_id", "id", name=op.f("uq_errands_tenant_id_id")),
    )
    op.create_index("ix_errands_tenant_id", "errands", ["tenant_id"])
    op.create_index("ix_errands_deployment_id", "errands", ["deployment_id"])
    op.create_index("ix_errands_open", "errands", ["id"], postgresql_where=sa.text("state in ('pending', 'running')"))
    for statement in rls.protect("errands"):
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("errands")
    op.add_column("switches", sa.Column("restore_snapshot", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.alter_column("switches", "restore_snapshot", server_default=None)
    op.execute("update switches set restore_snapshot = data_source like 'snapshots/%' where data_source is not null")
    op.drop_column("switches", "data_source")
    for column in ("removed_at", "trial_of", "follows", "maintenance", "pinned"):
        op.drop_column("deployments", column)
