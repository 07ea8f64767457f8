"""What a city's admin and a maintainer decide about a repository's door."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, IntegerField, RadioField, StringField
from wtforms.validators import InputRequired, Length, NumberRange

from registry.forge.serving.tokens import MAX_DAYS, MAX_NAME

NEEDED = InputRequired(_l("Fill this in."))
READ, WRITE = "read", "write"


class DeployTokenForm(FlaskForm):  # type: ignore[misc]
    name = StringField(
        _l("Name"), [NEEDED, Length(max=MAX_NAME)], description=_l("So that you recognise it: the machine or the task.")
    )
    days = IntegerField(
        _l("Days it lives"), default=90,
        validators=[NEEDED, NumberRange(1, MAX_DAYS, _l("A token lives 1 to 366 days."))],
    )  # fmt: skip
    access = RadioField(
        _l("It may"), [NEEDED], default=READ,
        choices=[(READ, _l("read: clone and fetch")), (WRITE, _l("read and write: push, too"))],
    )  # fmt: skip


class GateForm(FlaskForm):  # type: ignore[misc]
    rewrite_main = BooleanField(
        _l("History of main may be rewritten"),
        description=_l("A force-push may take away commits that others have. main itself can never be deleted."),
    )
    move_release_tags = BooleanField(
        _l("Release tags may move or go"),
        description=_l("Tags that begin with v name versions. Who deployed one finds something else under its name."),
    )
