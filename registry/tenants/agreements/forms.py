"""Forms of agreements. What a rule can refuse is left to the service."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import (
    BooleanField,
    DateField,
    Field,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from registry.accounts.forms import NEEDED
from registry.tenants.agreements import words
from registry.tenants.agreements.contents import MAX_LINE, MAX_TERMS, PARTNER, PUBLISHER, Draft, Party
from registry.tenants.forms import SeenForm

LINE = Length(max=MAX_LINE)
ALL, NAMED = "all", "named"
PARTY = ("institution", "address", "office", "name", "nip", "mandate")


class AgreementForm(SeenForm):
    """The first lines of a new agreement; the rest is filled in as usual and changed on the draft's own page."""

    kind = RadioField(_l("Document"), [NEEDED], choices=[("memorandum", ""), ("pks", "")])
    number = StringField(
        _l("Number of the document"), [LINE], description=_l("The publisher's number, as it stands on the paper.")
    )
    starts_on = DateField(_l("In force from"), [Optional()])
    ends_on = DateField(_l("until"), [Optional()])
    allows_variants = BooleanField(_l("The city may publish its own variants"), default=True)

    def __init__(self, *given: Any, **told: Any) -> None:
        super().__init__(*given, **told)
        self.kind.choices = [(code, words.kind_name(code)) for code in ("memorandum", "pks")]

    @property
    def draft(self) -> Draft:
        number = (self.number.data or "").strip()
        return Draft(number, self.starts_on.data, self.ends_on.data, self.allows_variants.data)


def _lines(side: str) -> dict[str, Field]:
    """The fields of one side: ``publisher_office`` and so on."""
    told = {
        "institution": (_l("Institution"), ""),
        "address": (_l("Address"), ""),
        "office": (_l("Office that signs"), _l("For example Kepala Dinas Komunikasi dan Informatika.")),
        "name": (_l("Name of the signatory"), ""),
        "nip": (_l("NIP"), _l("18 digits.")),
        "mandate": (_l("Number of the power of attorney"), _l("When somebody signs for the head of the institution.")),
    }
    return {
        f"{side}_{name}": StringField(label, [LINE], description=help_text) for name, (label, help_text) in told.items()
    }


class DraftForm(SeenForm):
    """Everything an agreement says."""

    number = StringField(_l("Number of the publisher"), [LINE])
    partner_number = StringField(_l("Number of the city"), [LINE])
    dated_on = DateField(_l("Date of the document"), [Optional()])
    place = StringField(_l("Place"), [LINE])
    starts_on = DateField(_l("In force from"), [Optional()])
    ends_on = DateField(_l("until"), [Optional()])
    scope = RadioField(
        _l("Which apps"), [NEEDED], choices=[(ALL, _l("All apps of the catalog")), (NAMED, _l("Only these:"))],
        default=ALL,
    )  # fmt: skip
    apps = SelectMultipleField(
        _l("Named apps"), [Optional()], option_widget=CheckboxInput(), widget=ListWidget(prefix_label=False),
        validate_choice=False,
    )  # fmt: skip
    allows_variants = BooleanField(_l("The city may publish its own variants"))
    allows_commercial = BooleanField(_l("Commercial use is allowed"))
    requires_attribution = BooleanField(_l("The owner's name and a link to the original stay visible"))
    assistance = SelectField(_l("Assistance"), [NEEDED], choices=[])
    more_terms = TextAreaField(_l("Further terms"), [Length(max=MAX_TERMS)], render_kw={"rows": 4})

    def __init__(self, *given: Any, known_apps: Mapping[str, str], **told: Any) -> None:
        super().__init__(*given, **told)
        self.apps.choices = list(known_apps.items())
        codes = ("none", "installation", "operation")
        self.assistance.choices = [(code, words.assistance_text(code)) for code in codes]

    @property
    def draft(self) -> Draft:
        same = ("starts_on", "ends_on", "dated_on", "allows_variants", "allows_commercial", "requires_attribution",
                "assistance")  # fmt: skip
        apps = tuple(self.apps.data or ()) if self.scope.data == NAMED else None
        return Draft(
            **{name: getattr(self, name).data for name in same},
            number=_text(self.number), partner_number=_text(self.partner_number), place=_text(self.place),
            more_terms=_text(self.more_terms).replace("\r\n", "\n"), scope_apps=apps,
            publisher=self.party(PUBLISHER), partner=self.party(PARTNER),
        )  # fmt: skip

    def party(self, side: str) -> Party:
        return Party(**{name: _text(self[f"{side}_{name}"]) for name in PARTY})

    def lines(self, side: str) -> list[Field]:
        """The fields of one side, for the template."""
        return [self[f"{side}_{name}"] for name in PARTY]


