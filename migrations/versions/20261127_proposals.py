"""proposals from forks to their upstream

Revision ID: 20261127_proposals
Revises: 20261127_following
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from registry.core import rls

revision = "20261127_proposals"
down_revision = "20261127_following"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
PROPOSAL_WORDS = ("title", "text", "branch", "state", "waits_for", "head", "target", "base", "offer", "trial", "fit",
                  "way", "result")  # fmt: skip
REMARK_WORDS = ("kind", "side", "text", "head", "path", "line_side", "line_text")


def upgrade() -> None:
    _proposals()
    _remarks()
    _variants()
    for table in ("proposals", "proposal_remarks", "variant_requests"):
        for statement in rls.grant(table):
            op.execute(statement)


def _proposals() -> None:
    op.create_table(
        "proposals",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("app_id", sa.BigInteger(), nullable=False),
        sa.Column("city_id", sa.BigInteger(), nullable=False),
        sa.Column("author_id", sa.BigInteger(), nullable=True),
        *(sa.Column(name, sa.Text(), nullable=False) for name in PROPOSAL_WORDS),
        sa.Column("conflicts", JSONB(), nullable=False),
        sa.Column("counts", JSONB(), nullable=False),
        sa.Column("decided_by", sa.BigInteger(), nullable=True),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["app_id"], ["apps.id"], name=op.f("fk_proposals_app_id")),
        sa.ForeignKeyConstraint(["city_id"], ["cities.id"], name=op.f("fk_proposals_city_id")),
        _person("proposals", "author_id"),
        _person("proposals", "decided_by"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposals")),
    )
    op.create_index("ix_proposals_app_id", "proposals", ["app_id", "state"])
    op.create_index("ix_proposals_city_id", "proposals", ["city_id", "state"])
    op.create_index(
        "uq_proposals_one_open", "proposals", ["app_id", "city_id", "branch"], unique=True,
        postgresql_where=sa.text("state in ('open', 'deciding')"),
    )  # fmt: skip


def _remarks() -> None:
    op.create_table(
        "proposal_remarks",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("proposal_id", sa.BigInteger(), nullable=False),
        sa.Column("city_id", sa.BigInteger(), nullable=False),
        sa.Column("author_id", sa.BigInteger(), nullable=True),
        *(sa.Column(name, sa.Text(), nullable=False) for name in REMARK_WORDS),
        sa.Column("line", sa.BigInteger(), nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("told_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposals.id"], name=op.f("fk_proposal_remarks_proposal_id"), ondelete="cascade"
        ),
        sa.ForeignKeyConstraint(["city_id"], ["cities.id"], name=op.f("fk_proposal_remarks_city_id")),
        _person("proposal_remarks", "author_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal_remarks")),
    )
    op.create_index("ix_proposal_remarks_proposal_id", "proposal_remarks", ["proposal_id"])


def _variants() -> None:
    op.create_table(
        "variant_requests",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("app_id", sa.BigInteger(), nullable=False),
        sa.Column("city_id", sa.BigInteger(), nullable=False),
        sa.Column("author_id", sa.BigInteger(), nullable=True),
        *(sa.Column(name, sa.Text(), nullable=False)
          for name in ("name", "slug", "why", "head", "version", "state", "reason")),
        sa.Column("decided_by", sa.BigInteger(), nullable=True),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["app_id"], ["apps.id"], name=op.f("fk_variant_requests_app_id")),
        sa.ForeignKeyConstraint(["city_id"], ["cities.id"], name=op.f("fk_variant_requests_city_id")),
        _person("variant_requests", "author_id"),
        _person("variant_requests", "decided_by"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_variant_requests")),
    )  # fmt: skip
    op.create_index(
        "uq_variant_requests_one_open", "variant_requests", ["app_id", "city_id"], unique=True,
        postgresql_where=sa.text("state = 'asked'"),
    )  # fmt: skip


def _person(table: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], ["users.id"], name=op.f(f"fk_{table}_{column}"), ondelete="set null")


def downgrade() -> None:
    op.drop_table("variant_requests")
    op.drop_table("proposal_remarks")
    op.drop_table("proposals")
