"""adoption over time

Revision ID: 20261128_programme
Revises: 20261128_audit
"""

from __future__ import annotations

revision = "20261128_programme"
down_revision = "20261128_audit"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
