"""Forms whose built-in messages speak the page's language."""

from typing import Any

from flask_babel import get_translations
from flask_wtf import FlaskForm


class _Translations:
    """WTForms' own messages, looked up in this library's catalogue (WTForms ships no Indonesian one)."""

    def gettext(self, text: str) -> str:
        return get_translations().ugettext(text)

    def ngettext(self, singular: str, plural: str, count: int) -> str:
        return get_translations().ungettext(singular, plural, count)


class Form(FlaskForm):
    """A Flask-WTF form; use it instead of `FlaskForm`."""

    class Meta(FlaskForm.Meta):
        def get_translations(self, form: Any) -> _Translations:
            return _Translations()
