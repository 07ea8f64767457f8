"""A city asks for help with an app, and those who publish it answer: the thread, what lies beside it, what is kept.

Everything of a thread belongs to the city that asked, except `AssistanceNote`: what helpers write for themselves
belongs to the helping city, so that no session of the asking city can ever read it.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.accounts.models import User
from registry.catalog.models import App
from registry.core.clock import now
from registry.core.db import Base, TenantOwned
from registry.tenants.models import City


class AssistanceRequest(TenantOwned, Base):
    """``id`` is the number people know it by. ``helper_id`` is the city whose people answer: the app's publisher.

    ``phase`` is what the help is for, ``promised`` what the PKS said on the day it was asked; ``covered`` whether the
    one lies within the other. ``waiting_since`` is when the side whose turn it is got it. ``version`` counts what
    either side says or decides: who answers names the one he saw.
    """

    __tablename__ = "assistance_requests"
    __table_args__ = (
        UniqueConstraint("tenant_id", "id"),
        CheckConstraint("state in ('open', 'city', 'helper', 'solved', 'closed')", name="state"),
        CheckConstraint("urgency in ('low', 'normal', 'high')", name="urgency"),
        CheckConstraint("phase in ('installation', 'operation')", name="phase"),
        CheckConstraint("promised in ('none', 'installation', 'operation')", name="promised"),
        Index("ix_assistance_requests_state", "state", "waiting_since"),
        Index("ix_assistance_requests_app_id", "app_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    app_id: Mapped[int] = mapped_column(ForeignKey("apps.id"))
    helper_id: Mapped[int] = mapped_column(ForeignKey("cities.id"), index=True)
    plugin: Mapped[str] = mapped_column(Text, default="")
    app_version: Mapped[str] = mapped_column(Text, default="")
    title: Mapped[str] = mapped_column(Text)
    tried: Mapped[str] = mapped_column(Text, default="")
    urgency: Mapped[str] = mapped_column(Text, default="normal")
    phase: Mapped[str] = mapped_column(Text)
    promised: Mapped[str] = mapped_column(Text)
    covered: Mapped[bool]
    state: Mapped[str] = mapped_column(Text, default="open")
    author_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="set null"))
    assignee_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="set null"))
    version: Mapped[int] = mapped_column(default=1)
    opened_at: Mapped[datetime] = mapped_column(default=now)
    waiting_since: Mapped[datetime] = mapped_column(default=now)
    answered_at: Mapped[datetime | None]
    solved_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    app: Mapped[App] = relationship()
    city: Mapped[City] = relationship(foreign_keys="AssistanceRequest.tenant_id")
    helper: Mapped[City] = relationship(foreign_keys=[helper_id])
    assignee: Mapped[User | None] = relationship(foreign_keys=[assignee_id])


def of_request() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(
        ["tenant_id", "request_id"], ["assistance_requests.tenant_id", "assistance_requests.id"]
    )


class AssistanceMessage(TenantOwned, Base):
    """What one ``side`` said or did. ``act`` is "say" or what became of the request by it; ``text`` may then be ""."""

    __tablename__ = "assistance_messages"
    __table_args__ = (
        of_request(),
        UniqueConstraint("tenant_id", "id"),
        Index("ix_assistance_messages_request", "tenant_id", "request_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    request_id: Mapped[int]
    side: Mapped[str] = mapped_column(Text)
    act: Mapped[str] = mapped_column(Text)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="set null"))
    author: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime] = mapped_column(default=now)


class AssistanceFile(TenantOwned, Base):
    """A file beside a message (`registry.tenants.documents.files`)."""

    __tablename__ = "assistance_files"
    __table_args__ = (
        of_request(),
        ForeignKeyConstraint(["tenant_id", "message_id"], ["assistance_messages.tenant_id", "assistance_messages.id"]),
        Index("ix_assistance_files_request", "tenant_id", "request_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    request_id: Mapped[int]
    message_id: Mapped[int]
    digest: Mapped[str] = mapped_column(Text)
    size: Mapped[int]
    media: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)


class AssistanceNote(TenantOwned, Base):
    """For the helpers only. Its tenant is the helping city; ``request_id`` is a request of another one."""

    __tablename__ = "assistance_notes"
    __table_args__ = (Index("ix_assistance_notes_request", "tenant_id", "request_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    request_id: Mapped[int]
    author: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(default=now)


class AssistanceAnswer(Base):
    """What both sides agreed everybody may read, on the app's page. Public; ``city_id`` only where the city wishes."""

    __tablename__ = "assistance_answers"
    __table_args__ = (Index("ix_assistance_answers_app_id", "app_id", "agreed_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    app_id: Mapped[int] = mapped_column(ForeignKey("apps.id"))
    city_id: Mapped[int | None] = mapped_column(ForeignKey("cities.id"))
    question: Mapped[str] = mapped_column(Text)
    answer: Mapped[str] = mapped_column(Text)
    version: Mapped[int]
    agreed_at: Mapped[datetime] = mapped_column(default=now)
    demo: Mapped[bool] = mapped_column(default=False)
    city: Mapped[City | None] = relationship(lazy="joined")


class AssistanceDraft(TenantOwned, Base):
    """The words both sides work on, one for a request. ``agreed_…`` is who of a side agreed to these very words.

    ``named``: the city wishes to be named. ``answer_id`` is what stands on the app's page meanwhile.
    """

    __tablename__ = "assistance_drafts"
    __table_args__ = (of_request(), UniqueConstraint("tenant_id", "request_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    request_id: Mapped[int]
    question: Mapped[str] = mapped_column(Text)
    answer: Mapped[str] = mapped_column(Text)
    named: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)
    agreed_city: Mapped[str] = mapped_column(Text, default="")
    agreed_helper: Mapped[str] = mapped_column(Text, default="")
    answer_id: Mapped[int | None] = mapped_column(ForeignKey("assistance_answers.id", ondelete="set null"))
    updated_at: Mapped[datetime] = mapped_column(default=now)


class AssistanceVersion(TenantOwned, Base):
    """The exact words both sides agreed to, once and for all; ``withdrawn_by`` is the side that took them back."""

    __tablename__ = "assistance_versions"
    __table_args__ = (of_request(), UniqueConstraint("tenant_id", "request_id", "version"))

    id: Mapped[int] = mapped_column(primary_key=True)
    request_id: Mapped[int]
    version: Mapped[int]
    question: Mapped[str] = mapped_column(Text)
    answer: Mapped[str] = mapped_column(Text)
    named: Mapped[bool]
    agreed_city: Mapped[str] = mapped_column(Text)
    agreed_helper: Mapped[str] = mapped_column(Text)
    agreed_at: Mapped[datetime] = mapped_column(default=now)
    withdrawn_by: Mapped[str] = mapped_column(Text, default="")
    withdrawn_at: Mapped[datetime | None]
