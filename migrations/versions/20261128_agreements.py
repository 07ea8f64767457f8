"""agreements as objects: scope, terms, parties, scans, history

Revision ID: 20261128_agreements
Revises: 20261128_joining
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from registry.core import rls

revision = "20261128_agreements"
down_revision = "20261128_joining"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
TABLES = ("agreement_events", "agreement_papers", "agreement_reminders", "suspensions")
ADDED = {
    "partner_number": (sa.Text(), "''"),
    "relation": (sa.Text(), "''"),
    "place": (sa.Text(), "''"),
    "parties": (JSONB(), "'{}'"),
    "allows_commercial": (sa.Boolean(), "false"),
    "requires_attribution": (sa.Boolean(), "true"),
    "assistance": (sa.Text(), "'installation'"),
    "more_terms": (sa.Text(), "''"),
    "version": (sa.BigInteger(), "1"),
}
"""Columns that what was agreed before gets too, with what it then says."""

FREE = {"parent_id": sa.BigInteger(), "terminates_on": sa.Date(), "dated_on": sa.Date(), "scope_apps": JSONB()}
OLD_EVENTS = """
insert into agreement_events (tenant_id, agreement_id, at, actor, act, side, state, why, version)
select tenant_id, id, created_at, 'lumbung', 'draft', '', 'draft', '', 1 from agreements
union all
select tenant_id, id, partner_signed_on::timestamptz, partner_signatory, 'sign', 'partner', 'proposed', '', 1
  from agreements where partner_signed_on is not null
union all
select tenant_id, id, publisher_signed_on::timestamptz, publisher_signatory, 'sign', 'publisher', 'proposed', '', 1
  from agreements where publisher_signed_on is not null
union all
select tenant_id, id, updated_at, 'lumbung', 'terminate', 'publisher', 'terminated', reason, 1
  from agreements where state = 'terminated'
order by 3
"""
NO_NEWS = """
insert into agreement_reminders (tenant_id, agreement_id, ends_on, step, told_at)
select tenant_id, id, ends_on, 'begun', now() from agreements
 where ends_on is not null and starts_on <= current_date
   and publisher_signed_on is not null and partner_signed_on is not null
