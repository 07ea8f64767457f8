"""The database: one declarative base, and what makes a table a city's own."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import BigInteger, DateTime, ForeignKey, MetaData, event
from sqlalchemy.engine import Engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.orm import registry as mapper_registry

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Declarations(DeclarativeBase):
    """Times carry a zone, whole numbers are 64 bits wide."""

    registry = mapper_registry(
        metadata=MetaData(naming_convention=NAMING),
        type_annotation_map={int: BigInteger, datetime: DateTime(timezone=True)},
    )


db = SQLAlchemy(model_class=Declarations, disable_autonaming=True)

if TYPE_CHECKING:
    Base = Declarations
else:
    Base = db.Model


class TenantOwned:
    """Mixin of a table whose rows belong to one city. Its migration calls `registry.core.rls.protect`."""

    tenant_id: Mapped[int] = mapped_column(ForeignKey("cities.id"), index=True)


@event.listens_for(TenantOwned, "instrument_class", propagate=True)
def mark_table(mapper, _model) -> None:  # type: ignore[no-untyped-def]
    """Beside the mixin, so that no model can be mapped before its table is marked."""
    mapper.local_table.info["tenant_owned"] = True


def engine_options(pool: int = 8) -> dict[str, object]:
    return {"pool_size": pool, "max_overflow": 4, "pool_pre_ping": True, "pool_recycle": 1800}


@event.listens_for(Engine, "reset")
def forget_settings(connection, _record, reset_state) -> None:  # type: ignore[no-untyped-def]
    """A session-level SET would outlive its borrower in the pool: clear it on return."""
    if not reset_state.terminate_only:
        connection.rollback()
        connection.execute("RESET ALL")
        connection.commit()
