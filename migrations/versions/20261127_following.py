"""how forks follow their upstream

Revision ID: 20261127_following
Revises: 20261127_serving
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from registry.core import rls

revision = "20261127_following"
down_revision = "20261127_serving"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
OWNED = ("followings", "syncs", "sync_choices", "fork_news")


def upgrade() -> None:
    _followings()
    _syncs()
    _choices()
    _news()
    op.create_table(
        "security_releases",
        sa.Column("release_id", sa.BigInteger(), nullable=False, autoincrement=False),
        sa.Column("advice", sa.Text(), nullable=False),
        sa.Column("marked_by", sa.Text(), nullable=False),
        sa.Column("marked_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["release_id"], ["releases.id"], name=op.f("fk_security_releases_release_id"), ondelete="cascade"
        ),
        sa.PrimaryKeyConstraint("release_id", name=op.f("pk_security_releases")),
    )
    for table in OWNED:
        for statement in rls.protect(table):
            op.execute(statement)
    for statement in rls.grant("security_releases"):
        op.execute(statement)


def _followings() -> None:
    op.create_table(
        "followings",
        *_owned("followings"),
        _fork("followings"),
        sa.Column("fork_id", sa.BigInteger(), nullable=False),
        sa.Column("channel", sa.Text(), server_default="releases", nullable=False),
        sa.Column("auto", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        *(sa.Column(name, sa.Text(), server_default="", nullable=False)
          for name in ("head", "release_commit", "main_commit", "own_head")),
        *(sa.Column(name, sa.BigInteger(), nullable=True)
          for name in ("release_ahead", "release_behind", "main_ahead", "main_behind", "own_files")),
        sa.UniqueConstraint("tenant_id", "fork_id", name=op.f("uq_followings_tenant_id_fork_id")),
    )  # fmt: skip
    op.create_index(op.f("ix_followings_tenant_id"), "followings", ["tenant_id"])


def _syncs() -> None:
    op.create_table(
        "syncs",
        *_owned("syncs"),
        _fork("syncs"),
        sa.Column("fork_id", sa.BigInteger(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False)
          for name in ("state", "way", "ours", "theirs", "label", "result", "safety", "starter")),
        sa.Column("by_itself", sa.Boolean(), nullable=False),
        sa.Column("job_id", sa.Uuid(), nullable=True),
        sa.Column("started_by", sa.BigInteger(), nullable=True),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["started_by"], ["users.id"], name=op.f("fk_syncs_started_by"), ondelete="set null"
        ),
        sa.UniqueConstraint("tenant_id", "id", name=op.f("uq_syncs_tenant_id_id")),
    )  # fmt: skip
    op.create_index(op.f("ix_syncs_tenant_id"), "syncs", ["tenant_id"])
    op.create_index(op.f("ix_syncs_fork_id"), "syncs", ["fork_id"])
    under_way = sa.text("state in ('open', 'moving')")
    op.create_index("uq_syncs_one_under_way", "syncs", ["fork_id"], unique=True, postgresql_where=under_way)


def _choices() -> None:
    op.create_table(
        "sync_choices",
        *_owned("sync_choices"),
        sa.Column("sync_id", sa.BigInteger(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("path", "side", "content", "state", "chosen_by")),
        sa.Column("chosen_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "sync_id"], ["syncs.tenant_id", "syncs.id"], ondelete="cascade",
            name=op.f("fk_sync_choices_tenant_id_sync_id"),
        ),
        sa.UniqueConstraint("tenant_id", "sync_id", "path", name=op.f("uq_sync_choices_tenant_id_sync_id_path")),
    )  # fmt: skip
    op.create_index(op.f("ix_sync_choices_tenant_id"), "sync_choices", ["tenant_id"])


def _news() -> None:
    op.create_table(
        "fork_news",
        *_owned("fork_news"),
        _fork("fork_news"),
        sa.Column("fork_id", sa.BigInteger(), nullable=False),
        sa.Column("release_id", sa.BigInteger(), nullable=False),
        sa.Column("security", sa.Boolean(), nullable=False),
        sa.Column("told_at", MOMENT, nullable=False),
        sa.Column("mailed_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["release_id"], ["releases.id"], name=op.f("fk_fork_news_release_id"), ondelete="cascade"
        ),
        sa.UniqueConstraint(
            "tenant_id", "fork_id", "release_id", name=op.f("uq_fork_news_tenant_id_fork_id_release_id")
        ),
    )
    op.create_index(op.f("ix_fork_news_tenant_id"), "fork_news", ["tenant_id"])
    op.create_index(op.f("ix_fork_news_release_id"), "fork_news", ["release_id"])


def _owned(table: str) -> list[sa.Column[object] | sa.Constraint]:
    return [
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("tenant_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["cities.id"], name=op.f(f"fk_{table}_tenant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    ]


def _fork(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["tenant_id", "fork_id"], ["forks.tenant_id", "forks.id"], ondelete="cascade",
        name=op.f(f"fk_{table}_tenant_id_fork_id"),
    )  # fmt: skip


def downgrade() -> None:
    op.drop_table("security_releases")
    for table in reversed(OWNED):
        op.drop_table(table)
