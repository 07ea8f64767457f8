"""The offices' pages under /kerja: their proposals, ceilings, and the trail of one sub-activity."""

import sqlite3
from typing import Any

from flask import Blueprint, Response, abort, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from lumbung_plugin import addresses, database, offices, require_role, transaction
from wtforms import SelectChoice

from anggaran import ceilings, places, proposals, sums, trail, years
from anggaran.forms import ProposalForm, listed
from anggaran.items import Wanted
from anggaran.money import short
from anggaran.people import actor
from anggaran.proposals import Proposal
from anggaran.rules import Actor, Refused, crossed, may_propose, tightest
from anggaran.views import reviewing
from anggaran.views.common import (
    View,
    act,
    chosen_version,
    found_item,
    offices_of,
    paged,
    to_item,
    wanted_items,
    working_version,
)
from anggaran.words import sentence

pages = Blueprint("desk", __name__, url_prefix="/kerja")

MOST_TYPED = 40


@pages.get("")
@require_role("operator")
def overview() -> View:
    """For an office its own proposals and ceilings; for reviewers all of them."""
    db = database()
    who, versions = actor(db), years.versions(db)
    version = chosen_version(db, versions) if addresses.number("versi") else years.present(db)
    version = version or (versions[0] if versions else None)
    if version is None:
        return render_template("anggaran/no_year.html")
    wanted = _wanted(who, version)
    own = [row for row in ceilings.listing(db, version["id"])
           if who.office_id and not who.administrator and row["office_id"] == who.office_id]  # fmt: skip
    return render_template(
        "anggaran/desk.html",
        who=who,
        version=version,
        versions=versions,
        limits=own,
        sum=sums.total(db, version["id"], None if who.reviewer else who.office_id),
        tasks=reviewing.tasks(db, version["id"]) if who.reviewer else None,
        offices=offices_of(db, version["id"]),
        counts=_counts(db, wanted),
        **paged(db, wanted),
    )


@pages.route("/usulan/baru", methods=["GET", "POST"])
@require_role("operator")
def create() -> View:
    db = database()
    who, version = actor(db), working_version(db)
    if version is None:
        return render_template("anggaran/no_year.html")
    form = _form(db, who)
    if form.validate_on_submit():
        try:
            with transaction() as held:
                item_id = proposals.create(held, who, version["id"], _proposal(held, form, who.office_id))
        except Refused as refused:
            form.number.errors = [sentence(refused)]
        else:
            flash(_("The draft is kept. Read it once more and submit it."), "good")
            return to_item(item_id)
    return _edit(db, form, version, who, None), 400 if form.is_submitted() else 200


@pages.route("/usulan/<int:item_id>/ubah", methods=["GET", "POST"])
@require_role("operator")
def change(item_id: int) -> View:
    db = database()
    who, item = actor(db), found_item(item_id)
    version = years.version(db, item["version_id"])
    if may_propose(who, item["office_id"]) is not None or item["state"] != "draft" or version["frozen_at"]:  # type: ignore[index]
        abort(409, _("Only a draft can be changed. Take the proposal back first."))
    form = _form(db, who, item)
    if form.validate_on_submit():
        proposal = _proposal(db, form, item["office_id"])
        try:
            with transaction() as held:
                proposals.change(held, who, item_id, proposal)
        except Refused as refused:
            form.number.errors = [sentence(refused)]
        else:
            flash(_("Saved."), "good")
            return to_item(item_id)
    return _edit(db, form, version, who, item), 400 if form.is_submitted() else 200


@pages.get("/usulan/<int:item_id>")
@require_role("operator")
def show(item_id: int) -> View:
    return page_of(item_id)


@pages.post("/usulan/<int:item_id>/ajukan")
@require_role("operator")
def submit(item_id: int) -> View:
    found_item(item_id)
    act(lambda db, who: proposals.submit(db, who, item_id), _("Submitted. The reviewers see it now."))
    return to_item(item_id)


@pages.post("/usulan/<int:item_id>/tarik")
@require_role("operator")
def withdraw(item_id: int) -> View:
    found_item(item_id)
    act(lambda db, who: proposals.withdraw(db, who, item_id), _("Taken back: it is a draft again."))
    return to_item(item_id)


@pages.post("/usulan/<int:item_id>/hapus")
@require_role("operator")
def delete(item_id: int) -> View:
    found_item(item_id)
    done = act(lambda db, who: proposals.delete(db, who, item_id), _("The draft is deleted."))
    return redirect(url_for(".overview")) if done else to_item(item_id)


@pages.get("/ruang")
@require_role("operator")
def room() -> Response:
    """What a ceiling says to an amount while it is typed: `{"text", "tone"}`."""
    db = database()
    who, version = actor(db), working_version(db)
    office = addresses.number("opd") if who.administrator else who.office_id
    if version is None or office is None:
        return jsonify(text="", tone="")
    activity = addresses.number("kegiatan")
    row = db.execute("SELECT programme_id FROM activity WHERE id = ?", (activity,)).fetchone()
    found = ceilings.over(db, version["id"], office, row["programme_id"] if row else None, addresses.number("usulan"))
    return jsonify(_said(found, addresses.text("pagu", MOST_TYPED)))


