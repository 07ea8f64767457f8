from flask import Flask

from registry.catalog import agreed, state, views, views_file, views_maintenance
from registry.catalog.assistance import jobs as assistance_jobs
from registry.catalog.assistance import views_thread as assistance
from registry.catalog.choosing import plan
from registry.catalog.choosing import shortlist_views as choosing
from registry.catalog.open_data import views as open_data
from registry.catalog.open_data.webhooks import jobs as webhook_jobs
from registry.catalog.open_data.webhooks import views as webhooks
from registry.catalog.trust import views as trust
from registry.catalog.voices import jobs as voice_jobs
from registry.catalog.voices import views_questions as voices
from registry.tenants.agreements import seams
from registry.tenants.people import service as people

__all__ = ["assistance_jobs", "init_app", "state", "voice_jobs", "webhook_jobs"]


def init_app(app: Flask) -> None:
    app.register_blueprint(views.blueprint)
    app.register_blueprint(trust.blueprint)
    app.register_blueprint(views_maintenance.blueprint)
    app.register_blueprint(views_file.blueprint)
    app.register_blueprint(choosing.blueprint)
    app.register_blueprint(open_data.blueprint)
    app.register_blueprint(webhooks.blueprint)
    app.register_blueprint(voices.blueprint)
    app.register_blueprint(assistance.blueprint)
    people.add_unit_holder(app, plan.holds)
    seams.add_apps(app, agreed.apps)
