"""Perizinan: a permit is applied for, checked, decided and verified; everybody sees how long it takes."""

from typing import Any

from flask import Flask
from flask_babel import get_locale
from lumbung_plugin import Plugin, database, offices, today
from lumbung_plugin.city import hosted
from lumbung_plugin.identity import masked_name, masked_nik, masked_phone

from perizinan import figures, words
from perizinan.migrations import upgrade
from perizinan.views import admin, applicant, filling, public, requirements, survey, work

__version__ = "1.1.0"


def create_app() -> Flask:
    """The WSGI application. Run alone it makes its own database in `./instance`; a host runs `upgrade` itself."""
    if not hosted():
        upgrade()
    app = Flask(__name__)
    Plugin(app, health=_healthy, figures=figures.figures)
    for blueprint in (
        public.pages,
        filling.pages,
        applicant.pages,
        work.pages,
        survey.pages,
        admin.pages,
        requirements.pages,
    ):
        app.register_blueprint(blueprint)
    app.register_blueprint(offices.pages("perizinan/admin_layout.html"))
    for name, text_filter in {
        "hidden_name": masked_name,
        "hidden_nik": masked_nik,
        "hidden_phone": masked_phone,
    }.items():
        app.add_template_filter(text_filter, name)
    app.add_template_filter(named, "named")
    app.jinja_env.globals.update(words=words, iso_today=lambda: today().isoformat())
    app.cli.command("migrate", help="Bring the database to this release.")(upgrade)
    return app


def named(row: Any, key: str = "name") -> str:
    """A text of a row in the page's language, as far as the city has translated it."""
    locale = get_locale()
    english = row[f"{key}_en"] if locale and locale.language == "en" else ""
    return str(english or row[key] or "")


def _healthy() -> object:
    return database().execute("SELECT count(*) FROM permit_type").fetchone()
