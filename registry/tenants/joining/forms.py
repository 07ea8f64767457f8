"""Forms of signing up and of looking at it. What a rule can refuse is left to the service."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import (
    BooleanField,
    DateField,
    EmailField,
    PasswordField,
    RadioField,
    SelectField,
    StringField,
    TelField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, Optional

from registry.accounts import rules as passwords
from registry.accounts.forms import NEEDED
from registry.tenants.forms import ZONES, SeenForm


class Wanted:
    """Needed to go on, and marked so. The steps say what is missing themselves: Back and Later keep it half done."""

    field_flags = {"required": True}

    def __call__(self, _form: object, _field: object) -> None:
        pass


SHORT = [Length(max=120)]


class RegionForm(FlaskForm):  # type: ignore[misc]
    """Step 1 where an official list is known."""

    region = StringField(
        _l("City or regency"), [Wanted(), *SHORT],
        description=_l("Its name or its Kemendagri code: Kota Bontang, Kab. Kutai Kartanegara, 64.74."),
        render_kw={"placeholder": "Kota Bontang", "list": "regions", "autocomplete": "off"},
    )  # fmt: skip
    slug = StringField(
        _l("Name in addresses"), [Length(max=40)],
        description=_l("Small letters, digits and hyphens; it stays. Empty: taken from the name."),
        render_kw={"placeholder": "bontang", "autocapitalize": "off", "autocomplete": "off"},
    )  # fmt: skip
    timezone = SelectField(_l("Time zone"), [Optional()], choices=[("", _l("by the province")), *ZONES])


class CodeForm(RegionForm):
    """Step 1 without a list: both are typed."""

    code = StringField(
        _l("Kemendagri code"), [Wanted(), Length(max=12)],
        description=_l("Two digits of the province, a dot, two digits: 64.74 for Kota Bontang. Not the BPS code."),
        render_kw={"placeholder": "64.74", "inputmode": "decimal", "autocomplete": "off"},
    )  # fmt: skip
    name = StringField(
        _l("Name of the city or regency"), [Wanted(), Length(max=80)],
        render_kw={"placeholder": "Kota Bontang", "autocomplete": "off"},
    )  # fmt: skip


class OfficeForm(FlaskForm):  # type: ignore[misc]
    """Step 2, and what the city corrects later."""

    contact_office = StringField(
        _l("Office in charge"), [Wanted(), *SHORT],
        render_kw={"placeholder": "Dinas Komunikasi dan Informatika", "autocomplete": "organization"},
    )  # fmt: skip
    head = StringField(
        _l("Head of the office"), SHORT,
        description=_l("Name and title as in letters; it can be added later."), render_kw={"autocomplete": "off"},
    )  # fmt: skip
    mail = EmailField(
        _l("Official e-mail of the office"), [Wanted(), Length(max=200)],
        render_kw={"placeholder": "diskominfo@bontangkota.go.id", "autocomplete": "off"},
    )  # fmt: skip
    phone = TelField(
        _l("Telephone of the office"), [Wanted(), Length(max=20)],
        render_kw={"placeholder": "0548 123456", "autocomplete": "off"},
    )  # fmt: skip


class PersonForm(FlaskForm):  # type: ignore[misc]
    """Step 3."""

    contact_name = StringField(
        _l("Your position"), [Wanted(), *SHORT],
        render_kw={"placeholder": "Kepala Bidang Aplikasi", "autocomplete": "organization-title"},
    )  # fmt: skip
    email = EmailField(
        _l("Your e-mail"), [Wanted(), Length(max=200)],
        description=_l("You sign in with it and become the first admin of your city."),
        render_kw={"autocomplete": "email"},
    )  # fmt: skip
    proof = RadioField(
        _l("How you show that you speak for the office"), [Optional()],
        choices=[
            ("mail", _l("We send a link to an official address below go.id (quickest)")),
            ("letter", _l("We upload a letter of assignment (PDF or picture) after sending")),
            ("other", _l("The maintainers call or write to the office")),
        ],
    )  # fmt: skip
    proof_mail = EmailField(
        _l("Official address for the link"), [Length(max=200)],
        description=_l("Only for the first way. Empty: the official e-mail of the office."),
        render_kw={"placeholder": "diskominfo@bontangkota.go.id", "autocomplete": "off"},
    )  # fmt: skip


class SendForm(FlaskForm):  # type: ignore[misc]
    """Step 4 for somebody who is signed in."""

    authorised = BooleanField(
        _l("My office has asked me to apply, and what stands here is right"), [InputRequired(_l("Confirm this."))]
    )


class SendWithAccountForm(SendForm):
    """For a visitor: the account is made with it."""

    password = PasswordField(
        _l("Password"), [NEEDED, Length(max=passwords.MAX_PASSWORD)], render_kw={"autocomplete": "new-password"},
        description=_l("At least 12 characters; a few words you remember do well."),
    )  # fmt: skip


class LinkForm(FlaskForm):  # type: ignore[misc]
    address = EmailField(_l("Your e-mail"), [NEEDED, Length(max=200)], render_kw={"autocomplete": "email"})


class TextForm(SeenForm):
    text = TextAreaField(_l("Text"), [NEEDED, Length(3, 2000)], render_kw={"rows": 4})


class DeclineForm(SeenForm):
    reason = TextAreaField(_l("Reason"), [NEEDED, Length(3, 500)], render_kw={"rows": 3})


class AdmitForm(SeenForm):
    how = TextAreaField(
        _l("How the office was checked"), [Wanted(), Length(max=500)], render_kw={"rows": 2},
        description=_l("For example: called the number of the office, letter 421/Kominfo read."),
    )  # fmt: skip


class CorrectForm(SeenForm, OfficeForm):
    pass


class ProofForm(SeenForm):
    proof_mail = EmailField(
        _l("Official address for the link"), [NEEDED, Length(max=200)],
        render_kw={"placeholder": "diskominfo@bontangkota.go.id"},
    )  # fmt: skip


class LetterForm(SeenForm):
    letter = FileField(_l("Scan of the letter"), [NEEDED], description=_l("PDF, JPEG or PNG, at most 10 MB."))
    letter_number = StringField(_l("Number of the letter"), [Length(max=80)])
    letter_on = DateField(_l("Date of the letter"), [Optional()])


class ListForm(FlaskForm):  # type: ignore[misc]
    list = FileField(
        _l("Official list"), [NEEDED],
        description=_l("CSV with the columns kode,nama,provinsi and, where codes changed, kode_lama."),
    )  # fmt: skip
    dry_run = BooleanField(_l("Only show what would change"), default=True)


class AddRegionForm(FlaskForm):  # type: ignore[misc]
    code = StringField(_l("Kemendagri code"), [NEEDED, Length(max=12)], render_kw={"placeholder": "64.74"})
    name = StringField(_l("Name of the city or regency"), [NEEDED, Length(max=80)])
