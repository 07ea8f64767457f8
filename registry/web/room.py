"""Layout, components, languages, error pages, hosts: what every page of the registry has in common."""

from flask import Flask

from registry.web import errors, hosts, i18n, portal, requests, security, templating


def init_app(app: Flask) -> None:
    requests.init_app(app)
    security.init_app(app)
    i18n.init_app(app)
    templating.init_app(app)
    errors.init_app(app)
    hosts.init_app(app)
    portal.init_app(app)
