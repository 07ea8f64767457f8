"""What the first page of every plugin needs, made ready when this is imported: by a process that forks plugins, so that
they share it. Nobody else imports it.
"""

from datetime import UTC, datetime

from babel.dates import format_datetime
from babel.numbers import format_currency, format_decimal

from lumbung_plugin import workdays
from lumbung_plugin.i18n import LANGUAGES, OWN_CATALOGUE, load

THIS_YEAR = datetime.now(UTC).year

for year in (THIS_YEAR, THIS_YEAR + 1):
    workdays.holidays_of(year)
for language in LANGUAGES:
    load(str(OWN_CATALOGUE), language)
    format_decimal(1.5, locale=language)
    format_currency(1, "IDR", locale=language)
    format_datetime(datetime(2026, 1, 1, tzinfo=UTC), "EEEE d MMM y HH:mm", locale=language)
