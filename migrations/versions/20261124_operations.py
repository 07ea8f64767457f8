"""waves, scheduled tasks, custom domains

Revision ID: 20261124_operations
Revises: 20261124_backups
"""

from __future__ import annotations

revision = "20261124_operations"
down_revision = "20261124_backups"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
