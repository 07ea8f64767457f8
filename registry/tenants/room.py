from flask import Flask

from registry.tenants import console_views, programme_views, views
from registry.tenants.agreements import programme_views as agreed_views
from registry.tenants.agreements import views as agreements
from registry.tenants.joining import views as joining

PAGES = (views, console_views, programme_views, agreed_views)
"""Several files share one blueprint: that of `views`, here and in each room below."""


def init_app(app: Flask) -> None:
    for room in (views, joining, agreements):
        app.register_blueprint(room.blueprint)
