import pytest

from registry.tenants.joining import naming


@pytest.mark.parametrize(
    ("typed", "plain"),
    [("bontang", "bontang"), ("Kota Bontang", "bontang"), ("KAB. KUTAI KARTANEGARA", "kutai kartanegara"),
     ("Kabupaten Kutai Kartanegara", "kutai kartanegara"), ("Kab Adm. Kep. Seribu", "kepulauan seribu"),
     ("Kota Administrasi Jakarta Pusat", "jakarta pusat"), ("Fak-Fak", "fak fak"), ("Kotabaru", "kotabaru"),
     ("Kabupaten Kotabaru", "kotabaru"), ("Kota", ""), ("  ", "")],
)  # fmt: skip
def test_a_name_is_compared_without_what_people_write_differently(typed, plain):
    assert naming.plain(typed) == plain


@pytest.mark.parametrize(
    ("name", "code", "full"),
    [("KAB. ACEH SELATAN", "11.01", "Kabupaten Aceh Selatan"), ("Bontang", "64.74", "Kota Bontang"),
     ("KAB. ADM. KEP. SERIBU", "31.01", "Kabupaten Administrasi Kepulauan Seribu"),
     ("Kota Palu", "72.71", "Kota Palu"), ("KOTA  BANDA   ACEH", "11.71", "Kota Banda Aceh")],
)  # fmt: skip
def test_an_official_name_is_written_as_people_read_it(name, code, full):
    assert naming.full_name(name, code) == full


@pytest.mark.parametrize(
    ("typed", "code"),
    [("64.74", "64.74"), ("Kota Bontang (64.74)", "64.74"), ("64.74.01", ""), ("6474", ""), ("164.74", ""), ("x", "")],
)
def test_a_code_is_found_in_what_was_typed(typed, code):
    assert naming.code_in(typed) == code


@pytest.mark.parametrize(
    ("name", "code", "slug"),
    [("Kota Bontang", "", "bontang"), ("Kabupaten Kutai Kartanegara", "", "kutai-kartanegara"),
     ("Kabupaten Bogor", "32.01", "kab-bogor"), ("Kota Bogor", "32.71", "bogor")],
)  # fmt: skip
def test_a_name_in_addresses_follows_from_the_name(name, code, slug):
    assert naming.slug_of(name, code) == slug


@pytest.mark.parametrize(("code", "zone"), [("32.73", "Asia/Jakarta"), ("64.74", "Asia/Makassar"),
                                            ("62.71", "Asia/Jakarta"), ("93.01", "Asia/Jayapura")])  # fmt: skip
def test_a_time_zone_follows_from_the_province(code, zone):
    assert naming.zone_of(code) == zone
