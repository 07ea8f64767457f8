"""Masdarling: households sort and save their waste by RT, and a city spreads it from one kelurahan to all."""

from flask import Flask
from lumbung_plugin import Plugin, city, database
from lumbung_plugin.city import hosted

from masdarling import numbers, words
from masdarling.views import admin, citizen, news, passbook, stages, work

__version__ = "1.1.0"


def create_app() -> Flask:
    """The WSGI application. Run alone it makes its own database in `./instance`; a host runs `upgrade` itself."""
    if not hosted():
        from masdarling.migrations import upgrade  # noqa: PLC0415 - demo and imaging: 40 MB no woken plugin needs

        upgrade()
    app = Flask(__name__)
    Plugin(app, health=_healthy, figures=numbers.told)
    for blueprint in (citizen.pages, passbook.pages, work.pages, news.pages, admin.pages, stages.pages):
        app.register_blueprint(blueprint)
    app.add_template_filter(words.kilograms, "kg")
    app.add_template_filter(words.named, "named")
    app.jinja_env.globals.update(
        FAMILIES=words.FAMILIES, REACHES=words.REACHES, TONES=words.TONES, ENTRIES=words.ENTRIES
    )
    app.context_processor(_marks)
    return app


def _healthy() -> object:
    return database().execute("SELECT count(*) FROM kelurahan").fetchone()


def _marks() -> dict[str, object]:
    # A demonstration's content stays marked even when the city's own mark is gone.
    made_up = not city().demo and database().execute("SELECT 1 FROM fact WHERE name = 'demo'").fetchone() is not None
    return {"version": __version__, "made_up": made_up}
