"""A city's own sign-in as programs see it. The secret goes in and never comes out."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from registry.accounts.oidc.rules import MAX_DOMAINS
from registry.core.outgoing import MAX_URL
from registry.tenants.signing_in.service import MAX_CLIENT, MAX_SECRET


class SignInProviderRequest(Schema):
    issuer = fields.String(required=True, validate=validate.Length(1, MAX_URL))
    client = fields.String(required=True, validate=validate.Length(1, MAX_CLIENT))
    secret = fields.String(
        load_default="", validate=validate.Length(max=MAX_SECRET), metadata={"description": "Empty: as it is."}
    )
    domains = fields.List(
        fields.String(validate=validate.Length(1, 253)), required=True, validate=validate.Length(1, MAX_DOMAINS)
    )
    enabled = fields.Boolean(load_default=True)


class SignInProviderShown(Schema):
    issuer = fields.String()
    client = fields.String(attribute="client_id")
    domains = fields.List(fields.String())
    enabled = fields.Boolean()
    redirect_address = fields.String()
    updated_at = fields.AwareDateTime(format="iso")


class SignInStep(Schema):
    name = fields.String()
    ok = fields.Boolean()
    text = fields.String()


class SignInTest(Schema):
    steps = fields.List(fields.Nested(SignInStep))
