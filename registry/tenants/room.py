from flask import Flask

from registry.accounts.factors.service import demand_by
from registry.tenants import console_views, factor_views, programme_views, second_factors, views
from registry.tenants.agreements import room as agreements
from registry.tenants.auditing import room as auditing
from registry.tenants.handovers import room as handovers
from registry.tenants.joining import room as joining
from registry.tenants.people import room as people
from registry.tenants.signing_in import room as signing_in

PAGES = (views, console_views, factor_views, programme_views)
"""Several files share one blueprint: that of `views`, here and in each room below."""


def init_app(app: Flask) -> None:
    app.register_blueprint(views.blueprint)
    agreements.init_app(app)
    joining.init_app(app)
    people.init_app(app)
    auditing.init_app(app)
    handovers.init_app(app)
    demand_by(app, second_factors.is_needed)
    signing_in.init_app(app)
