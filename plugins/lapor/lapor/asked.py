"""The filters of a list, as the present address asks for them."""

from lumbung_plugin import addresses
from lumbung_plugin.addresses import AFTER, BEFORE, page_links

from lapor.rules import State
from lapor.store import Filters, Page


def filters() -> Filters:
    return Filters(
        q=addresses.text("q"),
        category=addresses.number("kategori"),
        kelurahan=addresses.text("kelurahan"),
        state=addresses.choice("status", set(State)),
        office=addresses.number("opd"),
    )


def keys() -> dict[str, int | None]:
    """Where the asked page begins or ends, for `store.page`."""
    return {"after": addresses.number(AFTER), "before": addresses.number(BEFORE)}


def around(page: Page) -> dict[str, str | None]:
    """The addresses of the previous and next page, with every filter kept."""
    return page_links(page.before, page.after)
