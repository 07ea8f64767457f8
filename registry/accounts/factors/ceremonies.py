"""The two ceremonies of WebAuthn, a key made and a key used: asked for through `registry.accounts.factors.passkeys`."""

from __future__ import annotations

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from webauthn import (
    base64url_to_bytes,
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import parse_authentication_credential_json, parse_registration_credential_json
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    AuthenticatorTransport,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from registry.accounts.factors import rules, words
from registry.accounts.factors.models import Passkey, UsedChallenge
from registry.accounts.models import User
from registry.config import Settings
from registry.core import audit, secrets
from registry.core.clock import now
from registry.core.db import db
from registry.core.errors import ConflictError, InvalidError
from registry.core.secrets import open_vault

BROKEN = (WebAuthnException, ValueError, TypeError, KeyError, AttributeError, RecursionError)
"""What the library raises for an answer that is not one: it is written by whoever asks."""


def creation_options(user: User, challenge: str) -> str:
    return options_to_json(
        generate_registration_options(
            rp_id=_settings().registry_host,
            rp_name="Lumbung",
            user_id=_handle(user),
            user_name=user.email,
            user_display_name=user.name,
            challenge=base64url_to_bytes(challenge),
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.PREFERRED, user_verification=UserVerificationRequirement.REQUIRED
            ),
            exclude_credentials=[_descriptor(key) for key in _keys(user)],
        )
    )


def request_options(user: User | None, challenge: str) -> str:
    return options_to_json(
        generate_authentication_options(
            rp_id=_settings().registry_host,
            challenge=base64url_to_bytes(challenge),
            allow_credentials=[_descriptor(key) for key in _keys(user)] if user else None,
            user_verification=UserVerificationRequirement.REQUIRED,
        )
    )


def add(user: User, name: str, answer: str, challenge: str) -> Passkey:
    """Raises InvalidError, ConflictError."""
    if len(_keys(user)) >= rules.MAX_PASSKEYS:
        raise ConflictError(_("You can have at most %(n)d passkeys.", n=rules.MAX_PASSKEYS))
    try:
        given = parse_registration_credential_json(answer[: rules.MAX_ANSWER])
        made = verify_registration_response(
            credential=given,
            expected_challenge=base64url_to_bytes(challenge),
            expected_rp_id=_settings().registry_host,
            expected_origin=_settings().origin,
            require_user_verification=True,
        )
    except BROKEN:
        raise InvalidError(_refused()) from None
    _use_up(challenge)
    if db.session.scalar(select(Passkey.id).where(Passkey.credential == made.credential_id)):
        raise ConflictError(_("This passkey is known here already."))
    found = Passkey(
        user_id=user.id, name=name.strip()[: rules.MAX_NAME], credential=made.credential_id,
        public_key=made.credential_public_key, sign_count=made.sign_count,
        transports=[transport.value for transport in given.response.transports or []],
    )  # fmt: skip
    db.session.add(found)
    db.session.flush()
    audit.record("factor.add", user.email, what=found.name)
    words.tell_added(user, found.name)
    return found


def take(user: User | None, answer: str, challenge: str) -> User | None:
    try:
        given = parse_authentication_credential_json(answer[: rules.MAX_ANSWER])
        key = db.session.scalar(select(Passkey).where(Passkey.credential == given.raw_id).with_for_update(of=Passkey))
        if key is None or not key.user.active or (user is not None and key.user_id != user.id):
            return None
        seen = verify_authentication_response(
            credential=given,
            expected_challenge=base64url_to_bytes(challenge),
            expected_rp_id=_settings().registry_host,
            expected_origin=_settings().origin,
            credential_public_key=key.public_key,
            credential_current_sign_count=key.sign_count,
            require_user_verification=True,
        )
        _use_up(challenge)
    except (*BROKEN, InvalidError):
        return None
    key.sign_count, key.used_at = seen.new_sign_count, now()
    return key.user


def _use_up(challenge: str) -> None:
    """Raises InvalidError for a challenge that was answered before: the cookie that holds it can be sent again."""
    db.session.execute(delete(UsedChallenge).where(UsedChallenge.at < now() - 2 * rules.CHALLENGE_LIVES))
    row = insert(UsedChallenge).values(digest=secrets.digest(challenge), at=now()).on_conflict_do_nothing()
    if db.session.scalar(row.returning(UsedChallenge.digest)) is None:
        raise InvalidError(_refused())


def _refused() -> str:
    return _("The passkey did not work. Try again, or use another one.")


def _keys(user: User) -> list[Passkey]:
    return list(db.session.scalars(select(Passkey).where(Passkey.user_id == user.id)))


def _descriptor(key: Passkey) -> PublicKeyCredentialDescriptor:
    known = {one.value for one in AuthenticatorTransport}
    ways = [AuthenticatorTransport(way) for way in key.transports if way in known]
    return PublicKeyCredentialDescriptor(id=key.credential, transports=ways or None)


def _handle(user: User) -> bytes:
    """What the key calls its person: says nothing about them to anybody else."""
    vault = open_vault(_settings().secrets)
    return bytes.fromhex(vault.derive(f"passkey:{user.id}"))


def _settings() -> Settings:
    found: Settings = current_app.extensions["lumbung"]
    return found
