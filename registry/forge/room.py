from flask import Flask

from registry.catalog.seams import add_forks
from registry.extensions import csrf
from registry.forge import agreed, jobs, service, views, views_proving, views_publish  # noqa: F401 registering
from registry.forge.browsing import room as browsing
from registry.forge.following import room as following
from registry.forge.keeping import room as keeping
from registry.forge.proposals import room as proposals
from registry.forge.serving import http, tokens
from registry.forge.serving import views as serving_views  # noqa: F401 registering
from registry.forge.signatures import room as signatures
from registry.tenants.agreements import seams
from registry.tenants.people.leaving import add_belonging


def init_app(app: Flask) -> None:
    http.init_app(app)
    csrf.exempt(http.blueprint)
    browsing.init_app(app)
    following.init_app(app)
    keeping.init_app(app)
    proposals.init_app(app)
    signatures.init_app(app)
    app.register_blueprint(views.blueprint)
    seams.add_effects(app, agreed.effects)
    add_forks(app, service.fork_place)
    add_belonging(app, tokens.made_by)
