"""backups, drills and what they keep

Revision ID: 20261124_backups
Revises: 20261124_connect
"""

from __future__ import annotations

revision = "20261124_backups"
down_revision = "20261124_connect"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
