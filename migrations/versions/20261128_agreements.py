"""agreements as objects: scope, terms, parties, scans, history

Revision ID: 20261128_agreements
Revises: 20261128_joining
"""

from __future__ import annotations

revision = "20261128_agreements"
down_revision = "20261128_joining"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
