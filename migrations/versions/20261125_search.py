"""words of the search

Revision ID: 20261125_search
Revises: 20261125_catalog
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from registry.core import rls

revision = "20261125_search"
down_revision = "20261125_catalog"
branch_labels = None
depends_on = None

# What the words of an app are, from its publiccode.yml; the next publishing says it more exactly.
TERMS = """
update apps set terms = concat_ws(E'\\n',
  {name}, {title}, {summary}, {features}, {text})
"""
SPLIT = "regexp_replace(lower(coalesce({}, '')), '[^[:alnum:]]+', ' ', 'g')"
TOLD = "(select string_agg(told #>> '{{}}', ' ') from jsonb_path_query(facts, '$.description.*.{}') as told)"
LINES = {
    "name": SPLIT.format("slug || ' ' || name"),
    "title": SPLIT.format(TOLD.format("localisedName")),
    "summary": SPLIT.format(TOLD.format("shortDescription")),
    "features": SPLIT.format(TOLD.format("features[*]")),
    "text": SPLIT.format(TOLD.format("longDescription")),
}

# Deferred to the commit: a transaction that takes long makes nobody wait for the row of an app.
NOTE = """
create function note_search_change() returns trigger language plpgsql as $$
declare touched bigint;
begin
  if tg_argv[0] = 'app' and tg_op = 'DELETE' then touched := old.id;
  elsif tg_argv[0] = 'app' then touched := new.id;
  elsif tg_op = 'DELETE' then touched := old.app_id;
  else touched := new.app_id;
  end if;
  insert into search_changes (app_id, changed) values (touched, pg_current_xact_id()::text::bigint)
  on conflict (app_id) do update set changed = excluded.changed where search_changes.changed <> excluded.changed;
  return null;
end $$
"""
NOTE_CITY = """
create function note_publisher_change() returns trigger language plpgsql as $$
begin
  insert into search_changes (app_id, changed)
  select id, pg_current_xact_id()::text::bigint from apps where publisher_id = new.id
  on conflict (app_id) do update set changed = excluded.changed where search_changes.changed <> excluded.changed;
  return null;
end $$
"""
TRIGGER = """
create constraint trigger note_search_change after insert or update or delete on {table}
deferrable initially deferred for each row execute function note_search_change({what})
"""
CITY_TRIGGER = """
create constraint trigger note_publisher_change after update of name, slug on cities
deferrable initially deferred for each row execute function note_publisher_change()
"""
WATCHED = {"apps": "'app'", "releases": "'release'", "adoptions": "'adoption'"}
OLD_SEARCH = (
    "setweight(to_tsvector('simple'::regconfig, name), 'A')"
    " || setweight(to_tsvector('indonesian'::regconfig, summary), 'B')"
    " || setweight(to_tsvector('english'::regconfig, summary), 'B')"
    " || setweight(to_tsvector('simple'::regconfig, summary), 'B')"
    " || setweight(to_tsvector('indonesian'::regconfig, words), 'C')"
    " || setweight(to_tsvector('english'::regconfig, words), 'C')"
)


def upgrade() -> None:
    op.add_column("apps", sa.Column("terms", sa.Text(), nullable=False, server_default=""))
    op.add_column("apps", sa.Column("classed_by_hand", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.execute(TERMS.format(**LINES))
    for name in ("terms", "classed_by_hand"):
        op.alter_column("apps", name, server_default=None)
    op.drop_index("ix_apps_search", "apps")
    for name in ("search", "near", "words", "summary"):
        op.drop_column("apps", name)
    op.create_table(
        "search_changes",
        sa.Column("app_id", sa.BigInteger(), nullable=False, autoincrement=False),
        sa.Column("changed", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("app_id", name=op.f("pk_search_changes")),
    )
    op.create_index("ix_search_changes_changed", "search_changes", ["changed"])
    for statement in rls.grant("search_changes"):
        op.execute(statement)
    op.execute(NOTE)
    op.execute(NOTE_CITY)
    for table, what in WATCHED.items():
        op.execute(TRIGGER.format(table=table, what=what))
    op.execute(CITY_TRIGGER)


def downgrade() -> None:
    op.execute("drop trigger note_publisher_change on cities")
    for table in WATCHED:
        op.execute(f"drop trigger note_search_change on {table}")
    op.execute("drop function note_publisher_change()")
    op.execute("drop function note_search_change()")
    op.drop_table("search_changes")
    for name in ("summary", "words", "near"):
        op.add_column("apps", sa.Column(name, sa.Text(), nullable=False, server_default=""))
        op.alter_column("apps", name, server_default=None)
    op.execute("update apps set summary = replace(terms, chr(10), ' '), near = slug || ' ' || lower(name)")
    op.add_column(
        "apps", sa.Column("search", postgresql.TSVECTOR(), sa.Computed(OLD_SEARCH, persisted=True), nullable=False)
    )
    op.create_index("ix_apps_search", "apps", ["search"], postgresql_using="gin")
    op.drop_column("apps", "classed_by_hand")
    op.drop_column("apps", "terms")
