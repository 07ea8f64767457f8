"""The tree of units travels with the city's archive."""

import json

import pytest

from registry.backups import export_records, import_records
from registry.backups.export_format import FormatError
from registry.core import scope
from registry.core.uow import unit_of_work
from registry.tenants.people import units
from registry.tenants.service import find_city
from tests.tenants.conftest import world  # noqa: F401 fixture


@pytest.fixture
def brought(app, world, tmp_path):  # noqa: F811
    """Bring units with those above them into Bontang; answers with (depth, name) of all."""

    def bring(parents: dict[str, str] | None, *names: str) -> list[tuple[int, str]]:
        (tmp_path / "units.json").write_text(json.dumps(names))
        if parents is not None:
            (tmp_path / "unit_parents.json").write_text(json.dumps(parents))
        with app.app_context():
            city = find_city("bontang")
            scope.enter_city(city.id)
            with unit_of_work():
                import_records.add_units(tmp_path, city)
            if parents is not None:
                assert export_records.unit_parents(city) == parents
            return [(one.depth, one.unit.name) for one in units.tree(city)]

    return bring


def test_units_come_back_where_they_stood(brought):
    assert brought({"Bidang": "Dinas", "Seksi": "Bidang"}, "Seksi", "Dinas", "Bidang") == [
        (1, "Dinas"), (2, "Bidang"), (3, "Seksi"),
    ]  # fmt: skip


def test_an_archive_of_before_has_units_without_a_tree(brought):
    assert brought(None, "Dinas", "Badan") == [(1, "Badan"), (1, "Dinas")]


@pytest.mark.parametrize("parents", [{"A": "B", "B": "A"}, {"A": "A"}, {"B": "A", "C": "B", "D": "C", "E": "D"}])
def test_a_tree_that_is_none_is_refused(brought, parents):
    with pytest.raises(FormatError):
        brought(parents, "A", "B", "C", "D", "E")
