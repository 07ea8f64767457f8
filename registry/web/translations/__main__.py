"""``extract`` brings the catalogues up to date, ``check`` names what is missing, ``compile`` makes them readable."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

HOME = Path(__file__).parent
ROOMS = HOME.parent.parent
LANGUAGES = ("id",)
METHODS = [("**/tests/**", "ignore"), ("**.py", "python"), ("**/templates/**.html", "jinja2")]
OPTIONS = {"**/templates/**.html": {"encoding": "utf-8", "trimmed": "true"}}
EPOCH = datetime(2026, 1, 1, tzinfo=UTC)
KEYWORDS = {**DEFAULT_KEYWORDS, "_l": None, "lazy_gettext": None}


def catalogue(language: str) -> Path:
    return HOME / language / "LC_MESSAGES" / "messages.po"


def template() -> Catalog:
    """Every string our code and templates ask to be translated."""
    found = Catalog(project="Lumbung", copyright_holder="Lumbung", charset="utf-8")
    strings = extract_from_dir(ROOMS, METHODS, OPTIONS, keywords=KEYWORDS)
    for file, _line, text, comments, context in sorted(strings, key=lambda one: (one[0], one[1])):
        found.add(text, None, [(file, None)], auto_comments=comments, context=context)  # type: ignore[list-item]
    return found


def extract() -> None:
    """Add new strings, drop those nobody asks for any more; no guesses, no line numbers: both make noise."""
    for language in LANGUAGES:
        path = catalogue(language)
        held = _read(path) if path.exists() else Catalog(locale=language, project="Lumbung")
        held.update(template(), no_fuzzy_matching=True)
        held.obsolete.clear()
        _plain_header(held, language)
        path.parent.mkdir(parents=True, exist_ok=True)
        body = io.BytesIO()
        write_po(body, held, width=110, sort_output=True, include_lineno=False, omit_header=False)
        path.write_bytes(body.getvalue())


def _plain_header(held: Catalog, language: str) -> None:
    """The same at every run: no dates, no names."""
    held.header_comment = f"# Lumbung, {language}"
    held.creation_date = held.revision_date = EPOCH
    held.fuzzy = False
    held.msgid_bugs_address, held.last_translator, held.language_team = "", "", language


def missing(language: str) -> Iterator[str]:
    """Strings of the code that the catalogue does not translate, or only guesses."""
    held = _read(catalogue(language))
    for message in template():
        if message.id and not _is_done(held.get(message.id, message.context)):
            yield _first(message)


def wrong(language: str) -> Iterator[str]:
    """Translations whose placeholders differ from what the code fills in."""
    for message in _read(catalogue(language)):
        if message.id and message.string and message.check():
            yield _first(message)


def compile_all() -> None:
    for language in LANGUAGES:
        body = io.BytesIO()
        write_mo(body, _read(catalogue(language)))
        catalogue(language).with_suffix(".mo").write_bytes(body.getvalue())


def _first(message: Message) -> str:
    return str(message.id if isinstance(message.id, str) else message.id[0])


def _is_done(message: Message | None) -> bool:
    if message is None or message.fuzzy or not message.string:
        return False
    return all(message.string) if isinstance(message.string, tuple | list) else True


def _read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file)


def check() -> int:
    status = 0
    for language in LANGUAGES:
        for kind, found in (("untranslated", missing(language)), ("placeholders differ", wrong(language))):
            for text in found:
                status = 1
                print(f"{language}: {kind}: {text!r}", file=sys.stderr)
    return status


def main(arguments: list[str]) -> int:
    acts = {"extract": extract, "check": check, "compile": compile_all}
    if len(arguments) != 1 or arguments[0] not in acts:
        print("usage: python -m registry.web.translations extract|check|compile", file=sys.stderr)
        return 2
    return acts[arguments[0]]() or 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
