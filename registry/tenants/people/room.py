"""Adds the people of cities and of the programme to the cities' room."""

from flask import Flask

from registry.accounts.links import rules as links
from registry.accounts.links.service import on_accept
from registry.tenants.people import inviting, jobs, programme_views, views, views_leaving, views_units

PAGES = (views, views_units, views_leaving, programme_views)
"""They share the one blueprint that `views` makes."""

__all__ = ["PAGES", "init_app", "jobs"]


def init_app(app: Flask) -> None:
    app.register_blueprint(views.blueprint)
    on_accept(app, links.INVITATION, inviting.accept, inviting.describe)
