"""What the city chose, said and watches, from an archive. Each is made once; what is there stays.

Apps the catalog here does not have are named and left out. Nobody is written to about what is brought in.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import select

from registry.backups.import_catalog_rows import rows
from registry.catalog.choosing import rules as choosing
from registry.catalog.choosing.models import ShortlistItem, ShortlistNote, ShortlistVote
from registry.catalog.models import App
from registry.catalog.open_data.webhooks import service as webhooks
from registry.catalog.voices.models import Declaration, Question
from registry.core.clock import now
from registry.core.db import db
from registry.core.errors import RefusalError
from registry.tenants.models import City
from registry.tenants.people import service as people

Row = Mapping[str, Any]
ITEM = ("why", "author", "created_at", "decision", "quarter", "reason", "decided_by", "decided_at", "removed_at",
        "removed_by")  # fmt: skip
NO_APP = "the catalog here has no such app"
HIDDEN = ("hidden_at", "hidden_reason")


def bring(folder: Path, city: City) -> list[str]:
    """After `import_catalog_rows.check`; answers with what was left out, and why."""
    left_out: list[str] = []
    left_out += _bring_shortlist(rows(folder, "shortlist"), city)
    left_out += _bring_declarations(rows(folder, "declarations"), city)
    left_out += _bring_questions(rows(folder, "questions"), city)
    left_out += _bring_webhooks(rows(folder, "webhooks"), city)
    return left_out


def _bring_shortlist(found: list[dict[str, Any]], city: City) -> Iterator[str]:
    apps, units, authors = _apps(found), {unit.name: unit.id for unit in people.units(city)}, _people(city)
    held = set(db.session.scalars(select(ShortlistItem.app_id).where(ShortlistItem.tenant_id == city.id)))
    for row in found:
        app, unit = apps.get(row["app"]), units.get(row["unit"] or "")
        if app is None:
            yield f"shortlist: {row['app']}: {NO_APP}"
        elif row["unit"] and unit is None:
            yield f"shortlist: {row['app']}: there is no unit {row['unit']}"
        elif app.id not in held and len(held) >= choosing.MAX_ITEMS:
            yield f"shortlist: {row['app']}: the shortlist is full"
        elif app.id not in held:
            held.add(app.id)
            item = ShortlistItem(tenant_id=city.id, app_id=app.id, opd_id=unit, **_picked(row, ITEM))
            db.session.add(item)
            db.session.flush()
            _add_votes(row["votes"], item, units)
            _add_notes(row["notes"], item, authors)
    db.session.flush()


def _add_votes(found: list[dict[str, Any]], item: ShortlistItem, units: Mapping[str, int]) -> None:
    """The first of each unit that is here."""
    votes = {units[row["unit"]]: row for row in reversed(found) if row["unit"] in units}
    for unit, row in sorted(votes.items(), key=lambda pair: pair[1]["cast_at"]):
        told = {name: value for name, value in row.items() if name != "unit"}
        db.session.add(ShortlistVote(tenant_id=item.tenant_id, item_id=item.id, opd_id=unit, **told))


def _add_notes(found: list[dict[str, Any]], item: ShortlistItem, authors: Mapping[str, int]) -> None:
    for row in found:
        told = {name: value for name, value in row.items() if name != "email"}
        author_id = authors.get(row["email"] or "")
        db.session.add(ShortlistNote(tenant_id=item.tenant_id, item_id=item.id, author_id=author_id, **told))


def _bring_declarations(found: list[dict[str, Any]], city: City) -> Iterator[str]:
    apps = _apps(found)
    held = set(db.session.scalars(select(Declaration.app_id).where(Declaration.city_id == city.id)))
    for row in found:
        app = apps.get(row["app"])
        if app is None:
            yield f"declarations: {row['app']}: {NO_APP}"
        elif app.id not in held:
            held.add(app.id)
            told = {name: value for name, value in row.items() if name != "app"}
            db.session.add(Declaration(app_id=app.id, city_id=city.id, version=1, **told))
    db.session.flush()


def _bring_questions(found: list[dict[str, Any]], city: City) -> Iterator[str]:
    """An answer only where the app is of the same publisher: it is shown as his words."""
    apps, authors = _apps(found), _people(city)
    asked = select(Question.app_id, Question.text, Question.created_at).where(Question.city_id == city.id)
    held = {tuple(one) for one in db.session.execute(asked)}
    for row in found:
        app = apps.get(row["app"])
        if app is None:
            yield f"questions: {row['app']}: {NO_APP}"
            continue
        key = (app.id, row["text"], row["created_at"])
        if key in held:
            continue
        held.add(key)
        same = app.publisher.slug == row["publisher"]
        if row["answer"] and not same:
            yield f"questions: {row['app']}: the answer is of another publisher"
        db.session.add(_question(row, app, city, authors, same))
    db.session.flush()


def _question(row: Row, app: App, city: City, authors: Mapping[str, int], answered: bool) -> Question:
    names: tuple[str, ...] = ("text", "created_at", "edited_at", "withdrawn_at", *HIDDEN)
    if answered and row["answer"] and row["answered_at"]:
        names += ("answer", "answered_at", "answer_edited_at")
    author_id = authors.get(row["email"] or "")
    return Question(
        app_id=app.id, city_id=city.id, author_id=author_id, told_at=now(), answer_told_at=now(), **_picked(row, names)
    )


def _bring_webhooks(found: list[dict[str, Any]], city: City) -> Iterator[str]:
    for row in found:
        try:
            webhooks.take_in(city, row["url"], row["events"], row["note"], row["secret"])
        except RefusalError as refusal:
            yield f"webhooks: {row['url'][:100]}: {refusal.message}"


def _apps(found: list[dict[str, Any]]) -> dict[str, App]:
    wanted = {row["app"] for row in found}
    return {app.slug: app for app in db.session.scalars(select(App).where(App.slug.in_(wanted)))}


def _people(city: City) -> dict[str, int]:
    """By address: only who has a role here can be the author of something."""
    return {one.user.email: one.user_id for one in people.members(city)}


def _picked(row: Row, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: row[name] for name in names}
