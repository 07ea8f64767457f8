"""The programme as its maintainers see it: where the cities stand, what is adopted, what waits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator

from flask import Blueprint, Response, render_template, request, url_for
from flask_babel import gettext as _

from registry.core import scope
from registry.core.errors import NotFoundError
from registry.core.tables import BOM, download, row
from registry.programme import adoption, city, partners, waiting, words
from registry.programme.adoption import Share
from registry.programme.partners import STAGES, Partner
from registry.tenants import access, tiles
from registry.tenants.agreements.words import step_text
from registry.tenants.models import City
from registry.tenants.provinces import PROVINCES

blueprint = Blueprint("programme", __name__, template_folder="templates")

SHOWN, MAX_WORDS = 8, 80
SEE = "programme.see"
PARTNER_COLUMNS = ("code", "city", "province", "stage", "memorandum", "pks", "pks_until", "apps_taken", "apps_running")
MONTH_COLUMNS = ("month", "app", "city", "code", "running")


@blueprint.app_template_global()
def city_waits(found: City) -> list[city.Wait]:
    """For the overview in a city's console."""
    return city.waits(found) if access.may("city.see", found) and found.state == "admitted" else []


@blueprint.app_template_global()
def city_could_use(found: City) -> list[city.Suggestion]:
    return city.could_use(found) if access.may("city.see", found) and found.state == "admitted" else []


@blueprint.get("/programme/")
def overview() -> str:
    access.enter_programme(SEE)
    found, course = partners.partners(), adoption.course()
    return render_template(
        "programme/overview.html", stages=Counter(one.stage for one in found), waiting=waiting.for_publisher(found),
        tiles=tiles.tiles(_by_province(found)), soon=_ending(found), apps=adoption.by_app()[:SHOWN],
        course=course, chart=_chart(course), **_words(),
    )  # fmt: skip


@blueprint.get("/programme/cities")
def cities() -> str:
    """``q`` looks in name, code and province; ``stage`` and ``province`` narrow."""
    access.enter_programme(SEE)
    found = partners.partners()
    asked = {
        "words": request.args.get("q", "").strip()[:MAX_WORDS],
        "stage": _one_of(STAGES, request.args.get("stage", "")),
        "province": _one_of(PROVINCES, request.args.get("province", "")),
    }
    return render_template(
        "programme/cities.html", found=partners.chosen(found, **asked), total=len(found), asked=asked, stages=STAGES,
        tiles=tiles.tiles(_by_province(found)), provinces=PROVINCES, **_words(),
    )  # fmt: skip


@blueprint.get("/programme/cities.csv")
def cities_table() -> Response:
    access.enter_programme(SEE)
    lines = [row(PARTNER_COLUMNS), *(row(_cells(one)) for one in partners.partners())]
    return download([BOM, *lines], "partners.csv")


@blueprint.get("/programme/adoption")
def adopted() -> str:
    """Of the whole programme, of one ``app`` or of one ``city``, month by month."""
    access.enter_programme(SEE)
    apps, holders = adoption.by_app(), adoption.by_city()
    app, holder = _chosen(apps, "app"), _chosen(holders, "city")
    course = adoption.course(app.id if app else None, holder.id if holder else None)
    return render_template(
        "programme/adoption.html", apps=apps, cities=holders, app=app, holder=holder, course=course,
        chart=_chart(course, app.name if app else holder.name if holder else ""), **_words(),
    )  # fmt: skip


@blueprint.get("/programme/adoption.csv")
def adoption_table() -> Response:
    access.enter_programme(SEE)
    return download(_months(), "adoption.csv")


def _months() -> Iterator[str]:
    """Streamed: its session is not the request's, which has ended by then."""
    scope.enter_programme()
    yield BOM + row(MONTH_COLUMNS)
    for month, app, holder, code, running in adoption.months_table():
        yield row((f"{month:%Y-%m}", app, holder, code, "yes" if running else "no"))


def _chosen(found: list[Share], name: str) -> Share | None:
    """Raises NotFoundError for one that has no adoption."""
    wanted = request.args.get(name, "")
    if not wanted:
        return None
    share = next((one for one in found if one.slug == wanted), None)
    if share is None:
        raise NotFoundError(_("Nobody has adopted that, or it has adopted nothing."))
    return share


def _by_province(found: Iterable[Partner]) -> Counter[str]:
    """Partners and those on their way to it; by the first two digits of their codes."""
    return Counter(one.city.code[:2] for one in found if one.stage in ("partner", "preparing"))


def _ending(found: Iterable[Partner]) -> list[Partner]:
    return sorted((one for one in found if one.ends_soon), key=lambda one: (one.ends_on, one.city.name))


def _chart(course: adoption.Course, of: str = "") -> object:
    name = _("Adoption of %(what)s", what=of) if of else _("Adoption")
    return adoption.drawn(name, (_("taken"), _("running")), course)


def _cells(one: Partner) -> tuple[object, ...]:
    return (one.city.code, one.city.name, one.city.province, one.stage, one.memorandum, one.pks, one.ends_on or "",
            one.taken, one.running)  # fmt: skip


def _one_of(known: Collection[str], wanted: str) -> str:
    """What the address asks for, or nothing."""
    return wanted if wanted in known else ""


def _province_address(code: str) -> str:
    return url_for("programme.cities", province=code)


def _words() -> dict[str, object]:
    return {"stage_name": words.stage_name, "waiting_text": words.waiting_text, "step_text": step_text,
            "legend": tiles.legend(), "province_address": _province_address,
             "map_size": (tiles.WIDTH, tiles.HEIGHT, tiles.SIZE)}  # fmt: skip
