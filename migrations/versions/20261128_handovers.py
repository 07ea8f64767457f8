"""the numbered document of each adoption

Revision ID: 20261128_handovers
Revises: 20261128_agreements
"""

from __future__ import annotations

revision = "20261128_handovers"
down_revision = "20261128_agreements"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
