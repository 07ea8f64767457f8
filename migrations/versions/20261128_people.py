"""units as a tree, invitations, appointments

Revision ID: 20261128_people
Revises: 20261128_handovers
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from registry.core import rls

revision = "20261128_people"
down_revision = "20261128_handovers"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
OWNED = ("invitations", "appointment_reminders")
TREE = "fk_opd_tenant_id_parent_id"


def upgrade() -> None:
    """Units of before stand at the top."""
    op.add_column("opd", sa.Column("parent_id", sa.BigInteger(), nullable=True))
    op.create_foreign_key(TREE, "opd", "opd", ["tenant_id", "parent_id"], ["tenant_id", "id"])
    op.create_index(op.f("ix_opd_parent_id"), "opd", ["parent_id"])
    _invitations()
    _reminders()
    for table in OWNED:
        for statement in rls.protect(table):
            op.execute(statement)


def _invitations() -> None:
    op.create_table(
        "invitations",
        sa.Column("id", sa.BigInteger(), sa.Identity(), primary_key=True),
        sa.Column("tenant_id", sa.BigInteger(), sa.ForeignKey("cities.id"), nullable=False, index=True),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("email", "name", "role", "plugin")),
        sa.Column("opd_id", sa.BigInteger()),
        sa.Column("inviter_id", sa.BigInteger(), sa.ForeignKey("users.id", ondelete="set null")),
        sa.Column("inviter", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("sent", sa.BigInteger(), nullable=False),
        *(sa.Column(name, MOMENT, nullable=False) for name in ("made_at", "sent_at", "expires_at")),
        sa.Column("answered_at", MOMENT),
        sa.UniqueConstraint("tenant_id", "id"),
        sa.ForeignKeyConstraint(["tenant_id", "opd_id"], ["opd.tenant_id", "opd.id"]),
        sa.CheckConstraint("state in ('open', 'accepted', 'withdrawn')", name="state"),
        sa.CheckConstraint("role in ('maintainer', 'admin', 'auditor', 'administrator', 'operator')", name="role"),
        sa.CheckConstraint("(plugin = '') = (role in ('maintainer', 'admin', 'auditor'))", name="plugin"),
    )
    op.create_index(
        "uq_invitations_open", "invitations", ["tenant_id", "email", "role", "plugin"], unique=True,
        postgresql_where=sa.text("state = 'open'"),
    )  # fmt: skip


def _reminders() -> None:
    op.create_table(
        "appointment_reminders",
        sa.Column("id", sa.BigInteger(), sa.Identity(), primary_key=True),
        sa.Column("tenant_id", sa.BigInteger(), sa.ForeignKey("cities.id"), nullable=False, index=True),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.UniqueConstraint("tenant_id", "week"),
    )


def downgrade() -> None:
    for table in reversed(OWNED):
        op.drop_table(table)
    op.drop_index(op.f("ix_opd_parent_id"), "opd")
    op.drop_constraint(TREE, "opd", type_="foreignkey")
    op.drop_column("opd", "parent_id")
