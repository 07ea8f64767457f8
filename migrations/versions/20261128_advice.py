"""what is said of a closed hole changes what the catalog tells

Revision ID: 20261128_advice
Revises: 20261128_programme
"""

from __future__ import annotations

from alembic import op

revision = "20261128_advice"
down_revision = "20261128_programme"
branch_labels = None
depends_on = None

# As on the tables before it: at the commit, once in each transaction (20261125_open_data).
TRIGGER = """
create constraint trigger note_catalog_change after insert or delete or update on security_releases
deferrable initially deferred for each row execute function note_catalog_change()
"""


def upgrade() -> None:
    op.execute(TRIGGER)


def downgrade() -> None:
    op.execute("drop trigger note_catalog_change on security_releases")
