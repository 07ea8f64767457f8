"""the way out: grants, mail of plugins, their figures

Revision ID: 20261124_connect
Revises: 20261124_host
"""

from __future__ import annotations

revision = "20261124_connect"
down_revision = "20261124_host"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