for _side in (PUBLISHER, PARTNER):
    for _name, _field in _lines(_side).items():
        setattr(DraftForm, _name, _field)


def shown(draft: Draft) -> dict[str, Any]:
    """What `DraftForm` shows of a draft."""
    told = {name: getattr(draft, name) for name in (
        "number", "partner_number", "dated_on", "place", "starts_on", "ends_on", "allows_variants",
        "allows_commercial", "requires_attribution", "assistance", "more_terms",
    )}  # fmt: skip
    sides = {PUBLISHER: draft.publisher, PARTNER: draft.partner}
    lines = {f"{side}_{name}": getattr(party, name) for side, party in sides.items() for name in PARTY}
    scope = {"scope": ALL if draft.scope_apps is None else NAMED, "apps": list(draft.scope_apps or ())}
    return {**told, **lines, **scope}


class SignForm(SeenForm):
    signatory = StringField(
        _l("Signed by (the office, not the person)"), [NEEDED, Length(3, 120)],
        render_kw={"placeholder": "Kepala Diskominfo"},
    )  # fmt: skip
    signed_on = DateField(_l("Day of the signature"), [Optional()], description=_l("Empty means today."))
    number = StringField(_l("Our number"), [LINE], description=_l("When it is not on the paper yet."))


class WhyForm(SeenForm):
    reason = TextAreaField(_l("Reason"), [NEEDED, Length(3, 500)], render_kw={"rows": 3})


class EndForm(WhyForm):
    effective_on = DateField(_l("First day without it"), [Optional()], description=_l("Empty means today."))


class ScanForm(SeenForm):
    file = FileField(
        _l("Signed scan"), [FileRequired()], description=_l("A PDF without a password, a JPEG or a PNG, up to 10 MB."),
        render_kw={"accept": "application/pdf,image/jpeg,image/png"},
    )  # fmt: skip


class SuspendForm(FlaskForm):  # type: ignore[misc]
    reason = TextAreaField(_l("Reason"), [NEEDED, Length(3, 500)], render_kw={"rows": 3})
    words = TextAreaField(
        _l("What citizens read"), [NEEDED, Length(10, 500)], render_kw={"rows": 3},
        description=_l("Why the services are closed, and whom to ask."),
    )  # fmt: skip
    confirm = StringField(_l("Name of the city in addresses, to confirm"), [NEEDED, Length(max=40)])


class SettingsForm(SeenForm):
    memorandum_label = StringField(
        _l("What the memorandum is called"), [NEEDED, Length(3, 80)], render_kw={"list": "labels"},
    )  # fmt: skip
    pks_label = StringField(_l("What the cooperation agreement is called"), [NEEDED, Length(3, 80)])
    reminder_days = StringField(
        _l("Remind this many days before the end"), [NEEDED, Length(max=60)],
        description=_l("Numbers with commas: 90, 30, 7."),
    )  # fmt: skip
    place = StringField(_l("Where it is usually signed"), [Length(max=80)])
    memorandum_signers = TextAreaField(
        _l("Who may sign the memorandum"), [Length(max=1200)], render_kw={"rows": 3},
        description=_l("How the office begins, one on each line: Wali Kota, Bupati. Empty means any office."),
    )  # fmt: skip
    pks_signers = TextAreaField(
        _l("Who may sign the cooperation agreement"), [Length(max=1200)], render_kw={"rows": 3},
        description=_l("For example Kepala Dinas. Somebody else needs a power of attorney."),
    )  # fmt: skip


for _kind in ("memorandum", "pks"):
    for _name, _field in _lines(_kind).items():
        setattr(SettingsForm, _name, _field)


def _text(field: Field) -> str:
    return (field.data or "").strip()
