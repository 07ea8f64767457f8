"""SPBE: a city's e-government evaluated by its own offices, indicator by indicator, with evidence and review."""

from flask import Flask
from lumbung_plugin import Plugin, database, offices
from lumbung_plugin.city import hosted

from spbe import config, figures, words
from spbe.migrations import upgrade
from spbe.views import admin, public, work

__version__ = "1.1.0"


def create_app() -> Flask:
    """The WSGI application. Run alone it makes its own database in `./instance`; a host runs `upgrade` itself."""
    if not hosted():
        upgrade()
    app = Flask(__name__)
    Plugin(app, health=_healthy, figures=figures.figures)
    for pages in (public.pages, work.pages, admin.pages, offices.pages("spbe/admin_layout.html")):
        app.register_blueprint(pages)
    app.add_template_filter(words.index, "index")
    app.add_template_filter(words.weight, "weight")
    app.jinja_env.globals.update(
        said=config.said, is_assessor=config.is_assessor, STANDINGS=words.STANDINGS, STATES=words.STATES,
        ROUNDS=words.ROUNDS, TONES=words.TONES, version=__version__,
    )  # fmt: skip
    app.cli.command("migrate", help="Bring the database to this release.")(upgrade)
    return app


def _healthy() -> object:
    return database().execute("SELECT count(*) FROM year").fetchone()
