"""Whose rows a session may see: nobody's, one city's, or the programme's.

A session has one scope for its life, because its identity map would otherwise hand one city's objects to another. The
scope is told to PostgreSQL at the start of each transaction, where row-level security (`registry.core.rls`) holds it
even for statements that never pass through the ORM.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from sqlalchemy import ClauseElement, Connection, Table, event, false
from sqlalchemy.orm import ORMExecuteState, Session, SessionTransaction, with_loader_criteria
from sqlalchemy.sql.visitors import iterate

from registry.core.db import TenantOwned, db


@dataclass(frozen=True)
class Scope:
    tenant: int | None = None
    programme: bool = False


NOBODY = Scope()
PROGRAMME = Scope(programme=True)


class UnscopedQueryError(RuntimeError):
    """A tenant-owned table was asked before anybody said whose rows are meant."""


class ScopeChangeError(RuntimeError):
    """The session already has another scope."""


def enter_city(tenant_id: int) -> None:
    """From here on the session sees this city's rows only. Raises ScopeChangeError."""
    _enter(Scope(tenant=tenant_id))


def enter_programme() -> None:
    """From here on the session sees every city's rows: maintainers, the worker, the host. Raises ScopeChangeError."""
    _enter(PROGRAMME)


def current() -> Scope:
    scope: Scope = db.session().info.get("scope", NOBODY)
    return scope


def _enter(scope: Scope) -> None:
    session = db.session()
    held = session.info.get("scope", NOBODY)
    if held == scope:
        return
    if held != NOBODY:
        raise ScopeChangeError(f"this session serves {held}, it cannot serve {scope}")
    session.info["scope"] = scope
    if session.in_transaction():
        tell(session.connection(), scope)


def tell(connection: Connection, scope: Scope) -> None:
    """Tell PostgreSQL, for the transaction this connection is in."""
    connection.exec_driver_sql(
        "select set_config('app.tenant', %s, true), set_config('app.programme', %s, true)",
        (str(scope.tenant or ""), "on" if scope.programme else ""),
    )


@event.listens_for(db.session, "after_begin")
def _tell_new_transaction(session: Session, _transaction: SessionTransaction, connection: Connection) -> None:
    scope = session.info.get("scope", NOBODY)
    if scope != NOBODY:
        tell(connection, scope)


@event.listens_for(db.session, "do_orm_execute")
def _narrow(state: ORMExecuteState) -> None:
    """Add the city to every ORM statement; refuse one that has no scope."""
    scope: Scope = state.session.info.get("scope", NOBODY)
    if scope.programme or state.is_column_load:
        return
    if scope.tenant is None:
        _refuse_tenant_tables(state)
        return
    tenant = scope.tenant
    state.statement = state.statement.options(
        with_loader_criteria(TenantOwned, lambda model: model.tenant_id == tenant, include_aliases=True)
    )


def _refuse_tenant_tables(state: ORMExecuteState) -> None:
    for element in iterate(cast(ClauseElement, state.statement)):
        if isinstance(element, Table) and element.info.get("tenant_owned"):
            raise UnscopedQueryError(f"{element.name} belongs to cities: enter a scope before asking it")
    state.statement = state.statement.options(
        with_loader_criteria(TenantOwned, lambda _model: false(), include_aliases=True)
    )
