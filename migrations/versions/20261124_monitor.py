"""samples and alerts

Revision ID: 20261124_monitor
Revises: 20261124_operations
"""

from __future__ import annotations

revision = "20261124_monitor"
down_revision = "20261124_operations"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
