"""what people are told, and how they want to be told; mail that no server took

Revision ID: 20261128_notices
Revises: 20261127_signatures
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from registry.core import rls

revision = "20261128_notices"
down_revision = "20261127_signatures"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
TABLES = ("notifications", "notice_preferences", "mail_refusals")


def upgrade() -> None:
    _notifications()
    _preferences()
    _refusals()
    for table in TABLES:
        for statement in rls.grant(table):
            op.execute(statement)


def _notifications() -> None:
    op.create_table(
        "notifications",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("city_id", sa.BigInteger(), nullable=True),
        *(sa.Column(name, sa.Text(), nullable=False)
          for name in ("kind", "language", "subject", "link", "action", "thread")),
        sa.Column("paragraphs", JSONB(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        *(sa.Column(name, MOMENT, nullable=True) for name in ("read_at", "mail_at", "mailed_at")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_notifications_user_id"), ondelete="cascade"),
        sa.ForeignKeyConstraint(["city_id"], ["cities.id"], name=op.f("fk_notifications_city_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notifications")),
    )  # fmt: skip
    op.create_index("ix_notifications_user_id_id", "notifications", ["user_id", "id"])
    op.create_index("ix_notifications_at", "notifications", ["at"])
    unread, waiting = sa.text("read_at is null"), sa.text("mail_at is not null")
    op.create_index("ix_notifications_unread", "notifications", ["user_id"], postgresql_where=unread)
    op.create_index("ix_notifications_mail_at", "notifications", ["mail_at"], postgresql_where=waiting)


def _preferences() -> None:
    op.create_table(
        "notice_preferences",
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("group", sa.Text(), nullable=False),
        sa.Column("way", sa.Text(), nullable=False),
        sa.CheckConstraint("way in ('mail', 'daily', 'app', 'off')", name=op.f("ck_notice_preferences_way")),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_notice_preferences_user_id"), ondelete="cascade"
        ),
        sa.PrimaryKeyConstraint("user_id", "group", name=op.f("pk_notice_preferences")),
    )


def _refusals() -> None:
    op.create_table(
        "mail_refusals",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("city_id", sa.BigInteger(), nullable=True),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("address_digest", "recipient", "reason")),
        sa.Column("code", sa.BigInteger(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["city_id"], ["cities.id"], name=op.f("fk_mail_refusals_city_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_refusals")),
    )
    op.create_index(op.f("ix_mail_refusals_at"), "mail_refusals", ["at"])
    op.create_index(op.f("ix_mail_refusals_address_digest"), "mail_refusals", ["address_digest"])


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
