"""shortlists: items, notes, votes, decisions

Revision ID: 20261125_choosing
Revises: 20261125_trust
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from registry.core import rls

revision = "20261125_choosing"
down_revision = "20261125_trust"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _items()
    _notes()
    _votes()


def _items() -> None:
    op.create_table(
        "shortlist_items",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("tenant_id", sa.BigInteger(), nullable=False),
        sa.Column("app_id", sa.BigInteger(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("opd_id", sa.BigInteger(), nullable=True),
        sa.Column("quarter", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=False),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.Column("removed_at", MOMENT, nullable=True),
        sa.Column("removed_by", sa.Text(), nullable=False),
        sa.CheckConstraint("decision in ('', 'adopt', 'later', 'not')", name=op.f("ck_shortlist_items_decision")),
        sa.CheckConstraint(
            "(decision = 'adopt') = (opd_id is not null and quarter <> '')", name=op.f("ck_shortlist_items_plan")
        ),
        sa.ForeignKeyConstraint(["app_id"], ["apps.id"], name=op.f("fk_shortlist_items_app_id"), ondelete="cascade"),
        _unit("shortlist_items"),
        *_owned("shortlist_items"),
        sa.UniqueConstraint("tenant_id", "app_id", name=op.f("uq_shortlist_items_tenant_id_app_id")),
        sa.UniqueConstraint("tenant_id", "id", name=op.f("uq_shortlist_items_tenant_id_id")),
    )
    _protect("shortlist_items")


def _notes() -> None:
    op.create_table(
        "shortlist_notes",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("tenant_id", sa.BigInteger(), nullable=False),
        sa.Column("item_id", sa.BigInteger(), nullable=False),
        sa.Column("author_id", sa.BigInteger(), nullable=True),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("edited_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["author_id"], ["users.id"], name=op.f("fk_shortlist_notes_author_id"), ondelete="set null"
        ),
        _item("shortlist_notes"),
        *_owned("shortlist_notes"),
    )
    _protect("shortlist_notes")


def _votes() -> None:
    op.create_table(
        "shortlist_votes",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("tenant_id", sa.BigInteger(), nullable=False),
        sa.Column("item_id", sa.BigInteger(), nullable=False),
        sa.Column("opd_id", sa.BigInteger(), nullable=False),
        sa.Column("choice", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("voter", sa.Text(), nullable=False),
        sa.Column("cast_at", MOMENT, nullable=False),
        sa.CheckConstraint("choice in ('yes', 'maybe', 'no')", name=op.f("ck_shortlist_votes_choice")),
        _item("shortlist_votes"),
        _unit("shortlist_votes", ondelete="cascade"),
        *_owned("shortlist_votes"),
        sa.UniqueConstraint("item_id", "opd_id", name=op.f("uq_shortlist_votes_item_id_opd_id")),
    )
    _protect("shortlist_votes")


def _owned(table: str) -> list[sa.Constraint]:
    return [
        sa.ForeignKeyConstraint(["tenant_id"], ["cities.id"], name=op.f(f"fk_{table}_tenant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    ]


def _item(table: str) -> sa.Constraint:
    return sa.ForeignKeyConstraint(
        ["tenant_id", "item_id"],
        ["shortlist_items.tenant_id", "shortlist_items.id"],
        name=op.f(f"fk_{table}_tenant_id_item_id"),
        ondelete="cascade",
    )


def _unit(table: str, ondelete: str | None = None) -> sa.Constraint:
    return sa.ForeignKeyConstraint(
        ["tenant_id", "opd_id"], ["opd.tenant_id", "opd.id"], name=op.f(f"fk_{table}_tenant_id_opd_id"),
        ondelete=ondelete,
    )  # fmt: skip


def _protect(table: str) -> None:
    op.create_index(op.f(f"ix_{table}_tenant_id"), table, ["tenant_id"])
    for statement in rls.protect(table):
        op.execute(statement)


def downgrade() -> None:
    for table in ("shortlist_votes", "shortlist_notes", "shortlist_items"):
        op.drop_table(table)
