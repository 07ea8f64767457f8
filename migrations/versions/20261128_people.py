"""units as a tree, invitations, appointments

Revision ID: 20261128_people
Revises: 20261128_handovers
"""

from __future__ import annotations

revision = "20261128_people"
down_revision = "20261128_handovers"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
