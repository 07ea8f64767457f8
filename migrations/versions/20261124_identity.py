"""who signed out everywhere; the unit a person enters a plugin for

Revision ID: 20261124_identity
Revises: 20261124_monitor
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from registry.core import rls

revision = "20261124_identity"
down_revision = "20261124_monitor"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("entry_codes", sa.Column("opd_id", sa.BigInteger(), nullable=True))
    op.create_table(
        "sign_outs",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("city_id", sa.BigInteger(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_sign_outs_user_id"), ondelete="cascade"),
        sa.ForeignKeyConstraint(["city_id"], ["cities.id"], name=op.f("fk_sign_outs_city_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_outs")),
    )
    op.create_index("ix_sign_outs_user_id_at", "sign_outs", ["user_id", "at"])
    for statement in rls.grant("sign_outs"):
        op.execute(statement)
    op.execute(f"grant usage on all sequences in schema public to {rls.APP_ROLE}")
    op.execute(f"alter default privileges in schema public grant usage on sequences to {rls.APP_ROLE}")


def downgrade() -> None:
    op.execute(f"alter default privileges in schema public revoke usage on sequences from {rls.APP_ROLE}")
    op.drop_table("sign_outs")
    op.drop_column("entry_codes", "opd_id")
