"""The third wall (design §5): the system catalog itself is asked about every table, whoever wrote it."""

from __future__ import annotations

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import Connection

from registry.core.rls import APP_ROLE, OWN_ROWS

PUBLIC = {
    "alembic_version": "which migration is applied",
    "cities": "the catalog tells everybody who takes part",
    "users": "a person may work for several cities; read before a city is known",
    "tokens": "belongs to a person; the secret itself is the key",
    "browser_sessions": "belongs to a person, who may work for several cities; read before a city is known",
    "code_apps": "belongs to a person; the secret lies sealed",
    "passkeys": "belongs to a person; public halves of keys",
    "recovery_codes": "belongs to a person; digests",
    "used_challenges": "says only that a random number was answered",
    "sign_in_attempts": "counts failures before anybody is known",
    "mail_links": "opened by mail before anybody is known; the text itself, of which only a digest is kept, is the key",
    "oidc_providers": "where a city's people sign in, read before anybody is known; the secret is encrypted",
    "identities": "belongs to a person, who may work for several cities",
    "sign_outs": "belongs to a person, who may work for several cities",
    "audit_checks": "when the log was last read whole, and how that ended; names acts in numbers only",
    "notifications": "belongs to a person, who may work for several cities; nobody else ever reads it",
    "notice_preferences": "belongs to a person, who may work for several cities",
    "mail_refusals": "the operator's: mail no server took, without words and without whole addresses",
    "handover_codes": "asked with a code from paper before any city is known; the code itself is the key",
    "handover_counters": "numbers of a publisher's documents, taken within the acts of other cities; no facts",
    "regions": "Kemendagri's list of kabupaten and kota, for everybody",
    "former_codes": "codes that regions had before, for everybody",
    "region_lists": "when Kemendagri's list was taken in",
    "join_drafts": "belongs to no city yet: the link, or the account, is the key",
    "memberships": "decides which city a session may enter, so it is read before",
    "apps": "the public catalog",
    "releases": "the public catalog",
    "security_releases": "the public catalog: which releases close a hole",
    "proposals": "what cities offer to public code, read by everybody",
    "proposal_remarks": "what both sides say of a proposal, read by everybody",
    "variant_requests": "what cities ask the publisher to list beside an original; decided by its maintainers",
    "adoptions": "the public catalog: who uses what",
    "adoption_months": "the public catalog: who used what, month by month",
    "declarations": "what a city tells everybody of an app",
    "questions": "asked and answered in public",
    "assistance_answers": "what both sides of a request agreed that everybody reads",
    "search_changes": "which entries of the public catalog changed",
    "catalog_state": "the public catalog: the number of its version",
    "builds": "addressed by content and shared by every city that runs the same bytes; holds no config and no data",
    "person_keys": "belongs to a person, who may work for several cities; public halves of keys",
    "transparency_lines": "what was ever released, for everybody",
    "provings": "how the tests of a tree went: addressed by content, as builds are; holds no config and no data",
    "entry_codes": "redeemed where nobody is signed in yet; the code itself is the key",
    "hosts": "the machine's own heartbeat",
    "waves": "the programme's plans; which cities are in one is in wave_members",
    "programme_settings": "what agreements are called and who signs for the publisher: printed on every agreement",
}
LOGS = ("audit_entries", "audit_links")


@pytest.fixture(scope="module")
def catalog(app, settings):
    engine = create_engine(settings.owner_url)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def tables(catalog: Connection) -> dict[str, tuple[bool, bool]]:
    rows = catalog.execute(
        text(
            "select relname, relrowsecurity, relforcerowsecurity from pg_class "
            "where relkind in ('r', 'p') and relnamespace = 'public'::regnamespace "
            "and relname not like 'procrastinate%'"
        )
    )
    return {name: (enabled, forced) for name, enabled, forced in rows}


def tenant_tables(catalog: Connection) -> list[str]:
    return sorted(set(tables(catalog)) - set(PUBLIC) - set(LOGS))


def columns(catalog: Connection, table: str) -> dict[str, bool]:
    rows = catalog.execute(
        text(
            "select attname, attnotnull from pg_attribute "
            "where attrelid = cast(:t as regclass) and attnum > 0 and not attisdropped"
        ),
        {"t": table},
    )
    return dict(rows.tuples().all())


