"""shortlists: items, notes, votes, decisions

Revision ID: 20261125_choosing
Revises: 20261125_trust
"""

from __future__ import annotations

revision = "20261125_choosing"
down_revision = "20261125_trust"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
