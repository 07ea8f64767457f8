"""Row-level security as SQL: what a migration runs for a tenant-owned table.

The policy compares a column with a setting (a membership subquery would be some twenty times slower) and reads the
setting through nullif, because it is '' and not NULL after a transaction that had set it.
"""

from __future__ import annotations

from collections.abc import Iterator

APP_ROLE = "lumbung_app"
"""The role the web, worker and host log in as: it owns nothing and cannot bypass a policy."""

OWN_ROWS = (
    "tenant_id = (select nullif(current_setting('app.tenant', true), '')::bigint)"
    " or (select current_setting('app.programme', true)) = 'on'"
)


def protect(table: str) -> Iterator[str]:
    """Statements that make ``table`` visible only within its city's scope, for a role that owns nothing."""
    yield f"alter table {table} enable row level security"
    yield f"alter table {table} force row level security"
    yield f"create policy own_rows on {table} using ({OWN_ROWS}) with check ({OWN_ROWS})"
    yield from grant(table)


def grant(table: str) -> Iterator[str]:
    """Statements for a table without a city: named and explained in tests/test_tenancy.py."""
    yield f"grant select, insert, update, delete on {table} to {APP_ROLE}"


def append_only(table: str) -> Iterator[str]:
    """For a log: a city reads its own rows, everybody adds, nobody, not even its owner, changes or deletes."""
    yield f"alter table {table} enable row level security"
    yield f"alter table {table} force row level security"
    yield f"create policy own_rows on {table} for select using ({OWN_ROWS})"
    yield f"create policy append on {table} for insert with check (true)"
    yield f"grant select, insert on {table} to {APP_ROLE}"
    yield (
        f"create function {table}_is_append_only() returns trigger language plpgsql as "
        f"$$ begin raise exception '{table} is append-only'; end $$"
    )
    yield (
        f"create trigger append_only before update or delete or truncate on {table} "
        f"for each statement execute function {table}_is_append_only()"
    )
