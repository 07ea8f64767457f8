"""The post: search a passbook, weigh, pay out, put mistakes right."""

import secrets
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext
from lumbung_plugin import addresses, database, require_role, settings, staff, today
from lumbung_plugin.forms import choices
from werkzeug.wrappers import Response

from masdarling import bank, catalogue, rules, savers, words
from masdarling.forms import SaverForm
from masdarling.rules import Refusal, Refused

pages = Blueprint("work", __name__, url_prefix="/kerja")

LISTED = 20
POST = "post"
View = str | Response | tuple[str, int]


@pages.get("")
@require_role("operator")
def desk() -> str:
    """Today at the chosen post, and the search for a passbook."""
    db, words_typed = database(), addresses.text("q", 60)
    post = _post()
    booked = bank.of_day(db, today().isoformat(), post["id"]) if post else []
    return render_template(
        "masdarling/desk.html",
        posts=catalogue.posts(db),
        post=post,
        booked=booked,
        q=words_typed,
        found=savers.search(db, words_typed) if words_typed else [],
    )


@pages.post("/pos")
@require_role("operator")
def choose() -> Response:
    """The post this browser works at."""
    wanted = request.form.get("post", 0, type=int)
    if any(row["id"] == wanted for row in catalogue.posts(database())):
        session[POST] = wanted
    return redirect(url_for("work.desk"), 303)


@pages.route("/nasabah/baru", methods=["GET", "POST"])
@require_role("operator")
def join() -> View:
    """A new passbook; its code is shown once."""
    form = _saver_form(SaverForm())
    if not form.validate_on_submit():
        page = render_template("masdarling/saver_form.html", form=form, customer=None)
        return (page, 422) if form.errors else page
    try:
        made, number, code = savers.join(database(), form.rt_id.data, form.name.data or "", form.phone.data or "")
    except Refused as refused:
        form.rt_id.errors = [words.sentence(refused)]
        return render_template("masdarling/saver_form.html", form=form, customer=None), 422
    return render_template("masdarling/code.html", customer_id=made, number=number, code=code)


@pages.route("/nasabah/<int:customer_id>/ubah", methods=["GET", "POST"])
@require_role("operator")
def change(customer_id: int) -> View:
    """Correct a name, a telephone, an RT."""
    found = savers.customer(database(), customer_id) or abort(404)
    form = _saver_form(SaverForm(data={"name": found["name"], "phone": found["phone"], "rt_id": found["rt_id"]}))
    if not form.validate_on_submit():
        page = render_template("masdarling/saver_form.html", form=form, customer=found)
        return (page, 422) if form.errors else page
    savers.change(database(), customer_id, form.rt_id.data, form.name.data or "", form.phone.data or "")
    flash(gettext("The passbook was saved."), "good")
    return redirect(url_for("work.saver", customer_id=customer_id), 303)


@pages.get("/nasabah/<int:customer_id>")
@require_role("operator")
def saver(customer_id: int) -> str:
    """One passbook with the scales beside it."""
    return _saver_page(customer_id)


@pages.post("/nasabah/<int:customer_id>/setor")
@require_role("operator")
def deposit(customer_id: int) -> View:
    """Book what was weighed."""
    try:
        lines = _weighed()
        entry_id = bank.deposit(database(), customer_id, _post_id(), lines, staff().name, _nonce())
    except Refused as refused:
        return _saver_page(customer_id, words.sentence(refused)), 422
    booked = bank.entry(database(), entry_id) or abort(404)
    flash(gettext("%(weight)s booked, Rp %(amount)s credited.", weight=words.kilograms(booked["grams"]),
                  amount=_points(booked["amount"])), "good")  # fmt: skip
    return redirect(url_for("work.saver", customer_id=customer_id), 303)


