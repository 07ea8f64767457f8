"""regions, and what an application says, asks and answers

Revision ID: 20261128_joining
Revises: 20261128_signing_in
"""

from __future__ import annotations

revision = "20261128_joining"
down_revision = "20261128_signing_in"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
