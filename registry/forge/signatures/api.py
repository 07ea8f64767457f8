"""``/api/v1``: the keys a person signs with, what a signature is worth, and the list of everything released."""

from __future__ import annotations

from typing import Any

from flask import Response, request
from flask.views import MethodView
from flask_babel import gettext as _
from flask_smorest import Blueprint

from registry.accounts.access import person
from registry.core.errors import NotFoundError
from registry.core.uow import unit_of_work
from registry.forge.browsing import refs
from registry.forge.browsing.places import enter
from registry.forge.signatures import journal, keys, schemas, service
from registry.forge.signatures.ledger import START
from registry.forge.signatures.models import PersonKey
from registry.forge.signatures.rules import Mark

blueprint = Blueprint("api_signatures", __name__, url_prefix="/api/v1", description="Signatures and transparency")
APP, FORK = "/apps/<string:app>/repository", "/forks/<string:city>/<string:app>/repository"


@blueprint.route("/account/keys")
class Keys(MethodView):
    @blueprint.response(200, schemas.SigningKeysSchema)
    def get(self) -> dict[str, Any]:
        """The caller's keys, revoked ones too, and the text to sign when one is added."""
        user = person()
        return {"challenge": keys.challenge(user), "items": keys.of(user)}

    @blueprint.arguments(schemas.NewSigningKeySchema)
    @blueprint.response(201, schemas.SigningKeySchema)
    def post(self, given: dict[str, str]) -> PersonKey:
        """Add a public key of SSH or OpenPGP, with a signature of ``challenge`` by it (SSH: namespace lumbung)."""
        user = person()
        with unit_of_work():
            return keys.add(user, given["name"], given["text"], given["proof"])


@blueprint.route("/account/keys/<int:key_id>")
class OneKey(MethodView):
    @blueprint.response(200, schemas.SigningKeySchema)
    def delete(self, key_id: int) -> PersonKey:
        """Revoke one of the caller's keys; it stays listed with its date."""
        user = person()
        with unit_of_work():
            return keys.revoke(user, key_id)


@blueprint.route(f"{APP}/commits/<string:commit_id>/signature", endpoint="app_signature", defaults={"city": ""})
@blueprint.route(f"{FORK}/commits/<string:commit_id>/signature", endpoint="fork_signature")
@blueprint.response(200, schemas.ObjectSignatureSchema)
def commit_signature(app: str, city: str, commit_id: str) -> Mark:
    """What the signature of a commit is worth here. Keys come and go, so it has no ETag."""
    place = enter(app, city)
    commit = refs.resolve(place.repository, commit_id).commit.id
    return service.marks(place.repository, place.app, place.city, [commit])[commit]


@blueprint.route(f"{APP}/tags/<path:tag>/signature", endpoint="app_tag_signature", defaults={"city": ""})
@blueprint.route(f"{FORK}/tags/<path:tag>/signature", endpoint="fork_tag_signature")
@blueprint.response(200, schemas.ObjectSignatureSchema)
def tag_signature(app: str, city: str, tag: str) -> Mark:
    """What the signature of a tag is worth here; of a tag without a text of its own, that of its commit."""
    place = enter(app, city)
    found = service.marks(place.repository, place.app, place.city, [f"refs/tags/{tag}"])
    if not found:
        raise NotFoundError(_("There is no branch, tag or commit %(ref)s.", ref=tag[:100]))
    return next(iter(found.values()))


@blueprint.get("/transparency/releases")
@blueprint.arguments(schemas.TransparencyQuerySchema, location="query")
@blueprint.response(200, schemas.TransparencySchema)
def transparency(query: dict[str, int]) -> Any:
    """Every file ever released, in the order they came; lines are added and never change."""
    newest = journal.head()
    tag = f"{newest.chain if newest else START}-{query['first']}-{query['limit']}"
    if request.if_none_match.contains(tag):
        return Response(status=304)
    items = list(journal.lines(query["first"], query["first"] + query["limit"] - 1))
    count = newest.number if newest else 0
    after = items[-1].number + 1 if items and items[-1].number < count else None
    told = {"items": items, "lines": count, "head": newest.chain if newest else START, "next": after}
    return told, 200, {"ETag": f'"{tag}"'}
