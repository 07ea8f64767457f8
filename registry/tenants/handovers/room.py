from flask import Flask

from registry.tenants.handovers import programme_views, views

PAGES = (views, programme_views)
"""They share the blueprint that `views` makes."""


def init_app(app: Flask) -> None:
    app.register_blueprint(views.blueprint)
