"""Pages about trust: what templates say of ratings and health, the keys of releases, how to verify one."""

from __future__ import annotations

from flask import Blueprint

from registry.catalog.trust import words

blueprint = Blueprint("trust", __name__)
blueprint.add_app_template_filter(words.rating_told, "rating_told")
blueprint.add_app_template_filter(words.health_told, "health_told")