@pages.post("/nasabah/<int:customer_id>/tarik")
@require_role("operator")
def withdraw(customer_id: int) -> View:
    """Pay out."""
    amount = rules.rupiah(request.form.get("amount", "")[:20])
    least = settings().get("least_withdrawal")
    try:
        if amount is None:
            raise Refused(Refusal.AMOUNT)
        bank.withdraw(database(), customer_id, _post_id(), amount, staff().name, _nonce(),
                      least if isinstance(least, int) else 0)  # fmt: skip
    except Refused as refused:
        return _saver_page(customer_id, words.sentence(refused)), 422
    flash(gettext("Rp %(amount)s paid out.", amount=_points(amount)), "good")
    return redirect(url_for("work.saver", customer_id=customer_id), 303)


@pages.post("/nasabah/<int:customer_id>/balik/<int:entry_id>")
@require_role("operator")
def reverse(customer_id: int, entry_id: int) -> View:
    """Put a mistake right by the opposite entry."""
    wrong = bank.entry(database(), entry_id)
    if wrong is None or wrong["customer_id"] != customer_id:
        abort(404)
    try:
        bank.reverse(database(), entry_id, staff().name, request.form.get("note", ""))
    except Refused as refused:
        return _saver_page(customer_id, words.sentence(refused)), 422
    flash(gettext("The entry was reversed; both stay in the passbook."), "good")
    return redirect(url_for("work.saver", customer_id=customer_id), 303)


@pages.post("/nasabah/<int:customer_id>/kode")
@require_role("operator")
def code(customer_id: int) -> str:
    """A new code for a lost one."""
    found = savers.customer(database(), customer_id) or abort(404)
    made = savers.renew_code(database(), customer_id)
    return render_template("masdarling/code.html", customer_id=customer_id, number=found["number"], code=made)


@pages.post("/nasabah/<int:customer_id>/tutup")
@require_role("operator")
def close(customer_id: int) -> Response:
    """Close an empty passbook."""
    try:
        savers.close(database(), customer_id)
        flash(gettext("The passbook is closed."), "good")
        return redirect(url_for("work.desk"), 303)
    except Refused as refused:
        flash(words.sentence(refused), "wrong")
        return redirect(url_for("work.saver", customer_id=customer_id), 303)


def _saver_page(customer_id: int, refusal: str = "") -> str:
    db = database()
    found = savers.customer(db, customer_id)
    if found is None:
        abort(404)
    entries = bank.entries(db, customer_id, addresses.number(addresses.AFTER), LISTED)
    following = entries[LISTED - 1]["id"] if len(entries) > LISTED else None
    shown = entries[:LISTED]
    return render_template(
        "masdarling/saver.html",
        customer=found,
        balance=bank.balance(db, customer_id),
        entries=shown,
        lines=bank.lines_of(db, [row["id"] for row in shown]),
        pages=addresses.page_links(after=following),
        kinds=[row for row in catalogue.kinds(db) if row["per_kg"] is not None],
        typed=request.form,
        post=_post(),
        nonce=secrets.token_urlsafe(12),
        refusal=refusal,
    )


def _saver_form(form: SaverForm) -> SaverForm:
    rows = catalogue.groups(database())
    form.rt_id.choices = choices((row["id"], f"{row['kelurahan']} · {row['name']}") for row in rows)
    return form


def _weighed() -> list[bank.Line]:
    lines = []
    for row in catalogue.kinds(database()):
        typed = request.form.get(f"kg-{row['id']}", "")[:12].strip()
        if typed:
            weight = rules.grams(typed)
            if weight is None:
                raise Refused(Refusal.WEIGHT)
            lines.append((row["id"], weight))
    return lines


def _post() -> dict[str, Any] | None:
    chosen = session.get(POST)
    found = next((row for row in catalogue.posts(database()) if row["id"] == chosen), None)
    return dict(found) if found else None


def _post_id() -> int:
    post = _post()
    if post is None:
        raise Refused(Refusal.POST_UNKNOWN)
    return int(post["id"])


def _nonce() -> str:
    return request.form.get("nonce", "")[:40] or secrets.token_urlsafe(12)


def _points(amount: int) -> str:
    return f"{amount:,}".replace(",", ".")
