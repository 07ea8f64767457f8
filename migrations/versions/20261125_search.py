"""words of the search

Revision ID: 20261125_search
Revises: 20261125_catalog
"""

from __future__ import annotations

revision = "20261125_search"
down_revision = "20261125_catalog"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
