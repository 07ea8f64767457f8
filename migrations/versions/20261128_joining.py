"""regions, and what an application says, asks and answers

Revision ID: 20261128_joining
Revises: 20261128_signing_in
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from registry.core import rls

revision = "20261128_joining"
down_revision = "20261128_signing_in"
branch_labels = None
depends_on = None

KINDS = (
    "kind in ('applied', 'asked', 'answered', 'admitted', 'declined', 'reapplied', 'proved', 'checked',"
    " 'corrected', 'letter')"
)
PUBLIC = ("regions", "former_codes", "region_lists", "join_drafts")
OWNED = ("applications", "application_notes")


def upgrade() -> None:
    _regions()
    _drafts()
    _applications()
    for table in PUBLIC:
        for statement in rls.grant(table):
            op.execute(statement)
    for table in OWNED:
        for statement in rls.protect(table):
            op.execute(statement)


def _regions() -> None:
    op.create_table(
        "regions",
        sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
        sa.Column("code", sa.Text, nullable=False, unique=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("province", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("words", sa.Text, nullable=False, index=True),
        sa.Column("by_hand", sa.Boolean, nullable=False),
        sa.CheckConstraint("kind in ('kota', 'kabupaten')", name="kind"),
    )
    op.create_table(
        "former_codes",
        sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
        sa.Column("code", sa.Text, nullable=False, unique=True),
        sa.Column(
            "region_id", sa.BigInteger, sa.ForeignKey("regions.id", ondelete="cascade"), nullable=False, index=True
        ),
    )
    op.create_table(
        "region_lists",
        sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("actor", "name", "digest")),
        *(
            sa.Column(name, sa.BigInteger, nullable=False)
            for name in ("added", "changed", "renumbered", "unchanged", "missing")
        ),
    )


def _drafts() -> None:
    op.create_table(
        "join_drafts",
        sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
        sa.Column("digest", sa.Text, nullable=False, unique=True),
        sa.Column("user_id", sa.BigInteger, sa.ForeignKey("users.id", ondelete="cascade"), unique=True),
        sa.Column("answers", postgresql.JSONB, nullable=False),
        sa.Column("mailed_to", sa.Text, nullable=False),
        sa.Column("mailed_at", sa.DateTime(timezone=True)),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False, index=True),
    )


def _applications() -> None:
    texts = ("head", "mail", "phone", "proof_mail", "proven_by", "proven_how", "letter_digest", "letter_name",
             "letter_kind", "letter_number")  # fmt: skip
    op.create_table(
        "applications",
        sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
        sa.Column("tenant_id", sa.BigInteger, sa.ForeignKey("cities.id"), nullable=False, index=True),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.Column("round", sa.BigInteger, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("applicant_id", sa.BigInteger, sa.ForeignKey("users.id", ondelete="set null")),
        sa.Column("proof", sa.Text, nullable=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in texts),
        sa.Column("proven_at", sa.DateTime(timezone=True)),
        sa.Column("letter_size", sa.BigInteger, nullable=False),
        sa.Column("letter_on", sa.Date),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("tenant_id"),
        sa.CheckConstraint("state in ('waiting', 'asked', 'admitted', 'declined')", name="state"),
        sa.CheckConstraint("proof in ('mail', 'letter', 'other')", name="proof"),
    )
    op.create_table(
        "application_notes",
        sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
        sa.Column("tenant_id", sa.BigInteger, sa.ForeignKey("cities.id"), nullable=False, index=True),
        sa.Column("round", sa.BigInteger, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.BigInteger),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.CheckConstraint(KINDS, name="kind"),
    )


def downgrade() -> None:
    for table in (*reversed(OWNED), "join_drafts", "region_lists", "former_codes", "regions"):
        op.drop_table(table)
