from flask import Flask

from registry.tenants import console_views, programme_views, views

PAGES = (views, console_views, programme_views)
"""They share the one blueprint that `views` makes."""


def init_app(app: Flask) -> None:
    app.register_blueprint(views.blueprint)
