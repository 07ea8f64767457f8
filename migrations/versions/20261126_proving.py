"""a bundle's own tests, run in the sandbox

Revision ID: 20261126_proving
Revises: 20261125_open_data
"""

from __future__ import annotations

revision = "20261126_proving"
down_revision = "20261125_open_data"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
