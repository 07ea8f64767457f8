"""second factors: one-time passwords, passkeys, recovery codes

Revision ID: 20261128_factors
Revises: 20261128_notices
"""

from __future__ import annotations

revision = "20261128_factors"
down_revision = "20261128_notices"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
