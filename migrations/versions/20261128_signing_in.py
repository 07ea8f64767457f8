"""sessions, links by mail, OpenID Connect, what a token may do

Revision ID: 20261128_signing_in
Revises: 20261128_factors
"""

from __future__ import annotations

revision = "20261128_signing_in"
down_revision = "20261128_factors"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
