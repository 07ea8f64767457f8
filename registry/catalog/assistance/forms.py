"""Forms of assistance. What a rule can refuse is left to the service."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import MultipleFileField
from wtforms import BooleanField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import Length, Optional

from registry.accounts.forms import NEEDED
from registry.catalog.assistance import rules
from registry.catalog.assistance.attachments import ACCEPTED, Given
from registry.catalog.assistance.words import phase_name, urgency_name
from registry.tenants.forms import SeenForm


class _FilesForm(FlaskForm):  # type: ignore[misc]
    files = MultipleFileField(
        _l("Files"), [Optional()], render_kw={"accept": ACCEPTED, "multiple": True},
        description=_l("At most 5: PDF, JPEG or PNG up to 10 MB, text or a log up to 2 MB. Only both sides read them. "
                       "Take passwords and personal data of citizens out first."),
    )  # fmt: skip

    def given(self) -> list[Given]:
        """What was really chosen: a browser sends an empty part for nothing."""
        return [(one.filename or "", one.stream) for one in self.files.data or () if getattr(one, "filename", "")]


class AskForm(_FilesForm):
    app = SelectField(_l("App"), [NEEDED])
    plugin = SelectField(_l("Plugin of your city"), [Optional()])
    app_version = StringField(
        _l("Version"), [Length(max=4 * rules.MAX_VERSION)], render_kw={"maxlength": rules.MAX_VERSION},
        description=_l("Leave it empty for the one the plugin runs now."),
    )  # fmt: skip
    phase = RadioField(_l("What is it for?"), [NEEDED], default=rules.OPERATION)
    title = StringField(
        _l("In one line"), [NEEDED, Length(max=4 * rules.TITLE[1])], render_kw={"maxlength": rules.TITLE[1]}
    )
    text = TextAreaField(
        _l("What happens, and what should happen"), [NEEDED, Length(max=4 * rules.TEXT[1])],
        render_kw={"rows": 7, "maxlength": rules.TEXT[1]},
    )  # fmt: skip
    tried = TextAreaField(
        _l("What you have tried"), [Length(max=4 * rules.TRIED[1])], render_kw={"rows": 3, "maxlength": rules.TRIED[1]}
    )
    urgency = RadioField(_l("How urgent is it?"), [NEEDED], default=rules.NORMAL)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.phase.choices = [(code, phase_name(code)) for code in rules.PHASES]
        self.urgency.choices = [(code, urgency_name(code)) for code in rules.URGENCIES]


class SayForm(_FilesForm, SeenForm):
    """The button pressed is the ``act``."""

    text = TextAreaField(
        _l("Your message"), [Length(max=4 * rules.TEXT[1])], render_kw={"rows": 6, "maxlength": rules.TEXT[1]}
    )


class WordsForm(SeenForm):
    question = TextAreaField(
        _l("The question, as any city would ask it"), [NEEDED, Length(max=4 * rules.QUESTION[1])],
        render_kw={"rows": 3, "maxlength": rules.QUESTION[1]},
    )  # fmt: skip
    answer = TextAreaField(
        _l("The answer"), [NEEDED, Length(max=4 * rules.ANSWER[1])],
        description=_l("What helps the next city. No names, no addresses, no numbers, nothing only your city knows."),
        render_kw={"rows": 8, "maxlength": rules.ANSWER[1]},
    )  # fmt: skip
    named = BooleanField(_l("Name our city beside it"))
