from flask import Flask

from registry.tenants.agreements import (
    api_acts,
    banners,
    jobs,
    programme_views,
    views,
    views_ending,
    views_papers,
)

PAGES = (views, views_papers, views_ending, programme_views)
"""They share the one blueprint that `views` makes."""

__all__ = ["PAGES", "api_acts", "init_app", "jobs"]


def init_app(app: Flask) -> None:
    app.register_blueprint(views.blueprint)
    app.jinja_env.globals.update(agreement_banner=banners.banner, agreed_terms=banners.terms)
