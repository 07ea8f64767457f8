"""What a city chose, said and watches in the catalog, as plain values for its archive.

Apps are told by their names in addresses, units and people by what they are called. Whoever calls has entered the
city's scope.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from registry.accounts.models import User
from registry.backups.export_packing import Packer
from registry.catalog.choosing import service as choosing
from registry.catalog.choosing.models import ShortlistItem
from registry.catalog.open_data.webhooks import service as webhooks
from registry.catalog.voices.models import Declaration, Question
from registry.core.db import db
from registry.tenants.models import City

ITEM = ("why", "author", "created_at", "decision", "quarter", "reason", "decided_by", "decided_at", "removed_at",
        "removed_by")  # fmt: skip
VOTE, NOTE = ("choice", "reason", "voter", "cast_at"), ("author", "text", "created_at", "edited_at")
DECLARATION = ("use_case", "instance_url", "experience", "since", "created_at", "updated_at", "hidden_at",
               "hidden_reason")  # fmt: skip
QUESTION = ("text", "created_at", "edited_at", "withdrawn_at", "hidden_at", "hidden_reason")
ANSWER = ("answer", "answered_at", "answer_edited_at")
WEBHOOK = ("url", "note", "events", "enabled")


def pack(packer: Packer, city: City, with_secrets: bool) -> None:
    packer.table("shortlist", shortlist(city), ("app", "unit", *ITEM))
    packer.table("declarations", declarations(city), ("app", *DECLARATION))
    packer.table("questions", questions(city), ("app", *QUESTION, *ANSWER))
    packer.json("webhooks.json", watched(city, with_secrets))


def shortlist(city: City) -> list[dict[str, Any]]:
    """With notes, votes and decisions, also what was taken off the list; the plan is what is decided to be adopted."""
    items = [*choosing.shortlist(city), *choosing.removed(city)]
    addresses = _addresses({note.author_id for item in items for note in item.notes})
    return [_item(item, addresses) for item in items]


def _item(item: ShortlistItem, addresses: dict[int, str]) -> dict[str, Any]:
    return {
        "app": item.app.slug, "unit": item.opd.name if item.opd else None, **_picked(item, ITEM),
        "votes": [{"unit": vote.opd.name, **_picked(vote, VOTE)} for vote in item.votes],
        "notes": [{"email": addresses.get(note.author_id or 0), **_picked(note, NOTE)} for note in item.notes],
    }  # fmt: skip


def declarations(city: City) -> list[dict[str, Any]]:
    """Those that stand: a withdrawn one has no words."""
    wanted = select(Declaration).where(Declaration.city_id == city.id, Declaration.withdrawn_at.is_(None))
    rows = db.session.scalars(wanted.order_by(Declaration.id))
    return [{"app": row.app.slug, **_picked(row, DECLARATION)} for row in rows]


def questions(city: City) -> list[dict[str, Any]]:
    """With the answer that stands, and whose app it is about."""
    rows = db.session.scalars(select(Question).where(Question.city_id == city.id).order_by(Question.id)).all()
    addresses = _addresses({row.author_id for row in rows})
    return [
        {"app": row.app.slug, "publisher": row.app.publisher.slug, "email": addresses.get(row.author_id or 0),
         **_picked(row, QUESTION), **(_picked(row, ANSWER) if row.answered else {})}
        for row in rows
    ]  # fmt: skip


def watched(city: City, with_secrets: bool) -> list[dict[str, Any]]:
    """The webhooks; what signs their messages only ``with_secrets``, as with plugins' settings."""
    return [
        _picked(hook, WEBHOOK) | ({"secret": webhooks.secrets_of(hook)[0]} if with_secrets else {})
        for hook in webhooks.webhooks_of(city)
    ]


def _addresses(ids: set[int | None]) -> dict[int, str]:
    people = db.session.execute(select(User.id, User.email).where(User.id.in_(ids - {None})))
    return {number: email for number, email in people}


def _picked(row: object, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}
