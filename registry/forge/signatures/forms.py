"""The form of a key."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from registry.forge.signatures.rules import MAX_KEY_TEXT, MAX_NAME, MAX_PROOF

NEEDED = InputRequired(_l("Fill this in."))
PLAIN = {"spellcheck": "false", "autocomplete": "off", "autocapitalize": "off"}


class KeyForm(FlaskForm):  # type: ignore[misc]
    name = StringField(
        _l("Name"), [NEEDED, Length(max=MAX_NAME)], description=_l("So that you recognise it: the machine it is on.")
    )
    text = TextAreaField(
        _l("Public key"), [NEEDED, Length(max=MAX_KEY_TEXT)], render_kw={"rows": 3, **PLAIN},
        description=_l("The line in ~/.ssh/id_ed25519.pub, or what gpg --armor --export writes."),
    )  # fmt: skip
    proof = TextAreaField(
        _l("Proof that it is yours"), [NEEDED, Length(max=MAX_PROOF)], render_kw={"rows": 5, **PLAIN},
        description=_l("What the command writes, from BEGIN to END."),
    )  # fmt: skip
