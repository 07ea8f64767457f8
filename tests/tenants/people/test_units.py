"""The tree of units: in the console, by the API, in forms."""

import pytest

from registry.core.errors import ConflictError, InvalidError, NotFoundError
from registry.tenants.people import units
from tests.tenants.people.conftest import ADMIN, AUDITOR, INVITE, STRANGER, invited

PLACE = "/console/bontang/units"


@pytest.fixture
def tree(within):
    """Dinas › Bidang › Seksi › Regu, and a second dinas; their ids."""
    with within() as city:
        ids, parent = [], None
        for name in ("Dinas PUPR", "Bidang Bina Marga", "Seksi Jembatan", "Regu Jembatan"):
            parent = units.add_opd(city, name, parent).id
            ids.append(parent)
        return [*ids, units.add_opd(city, "Diskominfo").id]


def test_units_are_added_renamed_moved_and_removed(browser, within):
    admin = browser(ADMIN)
    assert admin.post(PLACE, data={"name": "Dinas PUPR"}).status_code == 303
    assert admin.post(PLACE, data={"name": "dinas pupr"}).status_code == 409
    with within() as city:
        top = units.units(city)[0].id
    assert admin.post(PLACE, data={"name": "Bidang Jalan", "parent": str(top)}).status_code == 303
    with within() as city:
        below = units.units(city)[0].id
    assert admin.post(f"{PLACE}/{top}/remove").status_code == 409
    assert admin.post(f"{PLACE}/{below}", data={"name": "Bidang Jembatan", "parent": ""}).status_code == 303
    page = admin.get(PLACE).text
    assert "Bidang Jembatan" in page and "Bidang Jalan" not in page and "unit-2" not in page
    assert admin.post(f"{PLACE}/{top}/remove").status_code == 303
    assert "Dinas PUPR" not in admin.get(PLACE).text


def test_each_unit_follows_the_one_above_it(tree, within):
    with within() as city:
        assert [(one.depth, one.unit.name) for one in units.tree(city)] == [
            (1, "Dinas PUPR"), (2, "Bidang Bina Marga"), (3, "Seksi Jembatan"), (4, "Regu Jembatan"), (1, "Diskominfo"),
        ]  # fmt: skip
        assert units.choices(city)[2][1] == f"{units.STEP * 2}Seksi Jembatan"


def test_forms_show_the_tree_by_indentation(browser, tree):
    page = browser(ADMIN).get(INVITE).text
    assert f">{units.STEP}Bidang Bina Marga</option>" in page


def test_no_unit_stands_below_itself_or_five_deep(tree, within):
    top, second, _third, deepest, other = tree
    for unit, parent in ((top, deepest), (top, top), (other, deepest)):
        with within() as city, pytest.raises(InvalidError):
            units.move_opd(city, unit, parent)
    with within() as city, pytest.raises(InvalidError):
        units.move_opd(city, second, units.add_opd(city, "UPT Laboratorium", other).id)


def test_a_unit_with_units_below_it_stays(tree, within):
    with within() as city, pytest.raises(ConflictError):
        units.remove_opd(city, tree[0])


def test_another_citys_unit_is_no_parent(tree, within):
    with within("tegal") as city, pytest.raises(NotFoundError):
        units.add_opd(city, "Bidang Tegal", tree[0])


def test_somebody_else_s_city_has_no_units_to_see(browser, tree):
    assert browser(STRANGER).get(PLACE).status_code == 404
    assert browser(STRANGER).post(f"/console/tegal/units/{tree[0]}/remove").status_code == 404
    assert browser(AUDITOR).get(PLACE).status_code == 403


def test_people_are_filtered_by_a_unit_and_those_below_it(browser, tree, within):
    with within() as city:
        invited(city, AUDITOR, "operator", plugin="simtaru", opd_id=tree[2])
    admin = browser(ADMIN)
    assert AUDITOR in admin.get(f"/console/bontang/people?unit={tree[0]}").text
    assert AUDITOR not in admin.get(f"/console/bontang/people?unit={tree[4]}").text
    assert admin.get("/console/bontang/people?unit=99999999999999999999&role=raja&plugin=x").status_code == 200
