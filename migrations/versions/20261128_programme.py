"""adoption over time

Revision ID: 20261128_programme
Revises: 20261128_audit
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from registry.core import rls

revision = "20261128_programme"
down_revision = "20261128_audit"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "adoption_months",
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("app_id", sa.BigInteger(), nullable=False),
        sa.Column("city_id", sa.BigInteger(), nullable=False),
        sa.Column("running", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["app_id"], ["apps.id"], name="fk_adoption_months_app_id", ondelete="cascade"),
        sa.ForeignKeyConstraint(["city_id"], ["cities.id"], name="fk_adoption_months_city_id"),
        sa.PrimaryKeyConstraint("month", "app_id", "city_id", name="pk_adoption_months"),
    )
    for statement in rls.grant("adoption_months"):
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("adoption_months")
