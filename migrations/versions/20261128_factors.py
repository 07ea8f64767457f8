"""second factors: one-time passwords, passkeys, recovery codes; browsers people are signed in with

Revision ID: 20261128_factors
Revises: 20261128_notices
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from registry.core import rls

revision = "20261128_factors"
down_revision = "20261128_notices"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
TABLES = ("browser_sessions", "code_apps", "passkeys", "recovery_codes", "used_challenges")


def upgrade() -> None:
    """Browsers signed in before stay so until they sign out or their cookie ends; they are in no list."""
    _sessions()
    _code_apps()
    _passkeys()
    _recovery_codes()
    _used_challenges()
    for table in TABLES:
        for statement in rls.grant(table):
            op.execute(statement)


def _sessions() -> None:
    op.create_table(
        "browser_sessions",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        *(sa.Column(word, sa.Text(), nullable=False) for word in ("digest", "browser", "system", "network")),
        sa.Column("strong", sa.Boolean(), nullable=False),
        *(sa.Column(word, MOMENT, nullable=False) for word in ("signed_in_at", "seen_at", "confirmed_at")),
        _of_a_person("browser_sessions"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_browser_sessions")),
        sa.UniqueConstraint("digest", name=op.f("uq_browser_sessions_digest")),
    )
    op.create_index(op.f("ix_browser_sessions_user_id"), "browser_sessions", ["user_id"])
    op.create_index(op.f("ix_browser_sessions_seen_at"), "browser_sessions", ["seen_at"])


def _code_apps() -> None:
    op.create_table(
        "code_apps",
        sa.Column("user_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.Column("last_step", sa.BigInteger(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("used_at", MOMENT, nullable=True),
        _of_a_person("code_apps"),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_code_apps")),
    )


def _passkeys() -> None:
    op.create_table(
        "passkeys",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("credential", sa.LargeBinary(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.BigInteger(), nullable=False),
        sa.Column("transports", JSONB(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("used_at", MOMENT, nullable=True),
        _of_a_person("passkeys"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passkeys")),
        sa.UniqueConstraint("credential", name=op.f("uq_passkeys_credential")),
    )
    op.create_index(op.f("ix_passkeys_user_id"), "passkeys", ["user_id"])


def _recovery_codes() -> None:
    op.create_table(
        "recovery_codes",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("used_at", MOMENT, nullable=True),
        _of_a_person("recovery_codes"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_codes")),
        sa.UniqueConstraint("user_id", "digest", name=op.f("uq_recovery_codes_user_id_digest")),
    )


def _used_challenges() -> None:
    op.create_table(
        "used_challenges",
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_used_challenges")),
    )
    op.create_index(op.f("ix_used_challenges_at"), "used_challenges", ["at"])


def _of_a_person(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f(f"fk_{table}_user_id"), ondelete="cascade")


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
