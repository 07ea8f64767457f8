"""Forms of the shortlist. What a rule can refuse is left to the service."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, IntegerField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from registry.accounts.forms import NEEDED
from registry.catalog.choosing import rules, words
from registry.core.clock import today
from registry.tenants.models import Opd
from registry.tenants.people.units import indented

NOT_BY_BROWSER = {"required": False}
"""It would refuse a decision against an app, which needs neither."""

OFFERED = 13
"""Quarters to choose from: this one and three years."""


class AddForm(FlaskForm):  # type: ignore[misc]
    apps = HiddenField(validators=[NEEDED, Length(max=400)])
    why = TextAreaField(
        _l("Why is it wanted?"), [NEEDED, Length(rules.MIN_REASON, rules.MAX_WHY)],
        description=_l("What it would change, and for whom. Everybody with a role in the city reads it."),
        render_kw={"rows": 3, "maxlength": rules.MAX_WHY},
    )  # fmt: skip


class NoteForm(FlaskForm):  # type: ignore[misc]
    text = TextAreaField(
        _l("Your note"), [NEEDED, Length(1, rules.MAX_NOTE)], render_kw={"rows": 3, "maxlength": rules.MAX_NOTE}
    )


class WhenAdopted(Optional):
    """Asked of who adopts, as `rules.decision_problem` says: neither required of everybody nor called optional."""

    def __init__(self) -> None:
        super().__init__()
        self.field_flags = {"required": True}


class VoteForm(FlaskForm):  # type: ignore[misc]
    opd_id = SelectField(_l("In the name of"), [NEEDED], coerce=int)
    choice = RadioField(_l("Does it want this app?"), [NEEDED])
    reason = StringField(_l("Because"), [Length(max=rules.MAX_REASON)], render_kw={"maxlength": rules.MAX_REASON})

    def offer(self, units: list[Opd]) -> None:
        self.opd_id.choices = indented(units)
        self.choice.choices = [(code, words.vote(code).capitalize()) for code in rules.CHOICES]


class DecisionForm(FlaskForm):  # type: ignore[misc]
    """On one page with `VoteForm`: what both ask for has its own id here, so that each label leads to its own box."""

    version = IntegerField(validators=[InputRequired()])
    decision = RadioField(_l("Decision"), [NEEDED])
    opd_id = SelectField(_l("Unit (OPD) that will own it"), [WhenAdopted()], id="owner", render_kw=NOT_BY_BROWSER)
    quarter = SelectField(_l("In which quarter"), [WhenAdopted()], render_kw=NOT_BY_BROWSER)
    reason = TextAreaField(
        _l("Reason"), [NEEDED, Length(rules.MIN_REASON, rules.MAX_REASON)],
        id="decision-reason", render_kw={"rows": 2, "maxlength": rules.MAX_REASON},
    )  # fmt: skip

    def offer(self, units: list[Opd]) -> None:
        self.decision.choices = [(code, words.decision(code).capitalize()) for code in rules.DECISIONS]
        self.opd_id.choices = [("", "–"), *((str(number), name) for number, name in indented(units))]
        self.quarter.choices = [("", "–"), *((one, words.quarter(one)) for one in self._quarters())]

    @staticmethod
    def _quarters() -> list[str]:
        return list(rules.quarters(today()))[:OFFERED]

    def read(self) -> rules.Decision:
        adopted = self.decision.data == rules.ADOPT
        opd_id = int(self.opd_id.data) if adopted and self.opd_id.data else None
        quarter = str(self.quarter.data or "") if adopted else ""
        return rules.Decision(self.decision.data, self.reason.data or "", opd_id, quarter)


class VersionForm(FlaskForm):  # type: ignore[misc]
    version = IntegerField(validators=[InputRequired()])
