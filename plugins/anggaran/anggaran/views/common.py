"""What several rooms of pages share: the version that is looked at, filters of the address, refusals in words."""

import sqlite3
from collections.abc import Callable

from flask import abort, flash, redirect, url_for
from flask_babel import gettext as _
from lumbung_plugin import addresses, database, settings, transaction
from werkzeug.wrappers import Response

from anggaran import items, years
from anggaran.items import Order, Wanted
from anggaran.people import actor
from anggaran.rules import Actor, Refused, State
from anggaran.words import sentence

View = str | Response | tuple[str, int]


def public_versions(db: sqlite3.Connection) -> list[sqlite3.Row]:
    """The versions citizens see."""
    return years.versions(db, public=True, also_open=bool(settings()["open_public"]))


def chosen_version(db: sqlite3.Connection, versions: list[sqlite3.Row], name: str = "versi") -> sqlite3.Row | None:
    """The one the address names; else the newest; None when there is none. 404 for one that is not among them."""
    wanted = addresses.number(name)
    if wanted is None:
        return versions[0] if versions else None
    found = next((row for row in versions if row["id"] == wanted), None)
    if found is None:
        abort(404, _("There is no such version."))
    return found


def working_version(db: sqlite3.Connection) -> sqlite3.Row | None:
    """The open version the address names, else the one of the latest year; None when none is open."""
    wanted = addresses.number("versi")
    found = years.version(db, wanted) if wanted is not None else None
    return found if found is not None and found["frozen_at"] is None else years.present(db)


def wanted_items(version_id: int, public: bool = True) -> Wanted:
    """The filters of a list as the address tells them."""
    order = addresses.choice("urut", set(Order))
    return Wanted(
        version_id,
        addresses.text("q"),
        addresses.number("opd"),
        addresses.number("program"),
        addresses.number("kegiatan"),
        addresses.number("sebab"),
        addresses.number("tempat"),
        addresses.choice("status", set(State) - ({State.DRAFT} if public else set())),
        public,
        cut=addresses.choice("potong", {"ya"}) == "ya",
        unscored=not public and addresses.choice("tugas", {"nilai"}) == "nilai",
        waiting=not public and addresses.choice("tugas", {"putusan"}) == "putusan",
        order=Order(order) if order and (not public or order != Order.SCORE) else Order.CODE,
    )


def paged(db: sqlite3.Connection, wanted: Wanted) -> dict[str, object]:
    """A list's page with the addresses around it and its total, for the template."""
    page = items.page(db, wanted, addresses.number(addresses.BEFORE), addresses.number(addresses.AFTER))
    around = addresses.page_links(page.before, page.after)
    return {"page": page, "around": around, "wanted": wanted, "total": items.total(db, wanted)}


def offices_of(db: sqlite3.Connection, version_id: int) -> list[sqlite3.Row]:
    """The offices that have something in a version, for a filter."""
    return db.execute(
        "SELECT id, name FROM office WHERE id IN (SELECT DISTINCT office_id FROM item WHERE version_id = ?)"
        " ORDER BY name",
        (version_id,),
    ).fetchall()


def act(done: Callable[[sqlite3.Connection, Actor], object], words: str) -> bool:
    """Do something in a transaction and say so; a refusal is said instead, and nothing is changed."""
    try:
        with transaction() as db:
            done(db, actor(db))
    except Refused as refused:
        flash(sentence(refused), "warn")
        return False
    flash(words, "good")
    return True


def to_item(item_id: int) -> Response:
    return redirect(url_for("desk.show", item_id=item_id))


def found_item(item_id: int) -> sqlite3.Row:
    """A sub-activity, whatever its state; 404 when there is none."""
    item = items.one(database(), item_id)
    if item is None:
        abort(404, _("There is no such sub-activity."))
    return item
