"""The public catalog: the list of apps and each app's page. Nothing here needs an account or a script."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from flask import Blueprint, Response, current_app, render_template, request
from flask_babel import get_locale
from flask_babel import gettext as _

from registry.catalog import labels, rules, sdk, searching, service
from registry.catalog.markdown import render
from registry.catalog.models import App, Release
from registry.catalog.rules import Filters
from registry.core import scope
from registry.core.errors import NotFoundError
from registry.hosting.plain import Manifest
from registry.tenants import access
from registry.tenants import rules as policy
from registry.tenants.models import City
from registry.tenants.service import active_pks

SHOWN_CATEGORIES = 10

blueprint = Blueprint(
    "catalog", __name__, template_folder="templates", static_folder="static", static_url_path="/static/catalog"
)


@dataclass(frozen=True)
class ForkOffer:
    """What the app page offers a city admin: fork into ``city`` when ``ready``, else what is missing first."""

    city: City
    ready: bool
    others: tuple[City, ...]


blueprint.add_app_template_filter(labels.field, "national_field")
blueprint.add_app_template_filter(labels.size, "size_told")


@blueprint.context_processor
def words() -> dict[str, object]:
    return {"labels": labels, "app_tone": tone, "texts_of": texts_of}


@blueprint.get("/")
def index() -> str:
    """Every app, searched by ``q``, filtered by ``maturity``, ``licence``, ``category``, by ``page``."""
    query = " ".join(request.args.get("q", "").split())[: searching.MAX_QUERY]
    filters = Filters(*(request.args.get(name, "")[:120] for name in ("maturity", "licence", "category")))
    results = searching.search(query, filters, request.args.get("page", 1, type=int))
    return render_template(
        "catalog/index.html", query=query, filters=filters, results=results, figures=searching.figures(),
        filter_url=filter_url, many=SHOWN_CATEGORIES,
    )  # fmt: skip


@blueprint.get("/apps/<app>")
@blueprint.get("/apps/<app>/")
def show_app(app: str) -> str:
    """All there is to know before adopting an app."""
    found = service.get_app(app)
    latest = service.latest_release(found)
    language, texts = rules.description(found.facts, [str(get_locale())])
    return render_template(
        "catalog/app.html", app=found, latest=latest, needs=Manifest.from_json(latest.manifest) if latest else None,
        texts=texts, text_language=language,
        story=render(str(texts.get("longDescription", ""))), fields=rules.national_fields(found.categories),
        adopters=service.adopters(found), variants=service.variants_of(found), releases=service.releases_of(found),
        changes=changes, offer=_offer(), origin=current_app.extensions["lumbung"].origin, sdk=sdk.present().name,
    )  # fmt: skip


@blueprint.get(f"/sdk/{sdk.NAME}-<version>.tar.gz")
def show_sdk(version: str) -> Response:
    """The plugins' library for ``pip install``: of this Lumbung's version only."""
    archive = _sdk(version)
    answer = Response(archive.content, content_type="application/gzip")
    answer.set_etag(archive.sha256)
    answer.headers["Content-Disposition"] = f"attachment; filename={archive.name}"
    answer.make_conditional(request)
    return answer


@blueprint.get(f"/sdk/{sdk.NAME}-<version>.tar.gz.sha256")
def show_sdk_sum(version: str) -> Response:
    """As ``sha256sum -c`` reads it."""
    archive = _sdk(version)
    return Response(f"{archive.sha256}  {archive.name}\n", content_type="text/plain; charset=utf-8")


def _sdk(version: str) -> sdk.Archive:
    archive = sdk.present()
    if version != archive.version:
        raise NotFoundError(_("This Lumbung has %(name)s only.", name=archive.name))
    return archive


def filter_url(name: str, value: str) -> str:
    """The list with one filter set or, with "", taken away; begins again at the first page."""
    kept = [(key, given) for key, given in request.args.items() if key not in (name, "page", "lang") and given]
    return "/?" + urlencode([*kept, *([(name, value)] if value else [])])


def texts_of(app: App) -> dict[str, object]:
    """The app's own words in the visitor's language, or the best there are."""
    return dict(rules.description(app.facts, [str(get_locale())])[1])


def changes(release: Release) -> str:
    """What a release changed, as HTML; "" when its change log does not say."""
    return render(rules.changes_of(release.changelog, release.version))


def tone(slug: str) -> int:
    """One of six colours that stays with an app."""
    return sum(slug.encode()) % 6


def _offer() -> ForkOffer | None:
    """For the admin of a city: ``?city=`` chooses among several. The session then serves that city alone."""
    mine = [one.city for one in access.memberships() if policy.allows("fork.create", {one.role})]
    cities = {city.slug: city for city in mine if city.state == "admitted"}
    if not cities:
        return None
    wished = request.args.get("city", "")
    city = cities.pop(wished) if wished in cities else cities.pop(next(iter(cities)))
    scope.enter_city(city.id)
    ready = city.publisher or active_pks(city.id) is not None
    return ForkOffer(city, ready, tuple(cities.values()))
