"""Lapor: citizens report, an office answers, everybody sees how it goes."""

from flask import Flask
from flask_babel import get_locale
from lumbung_plugin import Plugin, database
from lumbung_plugin.city import hosted

from lapor import admin, citizen, desk, public, words
from lapor.migrations import upgrade
from lapor.rules import masked


def create_app() -> Flask:
    """The WSGI application. Run alone it makes its own database in `./instance`; a host runs `upgrade` itself."""
    if not hosted():
        upgrade()
    app = Flask(__name__)
    Plugin(app, health=_healthy)
    app.register_blueprint(public.pages)
    app.register_blueprint(citizen.pages)
    app.register_blueprint(desk.pages)
    app.register_blueprint(admin.pages)
    app.add_template_filter(masked, "masked")
    app.add_template_filter(_named, "named")
    app.jinja_env.globals.update(STATES=words.STATES, TONES=words.TONES, KINDS=words.KINDS, EVENTS=words.EVENTS)
    app.cli.command("migrate", help="Bring the database to this release.")(upgrade)
    return app


def _healthy() -> object:
    return database().execute("SELECT count(*) FROM category").fetchone()


def _named(name: str, english: str | None) -> str:
    """A category in the page's language, as far as the city has translated it."""
    locale = get_locale()
    return english if english and locale and locale.language == "en" else name
