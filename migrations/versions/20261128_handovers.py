"""the numbered document of each adoption

Revision ID: 20261128_handovers
Revises: 20261128_agreements
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from registry.core import rls

revision = "20261128_handovers"
down_revision = "20261128_agreements"
branch_labels = None
depends_on = None

NUMBER, MOMENT = sa.BigInteger(), sa.DateTime(timezone=True)


def upgrade() -> None:
    _handovers()
    _scans()
    _numbers()
    for table in ("handovers", "handover_scans"):
        for statement in rls.protect(table):
            op.execute(statement)
    for table in ("handover_codes", "handover_counters"):
        for statement in rls.grant(table):
            op.execute(statement)


def _text(*names: str) -> list[sa.Column[object]]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]


def _days(*names: str) -> list[sa.Column[object]]:
    return [sa.Column(name, sa.Date(), nullable=True) for name in names]


def _numbers_of(*names: str) -> list[sa.Column[object]]:
    return [sa.Column(name, NUMBER, nullable=False) for name in names]


def _handovers() -> None:
    op.create_table(
        "handovers",
        *_numbers_of("id", "tenant_id", "publisher_id", "year", "serial", "size"),
        *_text("number", "code", "app", "app_name", "release", "commit", "sha256", "licence"),
        sa.Column("parties", JSONB(), nullable=False),
        *_text("pks_number", "publisher_signatory", "partner_signatory", "reason"),
        *_days("pks_on", "publisher_signed_on", "partner_signed_on", "revoked_on"),
        sa.Column("handed_on", sa.Date(), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["cities.id"], name=op.f("fk_handovers_tenant_id")),
        sa.ForeignKeyConstraint(["publisher_id"], ["cities.id"], name=op.f("fk_handovers_publisher_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handovers")),
        sa.UniqueConstraint("tenant_id", "id", name=op.f("uq_handovers_tenant_id_id")),
        sa.UniqueConstraint("publisher_id", "year", "serial", name=op.f("uq_handovers_publisher_id_year_serial")),
        sa.UniqueConstraint("code", name=op.f("uq_handovers_code")),
    )
    op.create_index(op.f("ix_handovers_tenant_id"), "handovers", ["tenant_id"])
    op.create_index("ix_handovers_app", "handovers", ["tenant_id", "app"])


def _scans() -> None:
    op.create_table(
        "handover_scans",
        *_numbers_of("id", "tenant_id", "handover_id", "size"),
        *_text("side", "digest", "media", "name", "added_by"),
        sa.Column("added_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["cities.id"], name=op.f("fk_handover_scans_tenant_id")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "handover_id"], ["handovers.tenant_id", "handovers.id"],
            name=op.f("fk_handover_scans_tenant_id_handover_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handover_scans")),
        sa.UniqueConstraint("tenant_id", "id", name=op.f("uq_handover_scans_tenant_id_id")),
    )  # fmt: skip
    op.create_index(op.f("ix_handover_scans_tenant_id"), "handover_scans", ["tenant_id"])
    op.create_index("ix_handover_scans_handover", "handover_scans", ["tenant_id", "handover_id"])


def _numbers() -> None:
    op.create_table(
        "handover_codes",
        *_text("code"),
        *_numbers_of("city_id"),
        sa.ForeignKeyConstraint(["city_id"], ["cities.id"], name=op.f("fk_handover_codes_city_id")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_handover_codes")),
    )
    op.create_table(
        "handover_counters",
        *_numbers_of("publisher_id"),
        sa.Column("year", NUMBER, autoincrement=False, nullable=False),
        *_numbers_of("last"),
        sa.ForeignKeyConstraint(["publisher_id"], ["cities.id"], name=op.f("fk_handover_counters_publisher_id")),
        sa.PrimaryKeyConstraint("publisher_id", "year", name=op.f("pk_handover_counters")),
    )


def downgrade() -> None:
    for table in ("handover_counters", "handover_codes", "handover_scans", "handovers"):
        op.drop_table(table)
