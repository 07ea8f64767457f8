"""Pusat Kendali: the city's figures on one board, alerts when they leave their bounds, what leaders ask for."""

from flask import Flask
from lumbung_plugin import Plugin, database, offices
from lumbung_plugin.city import hosted

from pusatkendali import figures, shown
from pusatkendali.migrations import upgrade
from pusatkendali.views import ROOMS, marks

__version__ = "1.1.0"


def create_app() -> Flask:
    """The WSGI application. Run alone it makes its own database in `./instance`; a host runs `upgrade` itself."""
    if not hosted():
        upgrade()
    app = Flask(__name__)
    Plugin(app, health=_healthy, figures=figures.figures)
    shown.register(app)
    app.context_processor(marks.counts)
    app.jinja_env.globals["version"] = __version__
    for room in ROOMS:
        app.register_blueprint(room.pages)
    app.register_blueprint(offices.pages("pusatkendali/admin.html"))
    app.cli.command("migrate", help="Bring the database to this release.")(upgrade)
    return app


def _healthy() -> object:
    return database().execute("SELECT count(*) FROM source").fetchone()
