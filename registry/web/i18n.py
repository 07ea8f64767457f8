"""Which language a visitor reads, and in which words dates are told."""

from __future__ import annotations

from datetime import date, datetime
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from flask import Flask, Response, current_app, has_request_context, request
from flask_babel import format_date, format_datetime, get_locale
from flask_login import current_user

COOKIE, YEAR = "lumbung_lang", 365 * 86400
NAMES = {"id": "Bahasa Indonesia", "en": "English"}
ZONES = {"Asia/Jakarta": "WIB", "Asia/Makassar": "WITA", "Asia/Jayapura": "WIT"}


def init_app(app: Flask) -> None:
    app.extensions["babel"].locale_selector = choose
    app.after_request(_remember)
    app.jinja_env.globals.update(language=language, languages=languages, language_url=language_url)
    app.jinja_env.filters.update(day=day, month=month, moment=moment)


def choose() -> str:
    """Asked for in the address, chosen before, set in the account, the browser's wish, the installation's first."""
    known = offered()
    if not has_request_context():
        return known[0]
    wishes = [request.args.get("lang"), request.cookies.get(COOKIE)]
    if current_user and current_user.is_authenticated:
        wishes.append(current_user.language)
    wished = next((wish for wish in wishes if wish in known), None)
    return wished or _wish_of_browser(known) or known[0]


def _wish_of_browser(known: tuple[str, ...]) -> str | None:
    """The first language of ``Accept-Language`` we have; ``en-GB`` is content with ``en``."""
    wishes = (tag.partition("-")[0].lower() for tag in request.accept_languages.values())
    return next((wish for wish in wishes if wish in known), None)


def offered() -> tuple[str, ...]:
    found: tuple[str, ...] = current_app.extensions["lumbung"].languages
    return found


def language() -> str:
    return str(get_locale() or offered()[0])


def languages() -> list[tuple[str, str]]:
    return [(code, NAMES.get(code, code)) for code in offered()]


def language_url(code: str) -> str:
    """This page in another language; the visitor's own path, which a city's host keeps outside of routing.

    Never ``//elsewhere``, which a browser takes for another host.
    """
    path = request.environ.get("lumbung.path", request.path) if request.method in ("GET", "HEAD") else "/"
    query = [(key, value) for key, value in request.args.items(multi=True) if key != "lang"]
    return "/" + path.lstrip("/\\") + "?" + urlencode([*query, ("lang", code)])


def day(value: date | None) -> str:
    """``14 Juni 2026``; a dash for none."""
    return format_date(value, "long") if value else "–"


def month(value: date) -> str:
    """``Juni 2026``."""
    return format_date(value, "LLLL y")


def moment(value: datetime | None, zone: str = "Asia/Jakarta") -> str:
    """``14 Jun 2026 09.30 WIB``, in the zone given; a dash for none."""
    if value is None:
        return "–"
    local = value.astimezone(ZoneInfo(zone))
    return f"{format_datetime(local, 'd MMM y HH.mm', rebase=False)} {ZONES.get(zone, zone)}"


def remember(response: Response, code: str) -> Response:
    """Keep the choice in a cookie that holds nothing else."""
    secure = current_app.extensions["lumbung"].scheme == "https"
    response.set_cookie(COOKIE, code, max_age=YEAR, secure=secure, httponly=True, samesite="Lax")
    return response


def _remember(response: Response) -> Response:
    wished = request.args.get("lang")
    return remember(response, wished) if wished in offered() else response
