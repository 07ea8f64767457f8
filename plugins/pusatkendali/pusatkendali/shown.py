"""How figures are shown: short, in the page's language."""

import sqlite3
from datetime import datetime

from babel.numbers import format_compact_decimal
from flask import Flask
from flask_babel import format_date, get_locale, ngettext
from flask_babel import gettext as _
from lumbung_plugin import clock
from lumbung_plugin.formats import show_number

from pusatkendali import sources, words
from pusatkendali.trends import Trend

LONG, FINE = 1_000_000, 10


def amount(value: float | None) -> str:
    """`1,2 miliar` from a million on, `3,21` below ten, else one decimal at most; nothing is a dash."""
    if value is None:
        return "–"
    if abs(value) >= LONG:
        return format_compact_decimal(value, format_type="long", locale=get_locale(), fraction_digits=1)
    if value == int(value):
        return show_number(int(value))
    return show_number(value, 2 if abs(value) < FINE else 1)


def unit(told: str) -> str:
    """A unit in the page's language, as far as it is known."""
    return str(words.UNITS.get(told, told))


def label(row: sqlite3.Row) -> str:
    """A figure's name in the page's language."""
    locale = get_locale()
    return str(row["label_en" if locale and locale.language == "en" else "label_id"])


def app_name(app: str) -> str:
    """A sibling's name in the page's language."""
    sibling = sources.known().get(app)
    return sibling.shown if sibling else app


def change(trend: Trend | None) -> str:
    """How far it went, in words: `naik 12 %`; a figure that was zero tells the difference instead."""
    if trend is None:
        return ""
    if trend.way == "flat":
        return _("unchanged")
    size = f"{show_number(abs(trend.percent), 0 if abs(trend.percent) >= FINE else 1)} %" if _tells(trend) else amount(
        abs(trend.change)
    )  # fmt: skip
    return _("up %(size)s", size=size) if trend.way == "up" else _("down %(size)s", size=size)


def since(moment: str) -> str:
    """When, as short as it is clear: the time today, the day before."""
    told = clock.local(moment)
    if told.date() == clock.today():
        return told.strftime("%H.%M" if _indonesian() else "%H:%M")
    return format_date(told.date(), "d MMM")


def age(moment: str) -> str:
    """How long something has lasted, in the largest unit."""
    minutes = max(0, int((clock.now() - datetime.fromisoformat(moment)).total_seconds() // 60))
    if minutes < 60:
        return ngettext("%(num)d minute", "%(num)d minutes", minutes)
    if minutes < 48 * 60:
        return ngettext("%(num)d hour", "%(num)d hours", minutes // 60)
    return _("%(n)d days", n=minutes // 1440)


def register(app: Flask) -> None:
    """The filters of the templates, and the words they look up."""
    for filter_ in (amount, unit, label, app_name, change, since, age):
        app.add_template_filter(filter_, filter_.__name__)
    names = [name for name in dir(words) if name.isupper()]
    app.jinja_env.globals.update({name: getattr(words, name) for name in names})


def _tells(trend: Trend) -> bool:
    """A percentage above a thousand says less than the difference."""
    return trend.percent is not None and abs(trend.percent) < 1000


def _indonesian() -> bool:
    locale = get_locale()
    return locale is None or locale.language == "id"
