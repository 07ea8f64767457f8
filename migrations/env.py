"""Alembic's way in: migrates as the owner role, one transaction per migration, one migrator at a time."""

from __future__ import annotations

from alembic import context
from sqlalchemy import create_engine, text

from registry.config import from_environment
from registry.core.db import db

QUEUE = "procrastinate_"
"""Tables of the job queue: made by its own SQL, not by our models."""


def include(_object: object, name: str | None, kind: str, _reflected: bool, _compare_to: object) -> bool:
    return not (kind == "table" and (name or "").startswith(QUEUE))


def run() -> None:
    url = context.config.get_main_option("sqlalchemy.url") or from_environment().owner_url
    engine = create_engine(url)
    with engine.connect() as connection:
        connection.execute(text("set lock_timeout = '10s'"))
        connection.execute(text("select pg_advisory_lock(hashtext('lumbung migrations'))"))
        connection.commit()
        context.configure(
            connection=connection,
            target_metadata=db.metadata,
            include_object=include,
            compare_type=True,
            transaction_per_migration=True,
        )
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()
    engine.dispose()


run()
