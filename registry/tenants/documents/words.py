"""Numbers and days as official letters spell them: *tanggal Dua Puluh Tiga bulan November*. Pure."""

from __future__ import annotations

from datetime import date

from babel.dates import format_date

UNITS = "Nol Satu Dua Tiga Empat Lima Enam Tujuh Delapan Sembilan Sepuluh Sebelas".split()


def spelled(number: int) -> str:
    """A whole number from 0 to 9999 in Indonesian words. Raises ValueError beyond."""
    if not 0 <= number <= 9999:
        raise ValueError("only numbers from 0 to 9999 are spelled")
    if number < 12:
        return UNITS[number]
    if number < 20:
        return f"{UNITS[number - 10]} Belas"
    for size, one, many in ((1000, "Seribu", "Ribu"), (100, "Seratus", "Ratus"), (10, "", "Puluh")):
        if number >= size:
            head, rest = divmod(number, size)
            words = one if head == 1 else f"{UNITS[head]} {many}"
            return f"{words} {spelled(rest)}" if rest else words
    raise AssertionError


def long_date(day: date, language: str) -> str:
    """*23 November 2026*."""
    return format_date(day, "d MMMM y", locale=language)


def spelled_date(day: date, language: str) -> str:
    """A day as the first sentence of a letter names it; in English in figures."""
    if language != "id":
        return format_date(day, "EEEE, d MMMM y", locale=language)
    weekday, month = format_date(day, "EEEE", locale="id"), format_date(day, "MMMM", locale="id")
    return f"{weekday} tanggal {spelled(day.day)} bulan {month} tahun {spelled(day.year)} ({day:%d-%m-%Y})"
