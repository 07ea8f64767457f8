"""How values of the queue are shown."""

from collections.abc import Callable
from datetime import UTC, date, datetime

from flask import Flask
from flask_babel import format_date, format_time, get_locale, gettext
from lumbung_plugin import clock
from lumbung_plugin.identity import masked_phone

from antrian import messages, spoken
from antrian.models import Counter, Service, Ticket


def service_name(service: Service) -> str:
    """The service's name in the page's language; Indonesian where no English one was written."""
    return service.name_en if _english() and service.name_en else service.name


def service_needs(service: Service) -> list[str]:
    """What to bring, one line each, in the page's language."""
    text = service.needs_en if _english() and service.needs_en else service.needs
    return [line.strip() for line in text.splitlines() if line.strip()]


def clock_time(instant: int | None) -> str:
    """An epoch second as the city's clock shows it."""
    if instant is None:
        return "–"
    return format_time(clock.local(datetime.fromtimestamp(instant, UTC)), "HH:mm", rebase=False)


def minutes(seconds: int | None) -> str:
    """A duration in whole minutes."""
    if seconds is None:
        return "–"
    if 0 < seconds < 60:
        return gettext("< 1 min")
    return gettext("%(count)s min", count=round(seconds / 60))


def weekday(day: date | int) -> str:
    """The name of a day, or of a weekday number (0 is Monday)."""
    # 2024-01-01 was a Monday.
    return format_date(date(2024, 1, 1 + day) if isinstance(day, int) else day, "EEEE")


def said(ticket: Ticket, counter: Counter) -> str:
    """A call as one says it aloud, in the page's language."""
    return spoken.call(ticket, counter.name, "en" if _english() else "id")


FILTERS: dict[str, Callable[..., object]] = {
    "service_name": service_name,
    "service_needs": service_needs,
    "clock": clock_time,
    "minutes": minutes,
    "weekday": weekday,
    "masked": masked_phone,
    "need_word": messages.need_word,
    "said": said,
    "state_word": messages.state_word,
    "origin_word": messages.origin_word,
    "refusal_word": messages.short,
}


def register(app: Flask) -> None:
    """Make the filters known to the templates."""
    for name, function in FILTERS.items():
        app.add_template_filter(function, name)


def _english() -> bool:
    locale = get_locale()
    return locale is not None and locale.language == "en"
