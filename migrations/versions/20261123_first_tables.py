"""first tables

Revision ID: 20261123_first_tables
Revises:
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from procrastinate.schema import SchemaManager
from sqlalchemy.dialects import postgresql

from registry.core import rls

revision = "20261123_first_tables"
down_revision = None
branch_labels = None
depends_on = None

SEARCH = (
    "setweight(to_tsvector('simple'::regconfig, name), 'A')"
    " || setweight(to_tsvector('indonesian'::regconfig, summary), 'B')"
    " || setweight(to_tsvector('english'::regconfig, summary), 'B')"
    " || setweight(to_tsvector('simple'::regconfig, summary), 'B')"
    " || setweight(to_tsvector('indonesian'::regconfig, words), 'C')"
    " || setweight(to_tsvector('english'::regconfig, words), 'C')"
)
TENANT_OWNED = ("opd", "agreements", "jobs", "forks", "deployments", "revisions", "switches")
PUBLIC = (
    "cities",
    "users",
    "tokens",
    "sign_in_attempts",
    "memberships",
    "apps",
    "releases",
    "adoptions",
    "builds",
    "entry_codes",
    "hosts",
)
LOG = "audit_entries"

# Who runs what is a fact of the registry: kept by the database, whoever writes the deployment (web or host).
ADOPTION = """
create function note_adoption() returns trigger language plpgsql as $$
begin
  insert into adoptions (app_id, city_id, since, version, running)
  select f.app_id, new.tenant_id, now(), coalesce(r.version, ''), new.enabled and r.id is not null
    from forks f left join revisions r on r.id = new.serving_revision_id
   where f.id = new.fork_id
  on conflict (app_id, city_id) do update
    set running = excluded.running,
        version = case when excluded.version = '' then adoptions.version else excluded.version end;
  return new;
end $$
"""
ADOPTION_TRIGGER = """
create trigger note_adoption after insert or update of enabled, serving_revision_id on deployments
for each row execute function note_adoption()
"""
DROP_QUEUE = """
do $$ declare it record; begin
  for it in select tablename as name from pg_tables where schemaname = 'public' and tablename like 'procrastinate%' loop
    execute format('drop table %I cascade', it.name);
  end loop;
  for it in select oid::regprocedure as name from pg_proc where proname like 'procrastinate%' loop
    execute format('drop function %s cascade', it.name);
  end loop;
  for it in select typname as name from pg_type where typname like 'procrastinate%' and typtype in ('e', 'c') loop
    execute format('drop type %I cascade', it.name);
  end loop;
end $$
"""
QUEUE_GRANTS = """
do $$ declare name text; begin
  for name in select tablename from pg_tables where schemaname = 'public' and tablename like 'procrastinate%' loop
    execute format('grant select, insert, update, delete on %I to {role}', name);
  end loop;
