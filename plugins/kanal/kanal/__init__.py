"""Kanal: which social-media accounts are the city's own, and what becomes of what people say to them."""

import os

from flask import Flask
from lumbung_plugin import Plugin, database, offices

from kanal import figures, migrations, views, words

__version__ = "1.1.0"

MEGABYTE = 1024 * 1024


def create_app() -> Flask:
    """The WSGI application. Run alone it prepares its own database; in Lumbung the host has done so."""
    if not os.environ.get("PLUGIN_ORIGIN"):
        migrations.upgrade()
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = 4 * MEGABYTE
    Plugin(app, health=_healthy, figures=figures.count)
    words.register(app)
    app.context_processor(lambda: {"version": __version__})
    for blueprint in views.BLUEPRINTS:
        app.register_blueprint(blueprint)
    # A machine signs what it delivers instead of carrying a form's token; nothing else is exempt.
    app.extensions["csrf"].exempt(views.WEBHOOK)
    app.register_blueprint(offices.pages("kanal/admin_layout.html"))
    return app


def _healthy() -> bool:
    database().execute("SELECT 1 FROM account LIMIT 1")
    return True
