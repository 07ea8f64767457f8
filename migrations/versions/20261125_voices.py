"""what cities say of an app: declarations, questions

Revision ID: 20261125_voices
Revises: 20261125_search
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from registry.core import rls

revision = "20261125_voices"
down_revision = "20261125_search"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "declarations",
        *_columns("declarations"),
        sa.Column("use_case", sa.Text(), nullable=False),
        sa.Column("instance_url", sa.Text(), nullable=False),
        sa.Column("experience", sa.Text(), nullable=False),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.Column("withdrawn_at", MOMENT, nullable=True),
        sa.UniqueConstraint("app_id", "city_id", name=op.f("uq_declarations_app_id_city_id")),
    )
    op.create_index("ix_declarations_city_id", "declarations", ["city_id"])
    op.create_table(
        "questions",
        *_columns("questions"),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_at", MOMENT, nullable=True),
    )
    op.create_index("ix_questions_app_id", "questions", ["app_id"])
    op.create_index("ix_questions_city_id", "questions", ["city_id", "created_at"])
    for table in ("declarations", "questions"):
        for statement in rls.grant(table):
            op.execute(statement)


def _columns(table: str) -> list[sa.Column[object] | sa.Constraint]:
    """Who says it of which app, when, and whether it is hidden."""
    return [
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("app_id", sa.BigInteger(), nullable=False),
        sa.Column("city_id", sa.BigInteger(), nullable=False),
        sa.Column("author_id", sa.BigInteger(), nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("hidden_at", MOMENT, nullable=True),
        sa.Column("hidden_reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["app_id"], ["apps.id"], name=op.f(f"fk_{table}_app_id")),
        sa.ForeignKeyConstraint(["city_id"], ["cities.id"], name=op.f(f"fk_{table}_city_id")),
        sa.ForeignKeyConstraint(["author_id"], ["users.id"], name=op.f(f"fk_{table}_author_id"), ondelete="set null"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    ]


def downgrade() -> None:
    op.drop_table("questions")
    op.drop_table("declarations")
