"""Anggaran: offices propose, reviewers strike out with reasons, citizens read every rupiah."""

from flask import Flask
from lumbung_plugin import Plugin, city, database, offices, person
from lumbung_plugin.city import hosted

from anggaran import figures, money, words
from anggaran.migrations import upgrade
from anggaran.people import actor
from anggaran.views import admin, desk, files, judging, public


def create_app() -> Flask:
    """The WSGI application. Run alone it makes its own database in `./instance`; a host runs `upgrade` itself."""
    if not hosted():
        upgrade()
    app = Flask(__name__)
    Plugin(app, health=_healthy, figures=figures.figures)
    for blueprint in (public.pages, desk.pages, judging.pages, files.pages, admin.pages):
        app.register_blueprint(blueprint)
    app.register_blueprint(offices.pages("anggaran/admin_layout.html"))
    app.add_template_filter(money.short, "short")
    app.add_template_filter(money.named, "named")
    app.jinja_env.globals.update(STATES=words.STATES, TONES=words.TONES, ACTS=words.ACTS, KINDS=words.KINDS)
    app.context_processor(_marks)
    app.cli.command("migrate", help="Bring the database to this release.")(upgrade)
    return app


def _healthy() -> object:
    return database().execute("SELECT count(*) FROM version").fetchone()


def _marks() -> dict[str, object]:
    # Made-up sums stay marked even when the city's own mark is gone.
    return {"made_up": not city().demo and _holds_demo(), "reads_trail": _reads_trail()}


def _reads_trail() -> bool:
    who = person()
    return who is not None and who.may("operator") and actor(database()).reviewer


def _holds_demo() -> bool:
    return database().execute("SELECT 1 FROM year WHERE demo = 1").fetchone() is not None
