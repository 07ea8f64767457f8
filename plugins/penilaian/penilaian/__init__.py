"""Penilaian: citizens rate offices, services and officials; the city reads its satisfaction index and answers."""

import os

from flask import Flask
from lumbung_plugin import Plugin, database, offices

from penilaian import figures, migrations, views, words

__version__ = "1.1.0"


def create_app() -> Flask:
    """The WSGI application. Run alone it prepares its own database; in Lumbung the host has done so."""
    if not os.environ.get("PLUGIN_ORIGIN"):
        migrations.upgrade()
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = 64 * 1024
    Plugin(app, health=_healthy, figures=figures.count)
    words.register(app)
    app.context_processor(lambda: {"version": __version__})
    for blueprint in views.BLUEPRINTS:
        app.register_blueprint(blueprint)
    app.register_blueprint(offices.pages("penilaian/admin_layout.html"))
    return app


def _healthy() -> bool:
    database().execute("SELECT 1 FROM target LIMIT 1")
    return True
