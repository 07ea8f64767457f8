import pytest
from lumbung_plugin import Form, identity
from lumbung_plugin.identity import Nik, Phone
from wtforms import StringField

MAN, WOMAN = "6474011708900001", "6474015708900001"


@pytest.mark.parametrize(
    "text",
    ["", None, "0", "+", "abc", "110", "0812", "+1 202 555 0100", "0" * 30, "٠٨١٢٣٤٥٦٧٨٩٠", "0812-3456-7890x", "9" * 99,
     "0812\n3456\n7890", "(0548) 201", "+62+62812345678", "00812345678901"],
)  # fmt: skip
def test_what_cannot_be_a_telephone_number_is_none(text):
    assert identity.phone(text) is None


@pytest.mark.parametrize(
    "text",
    ["0812 3456 7890", "+62 812-3456-7890", "62812.3456.7890", "81234567890", "+62 (0)812 34567890", " 081234567890 "],
)
def test_one_number_has_one_spelling(text):
    assert identity.phone(text) == "+6281234567890"


def test_a_fixed_line_is_a_telephone_number():
    assert identity.phone("(0548) 20123") == "+6254820123"
    assert identity.phone("021 1234 5678") == "+622112345678"


@pytest.mark.parametrize(
    "text",
    ["", None, "1" * 15, "1" * 17, "6474011708900000", "0074011708900001", "6400011708900001", "6474001708900001",
     "6474013202900001", "6474017208900001", "6474011713900001", "6474010008900001", "6474014008900001",
     "٦٤٧٤٠١١٧٠٨٩٠٠٠٠١", "64740117089000O1", "6" * 9999],
)  # fmt: skip
def test_what_cannot_be_a_nik_is_none(text):
    assert identity.nik(text) is None


@pytest.mark.parametrize("text", [MAN, WOMAN, "6474 0117 0890 0001", "647401.170890.0001", "6474012902000001"])
def test_a_nik_is_sixteen_digits_with_a_day_of_birth(text):
    assert identity.nik(text) in (MAN, WOMAN, "6474012902000001")


def test_masks_leave_too_little_to_use():
    assert identity.masked_phone("+6281234567890") == "••••890" == identity.masked("+6281234567890")
    assert identity.masked_nik(WOMAN) == "••••0001"
    assert (
        identity.masked_name("budi santoso dari bontang kuala")
        == "b••• s••• d•••"
        == identity.masked("budi santoso dari")
    )
    assert identity.masked_name("Pemohon (demo) - ") == "P••• d•••"


@pytest.mark.parametrize("mask", [identity.masked, identity.masked_phone, identity.masked_nik, identity.masked_name])
def test_nothing_stays_nothing_and_the_short_shows_no_digit(mask):
    assert mask(None) == mask("") == ""
    assert "1" not in mask("12345")[1:]


class Applicant(Form):
    phone = StringField(validators=[Phone()])
    nik = StringField(validators=[Nik()])


def test_a_field_keeps_the_one_spelling(app):
    with app.test_request_context("/", method="POST", data={"phone": "0812 3456 7890", "nik": "6474 0117 0890 0001"}):
        form = Applicant(meta={"csrf": False})
        assert form.validate() and (form.phone.data, form.nik.data) == ("+6281234567890", MAN)


def test_a_field_says_what_to_write(app):
    with app.test_request_context("/?lang=id", method="POST", data={"phone": "call me", "nik": "123"}):
        form = Applicant(meta={"csrf": False})
        assert not form.validate()
        assert "0812 3456 7890" in form.phone.errors[0] and "16 angka" in form.nik.errors[0]


def test_an_empty_field_passes(app):
    with app.test_request_context("/", method="POST", data={"phone": " ", "nik": ""}):
        assert Applicant(meta={"csrf": False}).validate()
