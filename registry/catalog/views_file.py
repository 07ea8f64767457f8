"""publiccode.yml for people: check one, get one, describe an app whose source is not here yet."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from sqlalchemy import select
from werkzeug.wrappers import Response as Redirect
from wtforms import StringField, TextAreaField
from wtforms.validators import DataRequired, Length

from registry.catalog import service
from registry.catalog.describing import describe
from registry.catalog.models import Adoption, App
from registry.catalog.publiccode.export import exported
from registry.catalog.publiccode.file import parse
from registry.catalog.publiccode.yaml_text import MAX_BYTES
from registry.core.clock import day_of
from registry.core.db import db
from registry.core.errors import Finding, RefusalError
from registry.core.uow import unit_of_work
from registry.tenants.access import enter_programme
from registry.tenants.models import City

Page = str | Redirect | tuple[str, int]
MAX_LINES = 2_000
"""Of the file, shown beside its findings."""

blueprint = Blueprint("file", __name__)


class FileForm(FlaskForm):
    text = TextAreaField("publiccode.yml", [Length(max=MAX_BYTES)])
    file = FileField()

    def given(self) -> bytes:
        """What was uploaded, else what was typed; one byte more than allowed is kept, so that it is refused."""
        uploaded = self.file.data.stream.read(MAX_BYTES + 1) if self.file.data else b""
        return uploaded or (self.text.data or "").replace("\r\n", "\n").encode()


class DescribeForm(FileForm):
    slug = StringField(
        _l("Name in addresses"),
        [DataRequired(), Length(max=40)],
        description=_l("Small letters, digits and hyphens, such as sabilulungan."),
    )


@dataclass(frozen=True)
class Line:
    number: int
    text: str
    findings: tuple[Finding, ...]


@blueprint.get("/check")
def check() -> Page:
    return render_template("catalog/check.html", form=FileForm(), checked=False)


@blueprint.post("/check")
def checked() -> Page:
    """Judged at once and kept nowhere."""
    form = FileForm()
    if not form.validate_on_submit():
        return render_template("catalog/check.html", form=form, checked=False), 422
    text = form.given()
    described, findings = parse(text)
    form.text.data = text[:MAX_BYTES].decode(errors="replace")
    page = render_template(
        "catalog/check.html",
        form=form,
        checked=True,
        described=described,
        findings=findings,
        lines=lines_of(text, findings),
    )
    return page, 200 if described else 422


@blueprint.get("/apps/<app>/publiccode.yml")
def publiccode(app: str) -> Response:
    """The file as published, with who uses the app and its newest release as the registry knows them."""
    found = service.get_app(app)
    latest = service.latest_release(found)
    version, day = (latest.version, day_of(latest.published_at)) if latest else ("", None)
    text = exported(found.publiccode, _users(found), version, day)
    answer = Response(text, content_type="text/yaml; charset=utf-8")
    answer.headers["Access-Control-Allow-Origin"] = "*"
    answer.add_etag()
    return answer


@blueprint.get("/programme/describe")
def describing() -> Page:
    enter_programme("app.publish")
    return render_template("catalog/describe.html", form=DescribeForm())


@blueprint.post("/programme/describe")
def described() -> Page:
    publisher, form = enter_programme("app.publish"), DescribeForm()
    if not form.validate_on_submit():
        return render_template("catalog/describe.html", form=form), 422
    try:
        with unit_of_work():
            slug = describe(publisher, (form.slug.data or "").strip(), form.given()).slug
    except RefusalError as refusal:
        page = render_template("catalog/describe.html", form=form, refusal=refusal.message, findings=refusal.findings)
        return page, refusal.status
    flash(_("It is in the catalog. Its first release will bring its source."), "success")
    return redirect(url_for("catalog.show_app", app=slug), 303)


def lines_of(text: bytes, findings: list[Finding]) -> list[Line]:
    """The file's lines with what is said of each; findings without a line are told above them."""
    said: dict[int, list[Finding]] = {}
    for finding in findings:
        said.setdefault(finding.line or 0, []).append(finding)
    shown = text[:MAX_BYTES].decode(errors="replace").splitlines()[:MAX_LINES]
    return [Line(number, line[:400], tuple(said.get(number, ()))) for number, line in enumerate(shown, 1)]


def _users(app: App) -> list[str]:
    """Cities that run it now, by name."""
    wanted = select(City.name).join(Adoption, Adoption.city_id == City.id)
    return list(db.session.scalars(wanted.where(Adoption.app_id == app.id, Adoption.running).order_by(City.name)))
