"""Regions are found as people name them, renumbered ones too; lists are taken in whole and as often as one likes."""

from __future__ import annotations

import time

import pytest
from sqlalchemy import select

from registry.core.errors import ConflictError, InvalidError
from registry.core.uow import unit_of_work
from registry.tenants.joining import lists, naming, regions
from registry.tenants.joining.models import FormerCode, Region, RegionList
from registry.tenants.provinces import PROVINCES
from registry.tenants.service import find_city
from tests.tenants.joining.conftest import LIST

RENUMBERED = LIST.replace("kode,nama,provinsi", "kode,nama,provinsi,kode_lama").replace(
    "91.01,Kabupaten Merauke,Papua", "93.01,Kabupaten Merauke,Papua Selatan,91.01"
)


@pytest.fixture
def here(app, listed):
    with app.test_request_context():
        yield


def take_in(content: str, dry_run: bool = False):
    with unit_of_work():
        return regions.take_in(content.encode(), "list.csv", dry_run)[1]


@pytest.mark.parametrize(
    ("typed", "code"),
    [("bontang", "64.74"), ("kota bontang", "64.74"), ("Kab. Kutai Kartanegara", "64.02"), ("64.74", "64.74"),
     ("Kota Bontang (64.74)", "64.74"), ("Kota Bogor", "32.71"), ("kab bogor", "32.01"), ("Kep. Seribu", "31.01")],
)  # fmt: skip
def test_a_region_is_found_by_what_people_write(here, typed, code):
    assert regions.find(typed).region.code == code


@pytest.mark.parametrize(
    ("typed", "problem"),
    [("bogor", "several"), ("6474", "bps"), ("64.99", "unknown"), ("Kota Atlantis", "unknown"), ("", "unknown"),
     ("%", "unknown"), ("99.01", "no-province"), ("x" * 5000, "unknown"), ("\x00", "unknown")],
)  # fmt: skip
def test_what_is_not_one_region_says_why(here, typed, problem):
    found = regions.find(typed)
    assert (found.region, found.problem) == (None, problem)


def test_a_slip_of_the_pen_is_met_with_what_is_near(here):
    assert regions.find("Bonttang").near[0].name == "Kota Bontang"
    assert regions.find("64.75").near[0].code == "64.74"


def test_two_of_one_name_are_both_offered(here):
    assert {one.code for one in regions.find("bogor").near} == {"32.01", "32.71"}


def test_a_percent_sign_finds_nothing_more(here):
    assert regions.suggest("%") == [] and regions.suggest("_") == []


def test_a_former_code_leads_to_the_present_one(here):
    change = take_in(RENUMBERED)
    assert [(old, row.code) for old, row in change.renumbered] == [("91.01", "93.01")]
    found = regions.find("91.01")
    assert (found.region.code, found.former) == ("93.01", "91.01")
    assert regions.find("merauke").region.code == "93.01"


def test_the_same_list_again_changes_nothing(here):
    take_in(RENUMBERED)
    change = take_in(RENUMBERED)
    assert (change.added, change.renamed, change.renumbered, change.unchanged) == ([], [], [], 9)
    with unit_of_work() as session:
        assert len(session.scalars(select(FormerCode)).all()) == 1


def test_a_dry_run_tells_and_leaves_everything(here):
    change = take_in(RENUMBERED, dry_run=True)
    assert len(change.renumbered) == 1 and regions.find("93.01").region is None
    with unit_of_work() as session:
        assert len(session.scalars(select(RegionList)).all()) == 1


def test_a_shorter_list_deletes_nothing(here):
    change = take_in("kode,nama,provinsi\n64.74,Kota Bontang,Kalimantan Timur\n")
    assert len(change.missing) == 8 and regions.find("64.02").region is not None


def test_a_bad_line_keeps_the_whole_list_out(here):
    with pytest.raises(InvalidError) as refused:
        take_in("kode,nama,provinsi\n72.71,Kota Palu,Sulawesi Tengah\n7271,Kota Palu,Sulawesi Tengah\n")
    assert refused.value.findings[0].line == 3 and regions.find("palu").region is None


def test_a_region_by_hand_is_taken_over_by_the_next_list(here):
    with unit_of_work():
        regions.add_by_hand("64.75", "Kota Baru Nusantara")
    assert regions.find("64.75").region.by_hand
    take_in(LIST + "64.75,Kota Nusantara,Kalimantan Timur\n")
    found = regions.find("64.75").region
    assert (found.name, found.by_hand) == ("Kota Nusantara", False)


@pytest.mark.parametrize("code", ["64.74", "6474", "99.99"])
def test_by_hand_nothing_is_written_twice_or_wrongly(here, code):
    with pytest.raises((ConflictError, InvalidError)), unit_of_work():
        regions.add_by_hand(code, "Kota Lain")


def test_a_city_with_a_former_code_takes_the_present_one_when_told(here):
    take_in(LIST.replace("kode,nama,provinsi", "kode,nama,provinsi,kode_lama").replace(
        "33.76,Kota Tegal,Jawa Tengah", "33.77,Kota Tegal,Jawa Tengah,33.76"))  # fmt: skip
    assert [(city.code, region.code) for city, region in regions.cities_with_former_codes()] == [("33.76", "33.77")]
    with unit_of_work():
        regions.renumber(find_city("tegal"))
    assert find_city("tegal").code == "33.77" and regions.cities_with_former_codes() == []


def test_all_of_indonesia_is_taken_in_within_a_moment(here):
    rows = [f"{province}.{number:02d},Kabupaten Contoh {province} {number},{name}"
            for province, name in PROVINCES.items() for number in range(1, 15)][:514]  # fmt: skip
    content = "kode,nama,provinsi\n" + "\n".join(rows)
    began = time.thread_time()
    change = take_in(content)
    assert len(change.added) + len(change.renamed) == 514
    assert time.thread_time() - began < 5


def test_every_name_of_a_list_is_found_again(here):
    for row in lists.read(LIST.encode()).rows.values():
        assert regions.find(row.name).region.code == row.code
        assert naming.plain(row.name)


def test_a_region_is_kept_once(here):
    with unit_of_work() as session:
        assert len(session.scalars(select(Region)).all()) == 9
