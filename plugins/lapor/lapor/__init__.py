"""Lapor: citizens report, an office answers, everybody sees how it goes."""

import click
from flask import Flask
from flask_babel import get_locale
from lumbung_plugin import Plugin, database, offices
from lumbung_plugin.city import hosted
from lumbung_plugin.identity import masked

from lapor import admin, citizen, desk, figures, public, queue, siblings, words
from lapor.rules import State


def create_app() -> Flask:
    """The WSGI application. Run alone it makes its own database in `./instance`; a host runs `upgrade` itself."""
    if not hosted():
        _upgrade()
    app = Flask(__name__)
    Plugin(app, health=_healthy, figures=figures.told)
    for pages in (public.pages, citizen.pages, queue.pages, desk.pages, admin.pages, siblings.pages):
        app.register_blueprint(pages)
    app.register_blueprint(offices.pages("lapor/staff.html"))
    # Siblings have no session to protect: Lumbung lets only allowed ones ask.
    app.extensions["csrf"].exempt(siblings.pages)
    app.add_template_filter(masked, "masked")
    app.add_template_filter(_named, "named")
    app.jinja_env.globals.update(
        STATES=words.STATES, TONES=words.TONES, KINDS=words.KINDS, EVENTS=words.EVENTS, State=State
    )
    app.cli.command("migrate", help="Bring the database to this release.")(_upgrade)
    app.cli.command("tidy", help="The daily errand: forget contacts.")(_tidy)
    return app


def _upgrade() -> None:
    from lapor.migrations import upgrade  # noqa: PLC0415 - the demonstration and its texts, which no page needs

    upgrade()


def _tidy() -> None:
    from lapor.tasks import tidy  # noqa: PLC0415 - as above

    click.echo(tidy())


def _healthy() -> object:
    return database().execute("SELECT count(*) FROM category").fetchone()


def _named(name: str, english: str | None) -> str:
    """A category in the page's language, as far as the city has translated it."""
    locale = get_locale()
    return english if english and locale and locale.language == "en" else name
