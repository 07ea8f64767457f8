"""The ways to publish, as forms."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import SelectField, StringField
from wtforms.validators import DataRequired, Length


class UploadForm(FlaskForm):
    archive = FileField(_("Archive"), [FileRequired()], description=_("A .tar.gz or .zip of the app's folder."))


class UrlForm(FlaskForm):
    url = StringField(
        _("Address"),
        [DataRequired(), Length(max=500)],
        description=_("https:// address of a public git repository; its default branch is taken."),
    )


class PushedForm(FlaskForm):
    app = SelectField(_("App"), [DataRequired()])
    ref = StringField(_("Branch, tag or commit"), [DataRequired(), Length(max=200)], default="main")
