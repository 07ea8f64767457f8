"""requests for assistance and the answers kept

Revision ID: 20261128_assistance
Revises: 20261128_people
"""

from __future__ import annotations

revision = "20261128_assistance"
down_revision = "20261128_people"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
