"""Two languages without a build step: catalogues are read from `.po` when first needed.

A bundle is mounted read-only and ships `translations/<locale>/LC_MESSAGES/messages.po`; what is compiled is kept in the
data folder, if at all. The library's own catalogue is read first, then the application's, which may override it.
"""

import hashlib
from functools import lru_cache
from io import BytesIO
from pathlib import Path

from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations
from flask import Flask, current_app, has_app_context, has_request_context, request
from flask_babel import Babel, Domain, get_locale
from werkzeug.utils import cached_property

from lumbung_plugin.city import city, timezone
from lumbung_plugin.compiled import Shelf

LANGUAGES = {"id": "Bahasa Indonesia", "en": "English"}
COOKIE = "lang"
OWN_CATALOGUE = Path(__file__).parent / "translations"
EXTRACTED = [("**.py", "python"), ("**.html", "jinja2")]
KEYWORDS = {
    "_": None,
    "_l": None,
    "gettext": None,
    "lazy_gettext": None,
    "ngettext": (1, 2),
    "lazy_ngettext": (1, 2),
}


def keep_catalogues(app: Flask, shelf: Shelf) -> None:
    """Let `app` keep its compiled catalogues."""
    app.extensions["lumbung.catalogues"] = shelf


@lru_cache(maxsize=64)
def load(directory: str, locale: str, domain: str = "messages") -> Translations:
    """The catalogue `directory/locale/LC_MESSAGES/domain.po`, compiled; empty when there is none."""
    path = Path(directory) / locale / "LC_MESSAGES" / f"{domain}.po"
    if not path.is_file():
        return Translations()
    shelf: Shelf | None = current_app.extensions.get("lumbung.catalogues") if has_app_context() else None
    name = f"{locale}-{hashlib.sha256(f'{path} {path.stat().st_mtime_ns}'.encode()).hexdigest()[:32]}"
    compiled = shelf.get(name) if shelf else None
    if compiled is None:
        compiled = _compiled(path, locale)
        if shelf:
            shelf.put(name, compiled)
    return Translations(BytesIO(compiled), domain=domain)


def _compiled(path: Path, locale: str) -> bytes:
    with path.open("rb") as source:
        catalog = read_po(source, locale=locale)
    compiled = BytesIO()
    write_mo(compiled, catalog)
    return compiled.getvalue()


class PoDomain(Domain):
    """Flask-Babel's domain, reading `.po` files instead of compiled ones."""

    def get_translations(self) -> Translations:
        """All catalogues of the present locale, later directories over earlier ones."""
        locale = get_locale()
        return _together(tuple(self.translation_directories), str(locale) if locale else "en")


@lru_cache(maxsize=16)
def _together(directories: tuple[str, ...], locale: str) -> Translations:
    merged = Translations()
    for directory in directories:
        catalog = load(directory, locale)
        merged.merge(catalog)
        # merge() copies messages only; without this every plural would follow the English rule.
        if hasattr(catalog, "plural"):
            merged.plural = catalog.plural
    return merged


class PoBabel(Babel):
    """Flask-Babel wired to `PoDomain`."""

    @cached_property
    def domain_instance(self) -> PoDomain:
        return PoDomain(domain=self.domain)


def select_locale() -> str:
    """`?lang=`, else the cookie, else the browser's wish, else the city's language."""
    fallback = city().locale if city().locale in LANGUAGES else "id"
    if not has_request_context():
        return fallback
    for wish in (request.args.get("lang"), request.cookies.get(COOKIE)):
        if wish in LANGUAGES:
            return wish
    return request.accept_languages.best_match(LANGUAGES) or fallback


def select_timezone() -> str:
    return timezone()


def missing(package: Path, locale: str = "id") -> list[str]:
    """The messages of a package that its `translations/` does not translate to `locale`, for a bundle's tests."""
    found = extract_from_dir(
        package,
        method_map=EXTRACTED,
        options_map={"**.html": {"newstyle_gettext": "true", "trimmed": "true"}},
        keywords=KEYWORDS,
    )
    wanted = {message if isinstance(message, str) else message[0] for _, _, message, _, _ in found}
    path = package / "translations" / locale / "LC_MESSAGES" / "messages.po"
    with path.open("rb") as source:
        catalog = read_po(source, locale=locale)
    translated = set()
    for message in catalog:
        parts = message.string if isinstance(message.string, tuple | list) else (message.string,)
        if message.id and all(parts) and not message.fuzzy:
            translated.add(message.id if isinstance(message.id, str) else message.id[0])
    return sorted(wanted - translated)
