import pytest

from registry.core import scope
from registry.core.errors import ConflictError
from registry.core.uow import unit_of_work
from registry.forge.service import fork_of
from registry.hosting import service as hosting
from registry.tenants.models import Opd
from registry.tenants.people import service as people
from tests.hosting.conftest import bundle, find, world  # noqa: F401 fixtures


def test_a_unit_that_answers_for_a_plugin_is_not_removed(app, world):  # noqa: F811
    with app.app_context():
        city = find("bontang")
        scope.enter_city(city.id)
        with unit_of_work() as session:
            unit = Opd(tenant_id=city.id, name="Dinas PUPR")
            session.add(unit)
            session.flush()
            hosting.deploy(city, fork_of(city, "papan"), "papan", {"title": "A"}, unit.id)
        with pytest.raises(ConflictError), unit_of_work():
            people.remove_opd(city, unit.id)
