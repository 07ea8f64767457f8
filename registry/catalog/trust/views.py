"""Pages about trust: what templates say of ratings and health, the keys of releases, how to verify one."""

from __future__ import annotations

from pathlib import Path

from flask import Blueprint, Response, current_app, render_template, request
from flask_babel import gettext as _

from registry.catalog import service
from registry.catalog.models import Release
from registry.catalog.trust import keys, proved_words, proving, words
from registry.catalog.trust.proved import Result
from registry.catalog.trust.signing import PublicKey
from registry.config import Settings
from registry.core.errors import NotFoundError

SCRIPT = Path(__file__).with_name("verify_release.py")
PLAIN = "text/plain; charset=utf-8"

blueprint = Blueprint("trust", __name__)
blueprint.add_app_template_filter(words.rating_told, "rating_told")
blueprint.add_app_template_filter(words.health_told, "health_told")
blueprint.add_app_template_filter(proved_words.sentence, "tests_told")
blueprint.add_app_template_filter(proved_words.state, "tests_state")
blueprint.add_app_template_filter(proved_words.tone, "tests_tone")


@blueprint.app_template_filter("tests_of")
def tests_of(release: Release) -> Result | None:
    """How the newest run of a release's own tests went."""
    return proving.result_of(release.tree)


@blueprint.get("/apps/verify")
@blueprint.get("/apps/<app>/verify")
def verify(app: str = "") -> str:
    """How anybody verifies a file of a release: of ``?app=`` and ``?version=``, else by an example."""
    settings = _settings()
    release = _release(app or request.args.get("app", ""))
    names = (release.app.slug, release.version) if release else ("lapor", "1.0.0")
    return render_template(
        "catalog/verify.html", key=keys.current(settings.secrets).public, former=keys.former(settings.secrets),
        release=release, base=f"{settings.origin}/apps/{names[0]}/releases/", app=names[0], version=names[1],
        origin=settings.origin, script=SCRIPT.read_text(),
    )  # fmt: skip


@blueprint.get("/apps/releases.pub")
def show_key() -> Response:
    """The public key that signs releases now, as minisign reads it."""
    return _key_file(keys.current(_settings().secrets).public)


@blueprint.get("/apps/releases-<name>.pub")
def show_former_key(name: str) -> Response:
    """The key of this name, the current one or a former one; not one that leaked."""
    known = {key.name: key for key in keys.believed(_settings().secrets)}
    if name not in known:
        raise NotFoundError(_("No key of this name is believed here: see how to verify a release."))
    return _key_file(known[name])


@blueprint.get("/apps/verify_release.py")
def show_script() -> Response:
    """For machines without minisign."""
    return Response(SCRIPT.read_text(), content_type=PLAIN)


def _key_file(key: PublicKey) -> Response:
    answer = Response(key.text, content_type=PLAIN)
    answer.headers["Cache-Control"] = "public, no-cache"
    return answer


def _release(slug: str) -> Release | None:
    """The one asked for; the newest of its app without a version. Raises NotFoundError."""
    version = request.args.get("version", "")
    if not slug:
        return None
    app = service.get_app(slug)
    return service.get_release(app, version) if version else service.latest_release(app)


def _settings() -> Settings:
    found: Settings = current_app.extensions["lumbung"]
    return found