def page_of(item_id: int, **wrong: Any) -> str:
    """One sub-activity with everything this person may do to it."""
    db = database()
    who, item = actor(db), found_item(item_id)
    version = years.version(db, item["version_id"])
    if not who.reviewer and who.office_id != item["office_id"]:
        abort(403, _("This proposal belongs to another office."))
    limits = ceilings.over(db, item["version_id"], item["office_id"], item["programme_id"], item_id)
    return render_template(
        "anggaran/work.html",
        who=who,
        item=item,
        version=version,
        limits=limits,
        events=trail.of_item(db, item_id),
        may_propose=may_propose(who, item["office_id"]) is None and not version["frozen_at"],  # type: ignore[index]
        **reviewing.context(db, who, item, wrong),
    )


def _said(found: list[Any], typed: str) -> dict[str, str]:
    digits = "".join(letter for letter in typed if letter.isdigit())
    amount = int(digits or "0")
    broken, least = crossed(found, amount), tightest(found)
    if broken is not None:
        words = _("Over the ceiling of %(name)s by %(over)s.", name=broken.name, over=short(amount - broken.left))
        return {"text": words, "tone": "wrong"}
    if least is None:
        return {"text": _("No ceiling is set for this."), "tone": "plain"}
    left = short(least.left - amount)
    words = _("Fits: %(left)s would be left under the ceiling of %(name)s.", left=left, name=least.name)
    return {"text": words, "tone": "good"}


def _wanted(who: Actor, version: sqlite3.Row) -> Wanted:
    wanted = wanted_items(version["id"], public=False)
    if who.reviewer:
        return wanted
    return Wanted(wanted.version, wanted.q, who.office_id or 0, wanted.programme, wanted.activity, wanted.cause,
                  wanted.place, wanted.state, public=False, cut=wanted.cut, order=wanted.order)  # fmt: skip


def _counts(db: sqlite3.Connection, wanted: Wanted) -> dict[str, int]:
    rows = db.execute(
        "SELECT state, count(*) AS n FROM item WHERE version_id = ? AND (? IS NULL OR office_id = ?) GROUP BY state",
        (wanted.version, wanted.office, wanted.office),
    )
    return {row["state"]: row["n"] for row in rows}


def _form(db: sqlite3.Connection, who: Actor, item: sqlite3.Row | None = None) -> ProposalForm:
    start: dict[str, Any] = {}
    if item is not None:
        start = {**dict(item), "number": item["code"].rpartition(".")[2], "amount": item["asked"]}
        start["places"] = places.of_item(db, item["id"])
    form = ProposalForm(data=start)
    form.activity_id.choices = _activities(db)
    form.places.choices = listed(places.listing(db))
    if not form.places.choices:
        del form.places
    if who.administrator and item is None:
        form.office_id.choices = listed(offices.listing(db), _("Choose …"))
    else:
        del form.office_id
    return form


def _activities(db: sqlite3.Connection) -> list[SelectChoice]:
    """All activities, below their programmes."""
    rows = db.execute(
        "SELECT activity.*, programme.code || ' ' || programme.name AS programme FROM activity"
        " JOIN programme ON programme.id = programme_id ORDER BY activity.code"
    )
    found = [SelectChoice(row["id"], f"{row['code']} {row['name']}", optgroup=row["programme"]) for row in rows]
    return [SelectChoice("", _("Choose …")), *found]


def _proposal(db: sqlite3.Connection, form: ProposalForm, office_id: int | None) -> Proposal:
    chosen = form.office_id.data if "office_id" in form else office_id
    activity = db.execute("SELECT * FROM activity WHERE id = ?", (form.activity_id.data,)).fetchone()
    return Proposal(
        chosen or 0, activity["id"], f"{activity['code']}.{form.number.data}", form.name.data or "",
        form.amount.data or 0, form.indicator.data or "", form.target.data or "", form.location.data or "",
        form.reason.data or "", tuple(form.places.data or ()) if "places" in form else (),
    )  # fmt: skip


def _edit(
    db: sqlite3.Connection, form: ProposalForm, version: sqlite3.Row, who: Actor, item: sqlite3.Row | None
) -> str:
    office = item["office_id"] if item else who.office_id
    limits, said = [], None
    if office is not None:
        limits = [row for row in ceilings.listing(db, version["id"]) if row["office_id"] == office]
        typed = request.form.get("amount", "")[:MOST_TYPED]
        found = ceilings.over(db, version["id"], office, None, item["id"] if item else None)
        said = _said(found, typed) if typed else None
    return render_template("anggaran/edit.html", form=form, version=version, item=item, limits=limits, said=said)
