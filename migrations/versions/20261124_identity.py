"""who signed out everywhere

Revision ID: 20261124_identity
Revises: 20261124_monitor
"""

from __future__ import annotations

revision = "20261124_identity"
down_revision = "20261124_monitor"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
