"""A plugin that runs less than a release that closes a hole is marked where its city looks."""

from __future__ import annotations

import pytest

from registry.core import scope
from registry.core.uow import unit_of_work
from registry.forge import publishing
from registry.hosting import parts, reading
from registry.hosting.models import Revision
from tests.hosting.conftest import PUBLICCODE, bundle, find, world  # noqa: F401 fixtures
from tests.hosting.serving import plugin


@pytest.fixture
def hole(world, app, bundle):  # noqa: F811
    """Papan 1.0.0 serves in Bontang, and 1.0.1 closes a hole."""
    with app.app_context():
        city = find("bontang")
        scope.enter_city(city.id)
        plugin(city)
    (bundle / "publiccode.yml").write_text(PUBLICCODE.replace("1.0.0", "1.0.1"))
    (bundle / "CHANGELOG.md").write_text("# Changelog\n\n## 1.0.1\n\n### Keamanan\n- Sesi berakhir.\n")
    with app.app_context():
        scope.enter_programme()
        with unit_of_work():
            publishing.publish_folder(find("bandung"), bundle, None)


def marked(app) -> list[str]:
    with app.app_context(), app.test_request_context(headers={"Accept-Language": "en"}):
        city = find("bontang")
        scope.enter_city(city.id)
        found = parts.security_part(city, reading.deployments(city))
        return [cell.text for cells in found.values() for cell in cells]


def test_the_list_of_plugins_marks_it_until_something_better_runs(hole, app):
    assert marked(app) == ["1.0.1 closes a security hole"]
    with app.app_context():
        scope.enter_programme()
        with unit_of_work() as session:
            session.query(Revision).update({"version": "1.0.1"})
    assert marked(app) == []
