"""The administrator's lists: groups, kinds with their prices, posts."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext
from lumbung_plugin import Form, database, require_role, today
from lumbung_plugin.forms import choices
from werkzeug.wrappers import Response

from masdarling import catalogue, rollout, words
from masdarling.forms import GroupForm, KindForm, PostForm, PriceForm
from masdarling.rules import Refused

pages = Blueprint("admin", __name__, url_prefix="/admin")

View = str | Response | tuple[str, int]


@pages.get("")
@require_role("administrator")
def overview() -> Response:
    """Begins with the groups."""
    return redirect(url_for("admin.groups"))


@pages.route("/kelompok", methods=["GET", "POST"])
@require_role("administrator")
def groups() -> View:
    """All RT, and a form for one more."""
    return _group_page(None)


@pages.route("/kelompok/<int:rt_id>", methods=["GET", "POST"])
@require_role("administrator")
def group(rt_id: int) -> View:
    """Change an RT."""
    return _group_page(rt_id)


@pages.route("/jenis", methods=["GET", "POST"])
@require_role("administrator")
def kinds() -> View:
    """All kinds of waste, and a form for one more."""
    form = KindForm()
    if form.validate_on_submit():
        try:
            made = catalogue.save_kind(
                database(), None, form.name.data, form.name_en.data or "", form.family.data, True
            )
            flash(gettext("The kind was added. Set its price now."), "good")
            return redirect(url_for("admin.kind", kind_id=made), 303)
        except Refused as refused:
            form.name.errors = [words.sentence(refused)]
    return _shown("masdarling/admin_kinds.html", form, kinds=catalogue.kinds(database(), also_closed=True))


@pages.route("/jenis/<int:kind_id>", methods=["GET", "POST"])
@require_role("administrator")
def kind(kind_id: int) -> View:
    """Change a kind; its prices are below."""
    found = _kind(kind_id)
    form = KindForm(data=dict(found) | {"active": bool(found["active"])})
    if form.validate_on_submit():
        try:
            catalogue.save_kind(
                database(), kind_id, form.name.data, form.name_en.data or "", form.family.data, bool(form.active.data)
            )
            flash(gettext("The kind was saved."), "good")
            return redirect(url_for("admin.kind", kind_id=kind_id), 303)
        except Refused as refused:
            form.name.errors = [words.sentence(refused)]
    return _kind_page(kind_id, form, PriceForm(formdata=None, since=today(), prefix="price"))


@pages.post("/jenis/<int:kind_id>/harga")
@require_role("administrator")
def price(kind_id: int) -> View:
    """A price from a day on."""
    found, form = _kind(kind_id), PriceForm(prefix="price")
    if form.validate():
        try:
            catalogue.set_price(database(), kind_id, form.since.data, form.per_kg.data)
            flash(gettext("The price was set."), "good")
            return redirect(url_for("admin.kind", kind_id=kind_id), 303)
        except Refused as refused:
            form.since.errors = [words.sentence(refused)]
    return _kind_page(kind_id, KindForm(formdata=None, data=dict(found) | {"active": bool(found["active"])}), form)


@pages.route("/pos", methods=["GET", "POST"])
@require_role("administrator")
def posts() -> View:
    """All posts, and a form for one more."""
    return _post_page(None)


@pages.route("/pos/<int:post_id>", methods=["GET", "POST"])
@require_role("administrator")
def post(post_id: int) -> View:
    """Change a post."""
    return _post_page(post_id)


def _group_page(rt_id: int | None) -> View:
    db = database()
    found = catalogue.group(db, rt_id) if rt_id else None
    if rt_id and found is None:
        abort(404)
    form = GroupForm(data=dict(found) | {"active": bool(found["active"])} if found else {"active": True})
    form.kelurahan_id.choices = _kelurahan()
    if form.validate_on_submit():
        try:
            catalogue.save_group(
                db, rt_id, form.kelurahan_id.data, form.name.data, form.households.data, bool(form.active.data)
            )
            flash(gettext("The group was saved."), "good")
            return redirect(url_for("admin.groups"), 303)
        except Refused as refused:
            form.name.errors = [words.sentence(refused)]
    return _shown("masdarling/admin_groups.html", form, group=found, groups=catalogue.groups(db, also_closed=True))


def _post_page(post_id: int | None) -> View:
    db = database()
    known = catalogue.posts(db, also_closed=True)
    found = next((row for row in known if row["id"] == post_id), None)
    if post_id and found is None:
        abort(404)
    form = PostForm(data=dict(found) | {"active": bool(found["active"])} if found else {"active": True})
    form.kelurahan_id.choices = _kelurahan()
    if form.validate_on_submit():
        values = {name: form[name].data for name in ("kelurahan_id", "name", "address", "hours")}
        place = {name: None if form[name].data is None else float(form[name].data) for name in ("lat", "lon")}
        try:
            catalogue.save_post(db, post_id, values | place | {"active": int(form.active.data)})
            flash(gettext("The post was saved."), "good")
            return redirect(url_for("admin.posts"), 303)
        except Refused as refused:
            form.name.errors = [words.sentence(refused)]
    return _shown("masdarling/admin_posts.html", form, post=found, posts=known, features=catalogue.features(known))


def _kind_page(kind_id: int, form: KindForm, price_form: PriceForm) -> View:
    prices = catalogue.prices(database(), kind_id)
    page = render_template(
        "masdarling/admin_kind.html",
        form=form,
        price_form=price_form,
        prices=prices,
        kind=_kind(kind_id),
        today=today().isoformat(),
    )
    return (page, 422) if form.errors or price_form.errors else page


def _kind(kind_id: int) -> Any:
    return catalogue.kind(database(), kind_id) or abort(404)


def _kelurahan() -> list[Any]:
    return choices(sorted(((row["id"], row["name"]) for row in rollout.kelurahan(database())), key=lambda one: one[1]))


def _shown(template: str, form: Form, **values: object) -> View:
    page = render_template(template, form=form, **values)
    return (page, 422) if form.errors else page
