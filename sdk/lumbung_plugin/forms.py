"""Forms whose built-in messages speak the page's language, and what most of their fields need."""

from collections.abc import Iterable
from typing import Any

from flask_babel import get_translations
from flask_wtf import FlaskForm
from wtforms import SelectChoice


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


def strip(value: str | None) -> str | None:
    """A filter: no blanks around what was typed, and no NUL, which no database keeps."""
    return value.replace("\0", "").strip() if value else value


def whole(value: str | int | None) -> int | None:
    """Coerces a chosen row id; an empty choice is none. Raises ValueError, which the field tells as no valid choice."""
    return int(value) if value else None


def choices(pairs: Iterable[tuple[Any, Any]], first: Any = None) -> list[SelectChoice]:
    """Options from (value, words), led by one with an empty value and the words `first`."""
    lead = [SelectChoice("", first)] if first is not None else []
    return [*lead, *(SelectChoice(value, words) for value, words in pairs)]
