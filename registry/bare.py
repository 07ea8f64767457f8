"""What every process has that speaks with the registry's tables: settings, database, languages. No room, no page."""

from __future__ import annotations

from flask import Flask
from flask_babel import Babel

from registry.config import Settings
from registry.core.db import db, engine_options


def bare_app(settings: Settings) -> Flask:
    """An application to enter and nothing to visit. Enough for who knows by its own imports what it does with the
    tables: it is made in half the time of the whole registry, and takes half its memory.
    """
    app = Flask("registry", static_folder="web/static", template_folder="web/templates")
    app.config.from_mapping(
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=engine_options(),
        BABEL_DEFAULT_LOCALE=settings.languages[0],
        # The day of a moment is that at the programme's seat, as `clock.day_of` has it.
        BABEL_DEFAULT_TIMEZONE="Asia/Jakarta",
        BABEL_TRANSLATION_DIRECTORIES="web/translations",
    )
    app.extensions["lumbung"] = settings
    db.init_app(app)
    Babel(app)
    return app
