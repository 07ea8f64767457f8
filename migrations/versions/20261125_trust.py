"""trust in releases

Revision ID: 20261125_trust
Revises: 20261125_voices
"""

from __future__ import annotations

revision = "20261125_trust"
down_revision = "20261125_voices"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
