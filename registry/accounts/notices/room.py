from flask import Flask

from registry.accounts.notices import jobs, models, reading, views
from registry.extensions import csrf

__all__ = ["init_app", "jobs", "models"]


def init_app(app: Flask) -> None:
    csrf.exempt(views.switch_off)
    app.register_blueprint(views.blueprint)
    app.jinja_env.globals["unread_notices"] = reading.unread
