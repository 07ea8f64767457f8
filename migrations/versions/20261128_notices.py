"""what people are told, and how they want to be told

Revision ID: 20261128_notices
Revises: 20261127_signatures
"""

from __future__ import annotations

revision = "20261128_notices"
down_revision = "20261127_signatures"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