end $$
"""


def upgrade() -> None:
    op.execute("create extension if not exists pg_trgm")
    op.create_table(
        "builds",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("tree", sa.Text(), nullable=False),
        sa.Column("lock", sa.Text(), nullable=False),
        sa.Column("runtime", sa.Text(), nullable=False),
        sa.Column("code_path", sa.Text(), nullable=False),
        sa.Column("env_path", sa.Text(), nullable=False),
        sa.Column("manifest", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("config_schema", sa.JSON(), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_builds")),
        sa.UniqueConstraint("tree", "lock", "runtime", name=op.f("uq_builds_tree_lock_runtime")),
    )
    op.create_table(
        "cities",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("province", sa.Text(), nullable=False),
        sa.Column("timezone", sa.Text(), nullable=False),
        sa.Column("locale", sa.Text(), nullable=False),
        sa.Column("color", sa.Text(), nullable=False),
        sa.Column("logo", sa.Text(), nullable=False),
        sa.Column("publisher", sa.Boolean(), nullable=False),
        sa.Column("demo", sa.Boolean(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("state_reason", sa.Text(), nullable=False),
        sa.Column("contact_name", sa.Text(), nullable=False),
        sa.Column("contact_office", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("state in ('applied', 'admitted', 'declined')", name=op.f("ck_cities_state")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cities")),
        sa.UniqueConstraint("code", name=op.f("uq_cities_code")),
        sa.UniqueConstraint("slug", name=op.f("uq_cities_slug")),
    )
    op.create_table(
        "hosts",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("beat_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("pid", sa.BigInteger(), nullable=False),
        sa.Column("facts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.CheckConstraint("pid > 0", name=op.f("ck_hosts_pid")),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_hosts")),
    )
    op.create_table(
        "sign_in_attempts",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_attempts")),
    )
    op.create_index("ix_sign_in_attempts_key_at", "sign_in_attempts", ["key", "at"], unique=False)
    op.create_table(
        "users",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("session_key", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("signed_in_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
    )
    op.create_index("uq_users_email", "users", [sa.text("lower(email)")], unique=True)
    op.create_table(
        "agreements",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("publisher_signatory", sa.Text(), nullable=False),
        sa.Column("partner_signatory", sa.Text(), nullable=False),
        sa.Column("publisher_signed_on", sa.Date(), nullable=True),
        sa.Column("partner_signed_on", sa.Date(), nullable=True),
        sa.Column("allows_variants", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tenant_id", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("kind in ('memorandum', 'pks')", name=op.f("ck_agreements_kind")),
        sa.CheckConstraint(
            "state in ('draft', 'proposed', 'signed', 'active', 'expired', 'terminated')",
            name=op.f("ck_agreements_state"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["cities.id"], name=op.f("fk_agreements_tenant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreements")),
        sa.UniqueConstraint("tenant_id", "id", name=op.f("uq_agreements_tenant_id_id")),
        info={"tenant_owned": True},
    )
    op.create_index(op.f("ix_agreements_tenant_id"), "agreements", ["tenant_id"], unique=False)
    op.create_table(
        "apps",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("publisher_id", sa.BigInteger(), nullable=False),
        sa.Column("publiccode", sa.Text(), nullable=False),
        sa.Column("facts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("maturity", sa.Text(), nullable=False),
        sa.Column("licence", sa.Text(), nullable=False),
        sa.Column("categories", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("near", sa.Text(), nullable=False),
        sa.Column("search", postgresql.TSVECTOR(), sa.Computed(SEARCH, persisted=True), nullable=False),
        sa.Column("based_on_id", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["based_on_id"], ["apps.id"], name=op.f("fk_apps_based_on_id")),
        sa.ForeignKeyConstraint(["publisher_id"], ["cities.id"], name=op.f("fk_apps_publisher_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_apps")),
        sa.UniqueConstraint("slug", name=op.f("uq_apps_slug")),
    )
    op.create_index(op.f("ix_apps_based_on_id"), "apps", ["based_on_id"], unique=False)
    op.create_index(op.f("ix_apps_publisher_id"), "apps", ["publisher_id"], unique=False)
    op.create_index("ix_apps_search", "apps", ["search"], unique=False, postgresql_using="gin")
    op.create_table(
        "audit_entries",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("tenant_id", sa.BigInteger(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.BigInteger(), nullable=True),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("detail", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("request_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["cities.id"], name=op.f("fk_audit_entries_tenant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entries")),
    )
    op.create_index(op.f("ix_audit_entries_at"), "audit_entries", ["at"], unique=False)
    op.create_index(op.f("ix_audit_entries_tenant_id"), "audit_entries", ["tenant_id"], unique=False)
    op.create_table(
        "entry_codes",
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("city_id", sa.BigInteger(), nullable=False),
        sa.Column("plugin", sa.Text(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("opd", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["city_id"], ["cities.id"], name=op.f("fk_entry_codes_city_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_entry_codes_user_id"), ondelete="cascade"),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_entry_codes")),
    )
    op.create_table(
        "jobs",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("percent", sa.SmallInteger(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("log", sa.Text(), nullable=False),
        sa.Column("created_by", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tenant_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["cities.id"], name=op.f("fk_jobs_tenant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_jobs")),
        sa.UniqueConstraint("tenant_id", "id", name=op.f("uq_jobs_tenant_id_id")),
        info={"tenant_owned": True},
    )
    op.create_index(op.f("ix_jobs_created_at"), "jobs", ["created_at"], unique=False)
    op.create_index(op.f("ix_jobs_tenant_id"), "jobs", ["tenant_id"], unique=False)
    op.create_table(
        "opd",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("tenant_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["cities.id"], name=op.f("fk_opd_tenant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opd")),
        sa.UniqueConstraint("tenant_id", "id", name=op.f("uq_opd_tenant_id_id")),
        sa.UniqueConstraint("tenant_id", "name", name=op.f("uq_opd_tenant_id_name")),
        info={"tenant_owned": True},
    )
    op.create_index(op.f("ix_opd_tenant_id"), "opd", ["tenant_id"], unique=False)
    op.create_table(
        "tokens",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_tokens_user_id"), ondelete="cascade"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tokens")),
        sa.UniqueConstraint("digest", name=op.f("uq_tokens_digest")),
    )
    op.create_index(op.f("ix_tokens_user_id"), "tokens", ["user_id"], unique=False)
    op.create_table(
        "adoptions",
        sa.Column("app_id", sa.BigInteger(), nullable=False),
        sa.Column("city_id", sa.BigInteger(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("running", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["app_id"], ["apps.id"], name=op.f("fk_adoptions_app_id")),
        sa.ForeignKeyConstraint(["city_id"], ["cities.id"], name=op.f("fk_adoptions_city_id")),
        sa.PrimaryKeyConstraint("app_id", "city_id", name=op.f("pk_adoptions")),
    )
    op.create_table(
        "memberships",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("city_id", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("plugin", sa.Text(), nullable=False),
        sa.Column("opd_id", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(plugin = '') = (role in ('maintainer', 'admin', 'auditor'))", name=op.f("ck_memberships_plugin")
        ),
        sa.CheckConstraint(
            "role in ('maintainer', 'admin', 'auditor', 'administrator', 'operator')", name=op.f("ck_memberships_role")
        ),
        sa.ForeignKeyConstraint(
            ["city_id", "opd_id"], ["opd.tenant_id", "opd.id"], name=op.f("fk_memberships_city_id_opd_id")
        ),
        sa.ForeignKeyConstraint(["city_id"], ["cities.id"], name=op.f("fk_memberships_city_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_memberships_user_id"), ondelete="cascade"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_memberships")),
        sa.UniqueConstraint(
            "city_id", "user_id", "role", "plugin", name=op.f("uq_memberships_city_id_user_id_role_plugin")
        ),
    )
    op.create_index("ix_memberships_user_id", "memberships", ["user_id"], unique=False)
    op.create_table(
        "releases",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("app_id", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("tag", sa.Text(), nullable=False),
        sa.Column("commit", sa.Text(), nullable=False),
        sa.Column("tree", sa.Text(), nullable=False),
        sa.Column("lock", sa.Text(), nullable=False),
        sa.Column("manifest", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("config_schema", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("changelog", sa.Text(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_by", sa.BigInteger(), nullable=True),
        sa.Column("yanked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("yank_reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["app_id"], ["apps.id"], name=op.f("fk_releases_app_id")),
        sa.ForeignKeyConstraint(
            ["published_by"], ["users.id"], name=op.f("fk_releases_published_by"), ondelete="set null"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_releases")),
        sa.UniqueConstraint("app_id", "version", name=op.f("uq_releases_app_id_version")),
    )
    op.create_index(op.f("ix_releases_tree"), "releases", ["tree"], unique=False)
    op.create_table(
        "forks",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("app_id", sa.BigInteger(), nullable=False),
        sa.Column("base_release_id", sa.BigInteger(), nullable=False),
        sa.Column("created_by", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tenant_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["app_id"], ["apps.id"], name=op.f("fk_forks_app_id")),
        sa.ForeignKeyConstraint(["base_release_id"], ["releases.id"], name=op.f("fk_forks_base_release_id")),
        sa.ForeignKeyConstraint(["created_by"], ["users.id"], name=op.f("fk_forks_created_by"), ondelete="set null"),
        sa.ForeignKeyConstraint(["tenant_id"], ["cities.id"], name=op.f("fk_forks_tenant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_forks")),
        sa.UniqueConstraint("tenant_id", "app_id", name=op.f("uq_forks_tenant_id_app_id")),
        sa.UniqueConstraint("tenant_id", "id", name=op.f("uq_forks_tenant_id_id")),
        info={"tenant_owned": True},
    )
    op.create_index(op.f("ix_forks_app_id"), "forks", ["app_id"], unique=False)
    op.create_index(op.f("ix_forks_tenant_id"), "forks", ["tenant_id"], unique=False)
    op.create_table(
        "deployments",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("fork_id", sa.BigInteger(), nullable=False),
        sa.Column("opd_id", sa.BigInteger(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("serving_revision_id", sa.BigInteger(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("state_message", sa.Text(), nullable=False),
        sa.Column("failures", sa.BigInteger(), nullable=False),
        sa.Column("secret_key_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tenant_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "fork_id"], ["forks.tenant_id", "forks.id"], name=op.f("fk_deployments_tenant_id_fork_id")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "opd_id"], ["opd.tenant_id", "opd.id"], name=op.f("fk_deployments_tenant_id_opd_id")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "serving_revision_id"],
            ["revisions.tenant_id", "revisions.id"],
            name="fk_deployments_serving_revision",
            use_alter=True,
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["cities.id"], name=op.f("fk_deployments_tenant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deployments")),
        sa.UniqueConstraint("tenant_id", "id", name=op.f("uq_deployments_tenant_id_id")),
        sa.UniqueConstraint("tenant_id", "name", name=op.f("uq_deployments_tenant_id_name")),
        info={"tenant_owned": True},
    )
    op.create_index(op.f("ix_deployments_tenant_id"), "deployments", ["tenant_id"], unique=False)
    op.create_table(
        "revisions",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("deployment_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("build_id", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("commit", sa.Text(), nullable=False),
        sa.Column("config_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("limits", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("snapshot", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("created_by", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tenant_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["build_id"], ["builds.id"], name=op.f("fk_revisions_build_id")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "deployment_id"],
            ["deployments.tenant_id", "deployments.id"],
            name=op.f("fk_revisions_tenant_id_deployment_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["cities.id"], name=op.f("fk_revisions_tenant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revisions")),
        sa.UniqueConstraint("deployment_id", "number", name=op.f("uq_revisions_deployment_id_number")),
        sa.UniqueConstraint("tenant_id", "id", name=op.f("uq_revisions_tenant_id_id")),
        info={"tenant_owned": True},
    )
    op.create_index(op.f("ix_revisions_deployment_id"), "revisions", ["deployment_id"], unique=False)
    op.create_index(op.f("ix_revisions_tenant_id"), "revisions", ["tenant_id"], unique=False)
    op.create_table(
        "switches",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("deployment_id", sa.BigInteger(), nullable=False),
        sa.Column("job_id", sa.Uuid(), nullable=False),
        sa.Column("from_revision_id", sa.BigInteger(), nullable=True),
        sa.Column("to_revision_id", sa.BigInteger(), nullable=False),
        sa.Column("restore_snapshot", sa.Boolean(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tenant_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "deployment_id"],
            ["deployments.tenant_id", "deployments.id"],
            name=op.f("fk_switches_tenant_id_deployment_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "from_revision_id"],
            ["revisions.tenant_id", "revisions.id"],
            name=op.f("fk_switches_tenant_id_from_revision_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "job_id"], ["jobs.tenant_id", "jobs.id"], name=op.f("fk_switches_tenant_id_job_id")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "to_revision_id"],
            ["revisions.tenant_id", "revisions.id"],
            name=op.f("fk_switches_tenant_id_to_revision_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["cities.id"], name=op.f("fk_switches_tenant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_switches")),
        info={"tenant_owned": True},
    )
    op.create_index(op.f("ix_switches_tenant_id"), "switches", ["tenant_id"], unique=False)
    op.create_index(
        "uq_switches_one_open",
        "switches",
        ["deployment_id"],
        unique=True,
        postgresql_where=sa.text("step in ('pending', 'draining', 'snapshot', 'migrating', 'probing')"),
    )
    op.create_foreign_key(
        "fk_deployments_serving_revision",
        "deployments",
        "revisions",
        ["tenant_id", "serving_revision_id"],
        ["tenant_id", "id"],
    )
    _protect()
    _queue()
    op.execute(ADOPTION)
    op.execute(ADOPTION_TRIGGER)
    op.execute(f"grant usage on all sequences in schema public to {rls.APP_ROLE}")
    op.execute(f"grant select on alembic_version to {rls.APP_ROLE}")


def _protect() -> None:
    for table in TENANT_OWNED:
        _run(rls.protect(table))
    for table in PUBLIC:
        _run(rls.grant(table))
    _run(rls.append_only(LOG))


def _queue() -> None:
    connection = op.get_bind()
    connection.exec_driver_sql(SchemaManager.get_schema().replace("%", "%%"))
    op.execute(QUEUE_GRANTS.format(role=rls.APP_ROLE))


def _run(statements) -> None:  # type: ignore[no-untyped-def]
    for statement in statements:
        op.execute(statement)


def downgrade() -> None:
    op.drop_constraint("fk_deployments_serving_revision", "deployments")
    op.execute("drop trigger note_adoption on deployments")
    op.execute("drop function note_adoption()")
    op.drop_index(
        "uq_switches_one_open",
        table_name="switches",
        postgresql_where=sa.text("step in ('pending', 'draining', 'snapshot', 'migrating', 'probing')"),
    )
    op.drop_index(op.f("ix_switches_tenant_id"), table_name="switches")
    op.drop_table("switches")
    op.drop_index(op.f("ix_revisions_tenant_id"), table_name="revisions")
    op.drop_index(op.f("ix_revisions_deployment_id"), table_name="revisions")
    op.drop_table("revisions")
    op.drop_index(op.f("ix_deployments_tenant_id"), table_name="deployments")
    op.drop_table("deployments")
    op.drop_index(op.f("ix_forks_tenant_id"), table_name="forks")
    op.drop_index(op.f("ix_forks_app_id"), table_name="forks")
    op.drop_table("forks")
    op.drop_index(op.f("ix_releases_tree"), table_name="releases")
    op.drop_table("releases")
    op.drop_index("ix_memberships_user_id", table_name="memberships")
    op.drop_table("memberships")
    op.drop_table("adoptions")
    op.drop_index(op.f("ix_tokens_user_id"), table_name="tokens")
    op.drop_table("tokens")
    op.drop_index(op.f("ix_opd_tenant_id"), table_name="opd")
    op.drop_table("opd")
    op.drop_index(op.f("ix_jobs_tenant_id"), table_name="jobs")
    op.drop_index(op.f("ix_jobs_created_at"), table_name="jobs")
    op.drop_table("jobs")
    op.drop_table("entry_codes")
    op.drop_index(op.f("ix_audit_entries_tenant_id"), table_name="audit_entries")
    op.drop_index(op.f("ix_audit_entries_at"), table_name="audit_entries")
    op.drop_table("audit_entries")
    op.drop_index("ix_apps_search", table_name="apps", postgresql_using="gin")
    op.drop_index(op.f("ix_apps_publisher_id"), table_name="apps")
    op.drop_index(op.f("ix_apps_based_on_id"), table_name="apps")
    op.drop_table("apps")
    op.drop_index(op.f("ix_agreements_tenant_id"), table_name="agreements")
    op.drop_table("agreements")
    op.drop_index("uq_users_email", table_name="users")
    op.drop_table("users")
    op.drop_index("ix_sign_in_attempts_key_at", table_name="sign_in_attempts")
    op.drop_table("sign_in_attempts")
    op.drop_table("hosts")
    op.drop_table("cities")
    op.drop_table("builds")
    op.execute("drop function audit_entries_is_append_only()")
    _drop_queue()


def _drop_queue() -> None:
    """Everything procrastinate made carries its name."""
    op.execute(DROP_QUEUE)
