"""What a person sends to change a file."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import HiddenField, RadioField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, Optional

from registry.forge.browsing import rules
from registry.forge.rules import MAX_PATH

HERE, BESIDE = "here", "new"


class ChangeForm(FlaskForm):
    """What every change has; ``base`` is the commit its author saw."""

    base = HiddenField(validators=[DataRequired(), Length(max=64)])
    message = StringField(
        _("What did you change, and why?"), [Optional(), Length(max=rules.MAX_MESSAGE)],
        description=_("Others read this in the history. Left empty, it names the file."),
    )  # fmt: skip
    where = RadioField(_("Commit to"), choices=[(HERE, ""), (BESIDE, "")], default=HERE)
    new_branch = StringField(_("Name of the new branch"), [Optional(), Length(max=200)])

    @property
    def branch_beside(self) -> str:
        return (self.new_branch.data or "").strip() if self.where.data == BESIDE else ""


class TextForm(ChangeForm):
    path = StringField(
        _("Path"), [DataRequired(), Length(max=MAX_PATH)], description=_("Another path here renames the file.")
    )
    text = TextAreaField(_("Text"), render_kw={"rows": 24, "spellcheck": "false", "wrap": "off"})


class FileForm(ChangeForm):
    path = StringField(
        _("Path"), [Optional(), Length(max=MAX_PATH)],
        description=_("Where the file is to lie. Left empty, or ending in /, the file keeps its own name."),
    )  # fmt: skip
    file = FileField(_("File"), description=_("At most 1.9 MB. Larger files are pushed with git."))
