"""What the API of signatures takes and gives."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from registry.forge.signatures.rules import MAX_KEY_TEXT, MAX_NAME, MAX_PROOF, STATES

MOST = 10**9


class SigningKeySchema(Schema):
    id = fields.Integer(dump_only=True)
    kind = fields.String(dump_only=True, metadata={"description": "ssh or openpgp"})
    name = fields.String(required=True, validate=validate.Length(1, MAX_NAME))
    text = fields.String(required=True, validate=validate.Length(1, MAX_KEY_TEXT))
    fingerprint = fields.String(dump_only=True)
    created_at = fields.AwareDateTime(format="iso", dump_only=True)
    revoked_at = fields.AwareDateTime(format="iso", dump_only=True, allow_none=True)


class NewSigningKeySchema(SigningKeySchema):
    """``proof`` is the armoured signature of the list's ``challenge`` by this key."""

    proof = fields.String(required=True, load_only=True, validate=validate.Length(1, MAX_PROOF))


class SigningKeysSchema(Schema):
    challenge = fields.String()
    items = fields.List(fields.Nested(SigningKeySchema))


class ObjectSignatureSchema(Schema):
    """``before``, of a revoked key: the object says it is older than the revocation, which its signer may write."""

    state = fields.String(validate=validate.OneOf(STATES))
    kind = fields.String()
    fingerprint = fields.String()
    person = fields.String()
    revoked_at = fields.AwareDateTime(format="iso", allow_none=True)
    before = fields.Boolean()
    reason = fields.String()


class TransparencyQuerySchema(Schema):
    first = fields.Integer(data_key="from", load_default=1, validate=validate.Range(1, MOST))
    limit = fields.Integer(load_default=100, validate=validate.Range(1, 1_000))


class TransparencyLineSchema(Schema):
    number = fields.Integer()
    sha256 = fields.String()
    app = fields.String()
    version = fields.String()
    kind = fields.String()
    when = fields.String()
    chain = fields.String()


class TransparencySchema(Schema):
    """``next`` is what to give as ``from``; null at the end. ``head`` is the newest line's chain."""

    items = fields.List(fields.Nested(TransparencyLineSchema))
    lines = fields.Integer()
    head = fields.String()
    next = fields.Integer(allow_none=True)
