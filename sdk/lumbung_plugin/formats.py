"""Dates and numbers as people of the page's language write them: the filters `date datetime number rupiah`."""

from datetime import UTC, date, datetime

from flask import Flask
from flask_babel import format_currency, format_date, format_datetime, format_decimal

Moment = datetime | date | str


def parse(value: Moment) -> datetime | date:
    """A datetime or date; text is ISO 8601, and a time without offset is UTC."""
    if isinstance(value, str):
        value = date.fromisoformat(value) if len(value) == 10 else datetime.fromisoformat(value)
    if isinstance(value, datetime) and value.tzinfo is None:
        return value.replace(tzinfo=UTC)
    return value


def show_date(value: Moment | None, style: str = "d MMM y") -> str:
    """A day in the city's timezone (`3 Nov 2026`); nothing is a dash."""
    if value is None or value == "":
        return "–"
    moment = parse(value)
    return format_date(moment, style, rebase=isinstance(moment, datetime))


def show_datetime(value: Moment | None, style: str = "d MMM y HH:mm") -> str:
    """A day and time in the city's timezone (`3 Nov 2026 14:05`); nothing is a dash."""
    if value is None or value == "":
        return "–"
    moment = parse(value)
    if not isinstance(moment, datetime):
        return format_date(moment, "d MMM y", rebase=False)
    return format_datetime(moment, style)


def show_number(value: float | int | None, digits: int = 1) -> str:
    """`1.234,5` in Indonesian; whole numbers without decimals; nothing is a dash."""
    if value is None:
        return "–"
    return format_decimal(round(value, digits) if isinstance(value, float) else value)


def show_rupiah(value: float | int | None) -> str:
    """Whole rupiah (`Rp 1.500.000`); nothing is a dash."""
    if value is None:
        return "–"
    return format_currency(value, "IDR", format="'Rp'\u00a0#,##0", currency_digits=False)


def register(app: Flask) -> None:
    app.add_template_filter(show_date, "date")
    app.add_template_filter(show_datetime, "datetime")
    app.add_template_filter(show_number, "number")
    app.add_template_filter(show_rupiah, "rupiah")
