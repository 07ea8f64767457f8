"""Simtaru: what the city's spatial plan says of a place, for citizens, for officers, and for other applications."""

import json

from flask import Flask
from lumbung_plugin import Plugin, city, database
from lumbung_plugin.city import hosted
from lumbung_plugin.identity import masked_name, masked_phone

from simtaru import classes, config, figures, rules, store, words
from simtaru.migrations import upgrade
from simtaru.views import admin, applicant, lists, parts, public, ruling, siblings, work

__version__ = "1.1.0"


def create_app() -> Flask:
    """The WSGI application. Run alone it makes its own database in `./instance`; a host runs `upgrade` itself."""
    if not hosted():
        upgrade()
    app = Flask(__name__)
    Plugin(app, health=_healthy, figures=figures.figures)
    for blueprint in (
        public.pages,
        applicant.pages,
        siblings.pages,
        work.pages,
        admin.pages,
        ruling.pages,
        lists.pages,
    ):
        app.register_blueprint(blueprint)
    app.add_template_filter(parts.title, "class_title")
    app.add_template_filter(parts.hectares, "hectares")
    app.add_template_filter(words.place, "place")
    app.add_template_filter(words.sentence, "problem")
    app.add_template_filter(masked_name, "masked_name")
    app.add_template_filter(masked_phone, "masked_phone")
    app.add_template_filter(json.loads, "fromjson")
    app.jinja_env.globals.update(
        said=config.said, class_of=classes.of, Verdict=rules.Verdict, VERDICTS=words.VERDICTS,
        VERDICT_TONES=words.VERDICT_TONES, VERDICT_NOTES=words.VERDICT_NOTES, STATES=words.STATES, STAGES=words.STAGES,
        PURPOSES=words.PURPOSES, LETTER_OF=rules.LETTER_OF, LETTERS=rules.LETTERS,
    )  # fmt: skip
    app.context_processor(_marks)
    app.cli.command("migrate", help="Bring the database to this release.")(upgrade)
    return app


def _healthy() -> object:
    return database().execute("SELECT count(*) FROM plan").fetchone()


def _marks() -> dict[str, object]:
    # An invented plan stays marked on every page, even when the city is no demonstration any more.
    plan = store.in_force(database())
    return {"version": __version__, "invented": city().demo or bool(plan and plan["invented"])}
