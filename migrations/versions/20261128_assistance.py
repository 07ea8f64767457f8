"""requests for assistance and the answers kept

Revision ID: 20261128_assistance
Revises: 20261128_people
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from registry.core import rls

revision = "20261128_assistance"
down_revision = "20261128_people"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
TABLES = ("assistance_requests", "assistance_messages", "assistance_files", "assistance_notes", "assistance_drafts",
          "assistance_versions")  # fmt: skip


def upgrade() -> None:
    _answers()
    _requests()
    _messages()
    _kept()
    for table in TABLES:
        op.create_index(op.f(f"ix_{table}_tenant_id"), table, ["tenant_id"])
        for statement in rls.protect(table):
            op.execute(statement)
    for statement in rls.grant("assistance_answers"):
        op.execute(statement)


def _text(*names: str) -> list[sa.Column[object]]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]


def _number(name: str, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.BigInteger(), nullable=nullable)


def _moment(name: str, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, MOMENT, nullable=nullable)


def _to(table: str, column: str, target: str, ondelete: str | None = None) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}"), ondelete=ondelete)


def _own(table: str, *columns: sa.Column[object] | sa.Constraint, of_request: bool = True) -> None:
    """A table of the city."""
    parent = sa.ForeignKeyConstraint(
        ["tenant_id", "request_id"], ["assistance_requests.tenant_id", "assistance_requests.id"],
        name=op.f(f"fk_{table}_tenant_id_request_id"),
    )  # fmt: skip
    op.create_table(
        table,
        _number("id"),
        _number("tenant_id"),
        *columns,
        *([parent] if of_request else []),
        _to(table, "tenant_id", "cities"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )


def _answers() -> None:
    table = "assistance_answers"
    op.create_table(
        table,
        _number("id"),
        _number("app_id"),
        _number("city_id", nullable=True),
        *_text("question", "answer"),
        _number("version"),
        _moment("agreed_at"),
        sa.Column("demo", sa.Boolean(), nullable=False),
        _to(table, "app_id", "apps"),
        _to(table, "city_id", "cities"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )
    op.create_index("ix_assistance_answers_app_id", table, ["app_id", "agreed_at"])


def _requests() -> None:
    table = "assistance_requests"
    checks = {
        "state": "state in ('open', 'city', 'helper', 'solved', 'closed')",
        "urgency": "urgency in ('low', 'normal', 'high')",
        "phase": "phase in ('installation', 'operation')",
        "promised": "promised in ('none', 'installation', 'operation')",
    }
    _own(
        table,
        _number("app_id"),
        _number("helper_id"),
        *_text("plugin", "app_version", "title", "tried", "urgency", "phase", "promised"),
        sa.Column("covered", sa.Boolean(), nullable=False),
        *_text("state"),
        _number("author_id", nullable=True),
        _number("assignee_id", nullable=True),
        _number("version"),
        *(_moment(name) for name in ("opened_at", "waiting_since")),
        *(_moment(name, nullable=True) for name in ("answered_at", "solved_at", "closed_at")),
        _to(table, "app_id", "apps"),
        _to(table, "helper_id", "cities"),
        _to(table, "author_id", "users", "set null"),
        _to(table, "assignee_id", "users", "set null"),
        sa.UniqueConstraint("tenant_id", "id", name=op.f(f"uq_{table}_tenant_id_id")),
        *(sa.CheckConstraint(text, name=op.f(f"ck_{table}_{name}")) for name, text in checks.items()),
        of_request=False,
    )
    op.create_index("ix_assistance_requests_state", table, ["state", "waiting_since"])
    op.create_index("ix_assistance_requests_app_id", table, ["app_id"])
    op.create_index(op.f("ix_assistance_requests_helper_id"), table, ["helper_id"])


def _messages() -> None:
    _own(
        "assistance_messages",
        _number("request_id"),
        *_text("side", "act"),
        _number("author_id", nullable=True),
        *_text("author", "text"),
        _moment("at"),
        _to("assistance_messages", "author_id", "users", "set null"),
        sa.UniqueConstraint("tenant_id", "id", name=op.f("uq_assistance_messages_tenant_id_id")),
    )
    _own(
        "assistance_files",
        _number("request_id"),
        _number("message_id"),
        *_text("digest"),
        _number("size"),
        *_text("media", "name"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "message_id"], ["assistance_messages.tenant_id", "assistance_messages.id"],
            name=op.f("fk_assistance_files_tenant_id_message_id"),
        ),
    )  # fmt: skip
    _own("assistance_notes", _number("request_id"), *_text("author", "text"), _moment("at"), of_request=False)
    for name in ("messages", "files", "notes"):
        op.create_index(f"ix_assistance_{name}_request", f"assistance_{name}", ["tenant_id", "request_id", "id"])


def _kept() -> None:
    _own(
        "assistance_drafts",
        _number("request_id"),
        *_text("question", "answer"),
        sa.Column("named", sa.Boolean(), nullable=False),
        _number("version"),
        *_text("agreed_city", "agreed_helper"),
        _number("answer_id", nullable=True),
        _moment("updated_at"),
        _to("assistance_drafts", "answer_id", "assistance_answers", "set null"),
        sa.UniqueConstraint("tenant_id", "request_id", name=op.f("uq_assistance_drafts_tenant_id_request_id")),
    )
    _own(
        "assistance_versions",
        _number("request_id"),
        _number("version"),
        *_text("question", "answer"),
        sa.Column("named", sa.Boolean(), nullable=False),
        *_text("agreed_city", "agreed_helper"),
        _moment("agreed_at"),
        *_text("withdrawn_by"),
        _moment("withdrawn_at", nullable=True),
        sa.UniqueConstraint(
            "tenant_id", "request_id", "version", name=op.f("uq_assistance_versions_tenant_id_request_id_version")
        ),
    )


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
    op.drop_table("assistance_answers")
