"""the catalog's version, ids for other catalogs, who wants to be told: webhooks and their deliveries

Revision ID: 20261125_open_data
Revises: 20261125_choosing
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from registry.core import rls

revision = "20261125_open_data"
down_revision = "20261125_choosing"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
JSONB = postgresql.JSONB(astext_type=sa.Text())
UID = "overlay(overlay(md5('lumbung:app:' || slug) placing '4' from 13 for 1) placing '8' from 17 for 1)::uuid"
SHOWN = {"apps": "", "releases": "", "adoptions": "", "cities": "of name, slug, code, state, publisher"}
"""Tables whose change changes what the catalog tells, each with the columns that count when not all do."""

# At the commit, so that a long transaction makes nobody wait and the moment is that of the change; once in each.
NOTE_CHANGE = """
create function note_catalog_change() returns trigger language plpgsql as $$
declare own text := pg_current_xact_id()::text;
begin
  if current_setting('lumbung.catalog_noted', true) is distinct from own then
    perform set_config('lumbung.catalog_noted', own, true);
    insert into catalog_state (id, version, changed_at) values (1, nextval('catalog_versions'), clock_timestamp())
    on conflict (id) do update set version = nextval('catalog_versions'), changed_at = clock_timestamp();
  end if;
  return null;
end $$
"""
TRIGGER = """
create constraint trigger note_catalog_change after insert or delete or update {columns} on {table}
deferrable initially deferred for each row execute function note_catalog_change()
"""


def upgrade() -> None:
    _state()
    op.add_column("apps", sa.Column("uid", sa.Uuid(), sa.Computed(UID, persisted=True), nullable=False))
    op.create_unique_constraint(op.f("uq_apps_uid"), "apps", ["uid"])
    op.create_index("ix_apps_source", "apps", [sa.text("(facts ->> 'url')")], postgresql_using="hash")
    op.create_index("ix_apps_created_at_id", "apps", ["created_at", "id"])
    op.create_index("ix_releases_news", "releases", [sa.text("greatest(published_at, yanked_at)"), "id"])
    _webhooks()
    _deliveries()


def _state() -> None:
    op.create_table(
        "catalog_state",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_catalog_state")),
    )
    for statement in rls.grant("catalog_state"):
        op.execute(statement)
    op.execute("create sequence catalog_versions")
    op.execute(f"grant usage on sequence catalog_versions to {rls.APP_ROLE}")
    op.execute(NOTE_CHANGE)
    for table, columns in SHOWN.items():
        op.execute(TRIGGER.format(table=table, columns=columns))


def _webhooks() -> None:
    op.create_table(
        "webhooks",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("tenant_id", sa.BigInteger(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("events", JSONB, nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.Column("former_secret", sa.LargeBinary(), nullable=True),
        sa.Column("former_until", MOMENT, nullable=True),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("off_reason", sa.Text(), nullable=False),
        sa.Column("failing_since", MOMENT, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        *_owned("webhooks"),
    )
    _protect("webhooks")


def _deliveries() -> None:
    op.create_table(
        "webhook_deliveries",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.BigInteger(), nullable=False),
        sa.Column("webhook_id", sa.BigInteger(), nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempts", sa.BigInteger(), nullable=False),
        sa.Column("next_at", MOMENT, nullable=True),
        sa.Column("status", sa.BigInteger(), nullable=True),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("took_ms", sa.BigInteger(), nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("tried_at", MOMENT, nullable=True),
        *_owned("webhook_deliveries"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "webhook_id"],
            ["webhooks.tenant_id", "webhooks.id"],
            name=op.f("fk_webhook_deliveries_tenant_id_webhook_id"),
            ondelete="cascade",
        ),
    )
    op.create_index("ix_webhook_deliveries_webhook_id", "webhook_deliveries", ["webhook_id", "created_at"])
    queued = sa.text("state = 'queued'")
    op.create_index("ix_webhook_deliveries_due", "webhook_deliveries", ["next_at"], postgresql_where=queued)
    _protect("webhook_deliveries")


def _owned(table: str) -> list[sa.Constraint]:
    return [
        sa.ForeignKeyConstraint(["tenant_id"], ["cities.id"], name=op.f(f"fk_{table}_tenant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("tenant_id", "id", name=op.f(f"uq_{table}_tenant_id_id")),
    ]


def _protect(table: str) -> None:
    op.create_index(op.f(f"ix_{table}_tenant_id"), table, ["tenant_id"])
    for statement in rls.protect(table):
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("webhook_deliveries")
    op.drop_table("webhooks")
    op.drop_index("ix_releases_news", "releases")
    op.drop_index("ix_apps_created_at_id", "apps")
    op.drop_index("ix_apps_source", "apps")
    op.drop_column("apps", "uid")
    for table in SHOWN:
        op.execute(f"drop trigger note_catalog_change on {table}")
    op.execute("drop function note_catalog_change()")
    op.execute("drop sequence catalog_versions")
    op.drop_table("catalog_state")
