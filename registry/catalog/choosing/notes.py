"""What people of a city say about an app on its shortlist: each changes and removes only what is his own."""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy import select

from registry.accounts.models import User
from registry.catalog.choosing import rules
from registry.catalog.choosing.models import ShortlistItem, ShortlistNote
from registry.catalog.choosing.service import LARGEST, bounded
from registry.core import audit
from registry.core.clock import now
from registry.core.db import db
from registry.core.errors import ConflictError, ForbiddenError, NotFoundError
from registry.tenants.models import City


def add_note(city: City, item: ShortlistItem, author: User, text: str) -> ShortlistNote:
    """Raises InvalidError, ConflictError when there are too many or the app was removed."""
    text = bounded("text", text, 1, rules.MAX_NOTE)
    if item.removed_at is not None:
        raise ConflictError(_("%(app)s was taken off the list: put it back first.", app=item.app.name))
    if len(item.notes) >= rules.MAX_NOTES:
        raise ConflictError(_("There are %(n)s notes already: remove one first.", n=rules.MAX_NOTES))
    note = ShortlistNote(tenant_id=city.id, item_id=item.id, author_id=author.id, author=author.name, text=text)
    db.session.add(note)
    db.session.flush()
    db.session.expire(item, ["notes"])
    audit.record("shortlist.note", item.app.slug, city.id)
    return note


def own_note(item: ShortlistItem, note_id: int, author: User) -> ShortlistNote:
    """Raises NotFoundError, ForbiddenError for somebody else's."""
    wanted = select(ShortlistNote).where(ShortlistNote.item_id == item.id, ShortlistNote.id == note_id)
    found = db.session.scalar(wanted) if note_id < LARGEST else None
    if found is None:
        raise NotFoundError(_("There is no such note."))
    if found.author_id != author.id:
        raise ForbiddenError(_("Only who wrote a note can change or remove it."))
    return found


def edit_note(city: City, item: ShortlistItem, note: ShortlistNote, text: str) -> None:
    """Raises InvalidError."""
    note.text, note.edited_at = bounded("text", text, 1, rules.MAX_NOTE), now()
    audit.record("shortlist.note-edit", item.app.slug, city.id)


def remove_note(city: City, item: ShortlistItem, note: ShortlistNote) -> None:
    db.session.delete(note)
    db.session.flush()
    db.session.expire(item, ["notes"])
    audit.record("shortlist.note-remove", item.app.slug, city.id)