"""
"""What began before this nobody is told of again."""


def upgrade() -> None:
    _columns()
    _events()
    _papers()
    _reminders()
    _suspensions()
    for table in TABLES:
        for statement in rls.protect(table):
            op.execute(statement)
    _settings()
    op.execute("select set_config('app.programme', 'on', true)")
    op.execute(OLD_EVENTS)
    op.execute(NO_NEWS)
    op.execute("select set_config('app.programme', '', true)")
    _append_only()


def _columns() -> None:
    for name, (kind, default) in ADDED.items():
        op.add_column("agreements", sa.Column(name, kind, nullable=False, server_default=sa.text(default)))
        op.alter_column("agreements", name, server_default=None)
    for name, free in FREE.items():
        op.add_column("agreements", sa.Column(name, free, nullable=True))
    op.create_foreign_key(
        op.f("fk_agreements_tenant_id_parent_id"), "agreements", "agreements", ["tenant_id", "parent_id"],
        ["tenant_id", "id"],
    )  # fmt: skip
    op.create_check_constraint(op.f("ck_agreements_relation"), "agreements", "relation in ('', 'renewal', 'amendment')")
    op.create_check_constraint(
        op.f("ck_agreements_assistance"), "agreements", "assistance in ('none', 'installation', 'operation')"
    )


def _own(table: str, *columns: sa.Column[object]) -> None:
    """A table of the city about one agreement."""
    op.create_table(
        table,
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("tenant_id", sa.BigInteger(), nullable=False),
        sa.Column("agreement_id", sa.BigInteger(), nullable=False),
        *columns,
        sa.ForeignKeyConstraint(["tenant_id"], ["cities.id"], name=op.f(f"fk_{table}_tenant_id")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "agreement_id"], ["agreements.tenant_id", "agreements.id"],
            name=op.f(f"fk_{table}_tenant_id_agreement_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )  # fmt: skip
    op.create_index(op.f(f"ix_{table}_tenant_id"), table, ["tenant_id"])


def _text(*names: str) -> list[sa.Column[object]]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]


def _events() -> None:
    _own(
        "agreement_events",
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("actor_id", sa.BigInteger(), nullable=True),
        *_text("actor", "act", "side", "state", "why"),
        sa.Column("version", sa.BigInteger(), nullable=False),
    )
    op.create_index("ix_agreement_events_agreement", "agreement_events", ["tenant_id", "agreement_id", "id"])


def _papers() -> None:
    _own(
        "agreement_papers",
        *_text("kind", "side"),
        sa.Column("version", sa.BigInteger(), nullable=False),
        *_text("digest"),
        sa.Column("size", sa.BigInteger(), nullable=False),
        *_text("media", "name", "added_by"),
        sa.Column("added_at", MOMENT, nullable=False),
    )
    op.create_unique_constraint(op.f("uq_agreement_papers_tenant_id_id"), "agreement_papers", ["tenant_id", "id"])
    op.create_check_constraint(op.f("ck_agreement_papers_kind"), "agreement_papers", "kind in ('draft', 'scan')")
    op.create_index("ix_agreement_papers_agreement", "agreement_papers", ["tenant_id", "agreement_id"])
    op.create_index(
        "uq_agreement_papers_one_draft", "agreement_papers", ["tenant_id", "agreement_id", "version"], unique=True,
        postgresql_where=sa.text("kind = 'draft'"),
    )  # fmt: skip


def _reminders() -> None:
    _own(
        "agreement_reminders",
        sa.Column("ends_on", sa.Date(), nullable=False),
        *_text("step"),
        sa.Column("told_at", MOMENT, nullable=False),
    )
    op.create_unique_constraint(
        op.f("uq_agreement_reminders_tenant_id_agreement_id_ends_on_step"), "agreement_reminders",
        ["tenant_id", "agreement_id", "ends_on", "step"],
    )  # fmt: skip


def _suspensions() -> None:
    op.create_table(
        "suspensions",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("tenant_id", sa.BigInteger(), nullable=False),
        *_text("words", "reason"),
        sa.Column("plugins", JSONB(), nullable=False),
        *_text("begun_by"),
        sa.Column("begun_at", MOMENT, nullable=False),
        *_text("ended_by"),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["tenant_id"], ["cities.id"], name=op.f("fk_suspensions_tenant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suspensions")),
        sa.UniqueConstraint("tenant_id", "id", name=op.f("uq_suspensions_tenant_id_id")),
    )
    op.create_index(op.f("ix_suspensions_tenant_id"), "suspensions", ["tenant_id"])
    op.create_index(
        "uq_suspensions_one_open", "suspensions", ["tenant_id"], unique=True,
        postgresql_where=sa.text("ended_at is null"),
    )  # fmt: skip


def _settings() -> None:
    op.create_table(
        "programme_settings",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("value", JSONB(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme_settings")),
        sa.CheckConstraint("id = 1", name=op.f("ck_programme_settings_one")),
    )
    for statement in rls.grant("programme_settings"):
        op.execute(statement)


def _append_only() -> None:
    """A city sees and adds its own rows as in every table of its; nobody changes or deletes one."""
    op.execute(f"revoke update, delete on agreement_events from {rls.APP_ROLE}")
    op.execute(
        "create function agreement_events_is_append_only() returns trigger language plpgsql as "
        "$$ begin raise exception 'agreement_events is append-only'; end $$"
    )
    op.execute(
        "create trigger append_only before update or delete or truncate on agreement_events "
        "for each statement execute function agreement_events_is_append_only()"
    )


def downgrade() -> None:
    op.drop_table("programme_settings")
    for table in reversed(TABLES):
        op.drop_table(table)
    op.execute("drop function agreement_events_is_append_only()")
    op.drop_constraint(op.f("fk_agreements_tenant_id_parent_id"), "agreements", type_="foreignkey")
    for name in ("relation", "assistance"):
        op.drop_constraint(op.f(f"ck_agreements_{name}"), "agreements", type_="check")
    for name in (*FREE, *ADDED):
        op.drop_column("agreements", name)
