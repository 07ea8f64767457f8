"""Rencana: what the city has promised, who works on it, how far it is, and what is blocked on whom."""

from flask import Flask
from lumbung_plugin import Plugin, city, database, offices
from lumbung_plugin.city import hosted

from rencana import figures, words
from rencana.migrations import upgrade
from rencana.views import admin, desk, public


def create_app() -> Flask:
    """The WSGI application. Run alone it makes its own database in `./instance`; a host runs `upgrade` itself."""
    if not hosted():
        upgrade()
    app = Flask(__name__)
    Plugin(app, health=_healthy, figures=figures.figures)
    for blueprint in (public.pages, desk.pages, admin.pages):
        app.register_blueprint(blueprint)
    app.register_blueprint(offices.pages("rencana/admin_layout.html"))
    app.add_template_filter(words.named, "named")
    app.add_template_filter(words.problem, "problem")
    app.jinja_env.globals.update(HEALTHS=words.HEALTHS, TONES=words.TONES, ACTS=words.ACTS)
    app.context_processor(_marks)
    app.cli.command("migrate", help="Bring the database to this release.")(upgrade)
    return app


def _healthy() -> object:
    return database().execute("SELECT count(*) FROM programme").fetchone()


def _marks() -> dict[str, object]:
    # Made-up promises stay marked even when the city's own mark is gone.
    return {"made_up": not city().demo and _holds_demo()}


def _holds_demo() -> bool:
    return database().execute("SELECT 1 FROM programme WHERE demo = 1").fetchone() is not None
