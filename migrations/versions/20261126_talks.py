"""questions and declarations can be changed and withdrawn

Revision ID: 20261126_talks
Revises: 20261126_proving
"""

from __future__ import annotations

revision = "20261126_talks"
down_revision = "20261126_proving"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
