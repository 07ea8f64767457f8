"""what cities say of an app: declarations, questions

Revision ID: 20261125_voices
Revises: 20261125_search
"""

from __future__ import annotations

revision = "20261125_voices"
down_revision = "20261125_search"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
