"""who may sign: keys of people; and the list of everything released

Revision ID: 20261127_signatures
Revises: 20261127_proposals
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from registry.core import rls

revision = "20261127_signatures"
down_revision = "20261127_proposals"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
GUARD = "transparency_lines_is_append_only"


def upgrade() -> None:
    op.create_table(
        "person_keys",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("revoked_at", MOMENT, nullable=True),
        sa.CheckConstraint("kind in ('ssh', 'openpgp')", name=op.f("ck_person_keys_kind")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_person_keys_user_id"), ondelete="cascade"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_keys")),
        sa.UniqueConstraint("fingerprint", name=op.f("uq_person_keys_fingerprint")),
    )
    op.create_index(op.f("ix_person_keys_user_id"), "person_keys", ["user_id"])
    for statement in rls.grant("person_keys"):
        op.execute(statement)
    _log()


def _log() -> None:
    """What the releases' checksums were; the database itself refuses to change a line."""
    words = ("sha256", "app", "version", "kind")
    op.create_table(
        "transparency_lines",
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        *(sa.Column(word, sa.Text(), nullable=False) for word in words),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("chain", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_transparency_lines")),
        sa.UniqueConstraint("app", "version", "kind", name=op.f("uq_transparency_lines_app_version_kind")),
    )
    op.execute(f"grant select, insert on transparency_lines to {rls.APP_ROLE}")
    op.execute(
        f"create function {GUARD}() returns trigger language plpgsql as "
        "$$ begin raise exception 'transparency_lines is append-only'; end $$"
    )
    op.execute(
        "create trigger append_only before update or delete or truncate on transparency_lines "
        f"for each statement execute function {GUARD}()"
    )


def downgrade() -> None:
    op.drop_table("transparency_lines")
    op.execute(f"drop function {GUARD}()")
    op.drop_table("person_keys")
