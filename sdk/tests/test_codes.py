from contextlib import closing

import pytest
from lumbung_plugin import codes, connect, migrate, transaction


@pytest.fixture
def db():
    with closing(connect()) as connection:
        migrate(connection, [codes.TABLE])
        yield connection


@pytest.mark.parametrize("typed", ["", " ", "-", "A" * 5000, "\x00", "é"])
def test_nonsense_opens_nothing(app, typed):
    with app.app_context():
        assert not codes.matches(typed, codes.hashed("K7WM-2QXA"))


@pytest.mark.parametrize("kept", ["", "é", "0" * 64])
def test_a_broken_digest_is_opened_by_nothing(app, kept):
    with app.app_context():
        assert not codes.matches("K7WM-2QXA", kept)


@pytest.mark.parametrize("length", [0, -1, 5, 65])
def test_a_code_too_short_to_be_secret_is_not_made(length):
    with pytest.raises(ValueError, match="6 to 64"):
        codes.secret_code(length)


@pytest.mark.parametrize("prefix", ["", "prz", "A" * 13, "A B", "A-1", "1A", "Ä"])
def test_a_prefix_is_capital_letters(db, prefix):
    with pytest.raises(ValueError, match="prefix"):
        codes.number(db, prefix, 2026)


def test_a_code_is_easy_to_read_aloud():
    made = codes.secret_code()
    assert len(made) == 9 and made[4] == "-" and not set(made) & set("ILOU01")
    assert len({codes.secret_code() for _ in range(200)}) == 200


def test_a_code_opens_however_it_is_typed(app):
    with app.app_context():
        kept = codes.hashed("K7WM-2QXA")
        assert "K7WM" not in kept and codes.matches(" k7wm 2qxa ", kept)


def test_another_installation_cannot_use_the_digest(app):
    with app.app_context():
        kept = codes.hashed("K7WM-2QXA")
        app.config["SECRET_KEY"] = "another"
        assert not codes.matches("K7WM-2QXA", kept)


def test_numbers_run_by_prefix_and_year(db):
    asked = [("PRZ", 2026), ("PRZ", 2026), ("SKR", 2026), ("PRZ", 2027)]
    with transaction(db):
        made = [codes.number(db, *which) for which in asked]
    assert made == ["PRZ-2026-000001", "PRZ-2026-000002", "SKR-2026-000001", "PRZ-2027-000001"]


def test_a_number_that_was_not_used_is_given_again(db):
    with pytest.raises(ZeroDivisionError), transaction(db):
        codes.number(db, "PRZ", 2026)
        raise ZeroDivisionError
    with transaction(db):
        assert codes.number(db, "PRZ", 2026) == "PRZ-2026-000001"
