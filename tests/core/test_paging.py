import pytest

from registry.core import paging
from registry.core.errors import InvalidError

ROWS = ["a", "b", "c", "d", "e"]


def read_all(limit: int) -> list[list[str]]:
    pages, after = [], ""
    while after is not None:
        page = paging.page(ROWS, {"limit": limit, "after": after}, str)
        pages.append(page["items"])
        after = page["next"]
    return pages


@pytest.mark.parametrize("limit", [1, 2, 4, 5, 100])
def test_the_pages_together_are_the_list(limit):
    assert [row for page in read_all(limit) for row in page] == ROWS
    assert all(len(page) <= limit for page in read_all(limit))


def test_a_cursor_of_a_row_that_left_ends_the_list():
    assert paging.page(ROWS, {"limit": 2, "after": paging.cursor("x")}, str) == {"items": [], "next": None}


def test_what_was_never_a_cursor_is_refused(app):
    with app.app_context(), pytest.raises(InvalidError):
        paging.page(ROWS, {"limit": 2, "after": "!"}, str)
