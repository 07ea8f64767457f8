"""each line of the audit log carries the digest of the one before

Revision ID: 20261128_audit
Revises: 20261128_assistance
"""

from __future__ import annotations

revision = "20261128_audit"
down_revision = "20261128_assistance"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
