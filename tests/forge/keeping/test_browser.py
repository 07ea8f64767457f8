"""Pages of keeping in a real browser: both languages, wide and on a phone, without JavaScript."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from registry.accounts import service as accounts
from registry.core import scope
from registry.core.db import db
from registry.core.uow import unit_of_work
from registry.forge.keeping import running, service, survey
from registry.tenants.models import City
from tests.forge.conftest import World, user
from tests.forge.keeping.conftest import commit
from tests.pages import launched, look, person

pytestmark = pytest.mark.xdist_group("browser-forge")
PASSWORD = "sandi untuk mencoba halaman"


def prepared(world: World) -> None:
    """Kept, checked, one fork with a fault, Bontang nearly full."""
    fork = world.storage.fork("bontang", "lapor")
    commit(fork, "own", b"own")
    with world.app.app_context():
        with unit_of_work():
            for name in "ab":
                accounts.set_password(user(f"{name}@example.id"), PASSWORD)
        db.session.remove()
        scope.enter_programme()
        running.run()
        (fork / "config").write_text("")
        list(survey.survey())
        city = db.session.query(City).filter_by(slug="bontang").one()
        used = service.room_of(city).used
        with unit_of_work():
            service.set_quota(city, used * 10 // 9)
        (fork / "config").write_text("[core]\n\trepositoryformatversion = 0\n\tfilemode = true\n\tbare = true\n")
        db.session.remove()


def enter(page: Page, world: World, name: str, path: str) -> None:
    page.goto(f"{world.origin}/sign-in?next={path}")
    page.fill("[name=email]", f"{name}@example.id")
    page.fill("[name=password]", PASSWORD)
    page.click("main button[type=submit]")


def test_keeping_is_for_everybody(world: World) -> None:
    prepared(world)
    settings = "/console/bontang/forks/lapor/settings"
    with launched() as browser:
        with person(browser) as page:
            enter(page, world, "a", "/programme/storage")
            look(page, "storage")
            page.goto(f"{world.origin}/programme/storage/cities")
            look(page, "storage-cities")
        with person(browser, scripts=False) as page:
            enter(page, world, "b", settings)
            page.click(".tabs a[aria-current=page]")
            page.fill("[name=confirm]", "lapor")
            page.click(".confirm .btn-outline-danger")
            page.wait_for_url("**/forks")
        with person(browser) as page:
            enter(page, world, "b", "/console/bontang/forks")
            look(page, "forks-leaving")
            page.click(".rows .confirm button")
            page.goto(world.origin + settings)
            look(page, "fork-settings")