def test_every_table_is_a_citys_own_or_explained(catalog):
    for table in tenant_tables(catalog):
        assert columns(catalog, table).get("tenant_id") is True, f"{table}: no tenant_id not null, and not in PUBLIC"


def test_no_explanation_is_stale(catalog):
    assert set(PUBLIC) <= set(tables(catalog))
    assert [name for name in PUBLIC if "tenant_id" in columns(catalog, name)] == []


def test_row_level_security_is_enabled_and_forced(catalog):
    found = tables(catalog)
    assert {name: found[name] for name in [*tenant_tables(catalog), *LOGS] if found[name] != (True, True)} == {}


def test_each_citys_table_has_the_one_policy(catalog, normal_policy):
    for table in tenant_tables(catalog):
        rows = catalog.execute(
            text("select policyname, qual, with_check, cmd from pg_policies where tablename = :t"), {"t": table}
        ).all()
        assert rows == [("own_rows", normal_policy, normal_policy, "ALL")], table


@pytest.fixture(scope="module")
def normal_policy(catalog) -> str:
    """The policy's text as PostgreSQL itself writes it."""
    with catalog.begin_nested():
        catalog.execute(text("create temporary table sample (tenant_id bigint)"))
        catalog.execute(text(f"create policy own_rows on sample using ({OWN_ROWS})"))
        found = catalog.execute(text("select qual from pg_policies where tablename = 'sample'")).scalar_one()
        catalog.execute(text("drop table sample"))
    return found


def test_each_citys_table_has_an_index_that_leads_with_the_city(catalog):
    rows = catalog.execute(
        text(
            "select c.relname from pg_index i join pg_class c on c.oid = i.indrelid "
            "join pg_attribute a on a.attrelid = c.oid and a.attnum = i.indkey[0] where a.attname = 'tenant_id'"
        )
    )
    assert set(tenant_tables(catalog)) <= {name for (name,) in rows}


def test_a_reference_between_citys_tables_names_the_city_too(catalog):
    rows = catalog.execute(
        text(
            "select con.conname, child.relname, parent.relname, array(select attname::text from pg_attribute "
            "where attrelid = con.conrelid and attnum = any(con.conkey)) from pg_constraint con "
            "join pg_class child on child.oid = con.conrelid join pg_class parent on parent.oid = con.confrelid "
            "where con.contype = 'f'"
        )
    )
    owned = set(tenant_tables(catalog))
    bad = [name for name, child, parent, keys in rows if child in owned and parent in owned and "tenant_id" not in keys]
    assert bad == [], "a single-column key accepts another city's parent"


def test_the_app_role_owns_nothing_and_cannot_bypass(catalog):
    row = catalog.execute(
        text("select rolsuper, rolbypassrls, rolcreaterole, rolcreatedb from pg_roles where rolname = :r"),
        {"r": APP_ROLE},
    ).one()
    assert tuple(row) == (False, False, False, False)
    owned = catalog.execute(
        text("select count(*) from pg_class where relowner = (select oid from pg_roles where rolname = :r)"),
        {"r": APP_ROLE},
    ).scalar_one()
    assert owned == 0


def test_nobody_may_truncate_or_trick_past_a_policy(catalog):
    truncate = catalog.execute(
        text(
            "select table_name from information_schema.role_table_grants "
            "where grantee = :r and privilege_type in ('TRUNCATE', 'REFERENCES', 'TRIGGER')"
        ),
        {"r": APP_ROLE},
    ).all()
    assert truncate == []
    views = catalog.execute(
        text("select relname from pg_class where relkind in ('v', 'm') and relnamespace = 'public'::regnamespace")
    ).all()
    assert views == [], "views bypass policies unless they are security_invoker"
    definers = catalog.execute(
        text("select proname from pg_proc where prosecdef and pronamespace = 'public'::regnamespace")
    ).all()
    assert definers == []


def test_the_audit_log_cannot_be_changed_not_even_by_its_owner(catalog):
    with pytest.raises(Exception, match="append-only"), catalog.begin_nested():
        catalog.execute(text("delete from audit_links"))
    with pytest.raises(Exception, match="append-only"), catalog.begin_nested():
        catalog.execute(text("delete from audit_entries"))
