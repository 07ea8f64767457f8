"""The siblings whose figures are gathered: which, and how it stands with each."""

import sqlite3
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from flask_babel import get_locale

from pusatkendali.models import Theme

FILE = Path(__file__).parent / "data" / "sources.toml"


@dataclass(frozen=True, slots=True)
class Sibling:
    """A plugin of the same city, as `lumbung.toml` names it."""

    app: str
    name: str
    name_en: str
    theme: Theme

    @property
    def shown(self) -> str:
        """Its name in the page's language."""
        locale = get_locale()
        return self.name_en if locale and locale.language == "en" else self.name


@lru_cache(maxsize=1)
def known() -> dict[str, Sibling]:
    """All of them by app, in the order of the board."""
    told = tomllib.loads(FILE.read_text(encoding="utf-8"))["sibling"]
    return {one["app"]: Sibling(one["app"], one["name"], one["name_en"], Theme(one["theme"])) for one in told}


def ensure(db: sqlite3.Connection) -> None:
    """A row for each; run by `upgrade`, so a sibling that comes with a later release gets its own."""
    db.executemany("INSERT OR IGNORE INTO source (app) VALUES (?)", [(app,) for app in known()])


def all(db: sqlite3.Connection) -> list[sqlite3.Row]:
    """Rows of `app state code asked_at heard_at told active`, in the order of the board."""
    rows = {row["app"]: row for row in db.execute("SELECT * FROM source")}
    return [rows[app] for app in known() if app in rows]


def active(db: sqlite3.Connection) -> list[str]:
    """Whom to ask."""
    return [row["app"] for row in all(db) if row["active"]]
