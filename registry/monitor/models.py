"""Figures of plugins: per minute for two days, per hour for more than a year. Written by the host (minutes) and by the
worker (hours)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKeyConstraint, Index
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, declared_attr, mapped_column
from sqlalchemy.schema import SchemaItem

from registry.core.db import Base, TenantOwned


class Figures(TenantOwned):
    """The columns both tables share; what each means is said by `registry.host.tally.Tally`, which writes them."""

    deployment_id: Mapped[int] = mapped_column(primary_key=True)
    requests: Mapped[int]
    errors: Mapped[int]
    slow: Mapped[int]
    histogram: Mapped[list[int]] = mapped_column(ARRAY(BigInteger))
    memory_bytes: Mapped[int]
    cpu_seconds: Mapped[float]
    disk_bytes: Mapped[int]
    files: Mapped[int]
    wakes: Mapped[int]
    starts_ms: Mapped[int]
    processes: Mapped[int]
    killed: Mapped[int]
    stuck: Mapped[int]
    read_only: Mapped[bool]

    @declared_attr.directive
    def __table_args__(cls) -> tuple[SchemaItem, ...]:  # noqa: N805
        owner = ForeignKeyConstraint(
            ["tenant_id", "deployment_id"], ["deployments.tenant_id", "deployments.id"], ondelete="cascade"
        )
        return owner, Index(None, "minute")


class Sample(Figures, Base):
    """One minute in which a plugin was awake."""

    __tablename__ = "samples"

    minute: Mapped[datetime] = mapped_column(primary_key=True)


class SampleHour(Figures, Base):
    """One hour: sums, the most seen, and the last state of the disk. ``minute`` is when it began."""

    __tablename__ = "sample_hours"

    minute: Mapped[datetime] = mapped_column(primary_key=True)
