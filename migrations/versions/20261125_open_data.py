"""who wants to be told: webhooks and their deliveries

Revision ID: 20261125_open_data
Revises: 20261125_choosing
"""

from __future__ import annotations

revision = "20261125_open_data"
down_revision = "20261125_choosing"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
