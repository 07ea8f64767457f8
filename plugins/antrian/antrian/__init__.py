"""Antrian: take a queue number online, be called in turn, see how long people wait."""

from flask import Flask
from lumbung_plugin import Plugin, city, database, offices
from lumbung_plugin.city import hosted

from antrian import figures, migrations, store, tasks
from antrian.filters import register
from antrian.views import admin, citizen, days, door, numbers, screen, work

__version__ = "1.1.0"


def create_app() -> Flask:
    """The WSGI application. Run alone it prepares its own database; in Lumbung the host has done so."""
    if not hosted():
        migrations.upgrade()
        tasks.tidy()
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = 64 * 1024
    Plugin(app, health=_healthy, figures=figures.told)
    register(app)
    app.context_processor(_marks)
    for blueprint in (
        citizen.pages,
        screen.pages,
        work.pages,
        door.pages,
        numbers.pages,
        admin.pages,
        days.pages,
        offices.pages("antrian/admin_layout.html"),
    ):
        app.register_blueprint(blueprint)
    return app


def _healthy() -> bool:
    database().execute("SELECT 1 FROM service LIMIT 1")
    return True


def _marks() -> dict[str, object]:
    # A demonstration's content stays marked even when the city's own mark is gone.
    return {"version": __version__, "made_up": not city().demo and store.holds_demo(database())}
