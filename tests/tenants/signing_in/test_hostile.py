"""What a provider says counts only when it is that provider's, for us, for this very sign-in, and of now."""

import base64
import hmac
import json
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from joserfc.jwk import RSAKey

from registry.accounts import service as accounts
from registry.accounts.oidc import rules
from registry.accounts.oidc.service import identities
from registry.core import clock
from tests.accounts.oidc.providers import CLIENT, SECRET, asked_for, back, come_back, signed

OPERATOR = "operator@bontang.example"
ANOTHER_KEY = RSAKey.generate_key(2048, {"kid": "one"}, private=True)


@pytest.fixture
def come(app, pretender, pretending, set_up):
    """Sign in through the pretender: our answer, and whether anybody was let in."""
    provider = set_up(pretender.issuer)
    client = app.test_client()

    def entered():
        answer = come_back(client, f"/sign-in/with/{provider}?next=/account", pretending[1])
        return answer.status_code, client.get("/account").status_code == 200

    entered.provider, entered.client = provider, client
    return entered


@pytest.fixture
def nobody_linked(app):
    yield
    with app.app_context():
        assert identities(accounts.find_by_email(OPERATOR)) == []


def test_the_pretender_lets_in_while_it_keeps_to_the_protocol(come):
    assert come() == (303, True)


WRONG = [
    {"nonce": "of another sign-in"}, {"nonce": None}, {"nonce": ["x"]},
    {"aud": "another-client"}, {"aud": None}, {"aud": []}, {"aud": [CLIENT, "another"]}, {"azp": "another-client"},
    {"aud": [CLIENT, "another"], "azp": "another"},
    {"iss": "https://login.evil.example"}, {"iss": None}, {"iss": 7},
    {"exp": 1_000_000_000}, {"exp": None}, {"exp": "tomorrow"},
    {"iat": 9_000_000_000}, {"iat": None}, {"nbf": 9_000_000_000},
    {"sub": None}, {"sub": ""}, {"sub": 7}, {"sub": "x" * 300},
]  # fmt: skip


def test_a_claim_that_is_not_as_it_must_be(come, pretender, nobody_linked):
    for claims in WRONG:
        pretender.claims = claims
        assert come() == (503, False), claims


UNPROVEN = [
    {"email_verified": False}, {"email_verified": None}, {"email_verified": 1}, {"email_verified": "yes"},
    {"email": None}, {"email": ""}, {"email": [OPERATOR]}, {"email": "operator@bontang.example.evil.id"},
    {"email": "operator@bontang.example@evil.id"}, {"email": "x" * 5000},
]  # fmt: skip


def test_an_address_that_proves_nothing(come, pretender, nobody_linked):
    pretender.userinfo = {"sub": "7"}
    for claims in UNPROVEN:
        pretender.claims = claims
        assert come() == (403, False), claims


def by_hand(algorithm: str, claims: dict[str, object], secret: bytes = b"") -> str:
    """A token the libraries refuse to make: without a signature, or signed with what everybody can know."""
    head = {"alg": algorithm, "kid": "one"}
    text = ".".join(_coded(json.dumps(part).encode()) for part in (head, claims))
    return f"{text}.{_coded(hmac.digest(secret, text.encode(), 'sha256')) if secret else ''}"


def _coded(part: bytes) -> str:
    return base64.urlsafe_b64encode(part).decode().rstrip("=")


def test_a_token_without_a_signature_of_the_provider(come, pretender, nobody_linked):
    public = pretender.key.as_pem(private=False)
    forgers = {
        "another key": lambda claims: signed(claims, ANOTHER_KEY),
        "the public key as a shared secret": lambda claims: by_hand("HS256", claims, public),
        "the client's own secret": lambda claims: by_hand("HS256", claims, SECRET.encode()),
        "none": lambda claims: by_hand("none", claims),
        "None": lambda claims: by_hand("None", claims),
        "no signature": lambda claims: by_hand("RS256", claims),
        "changed": lambda claims: signed(claims, pretender.key)[:-8] + "AAAAAAAA",
        "letters": lambda _claims: "x.y.z",
        "nothing": lambda _claims: "",
        "dots": lambda _claims: "...",
    }
    for name, forger in forgers.items():
        pretender.sign = forger
        assert come() == (503, False), name


def test_a_token_that_expired_by_our_clock(come, pretender, nobody_linked):
    before = int((clock.now() - timedelta(minutes=10)).timestamp())
    pretender.claims = {"iat": before, "exp": before + 60}
    assert come() == (503, False)


def test_an_answer_of_another_issuer_is_refused(come, pretender, nobody_linked):
    """Mix-up: the browser comes back with the code of one provider to the address of another (RFC 9207)."""
    pretender.sent_back = {"iss": "https://login.evil.example"}
    assert come() == (503, False)


def test_an_issuer_that_promised_to_name_itself_must(come, pretender, nobody_linked):
    pretender.metadata = {"authorization_response_iss_parameter_supported": True}
    assert come() == (503, False)
    pretender.sent_back = {"iss": pretender.issuer}


def test_the_answer_for_one_provider_is_none_for_another(come, pretender, pretending, set_up, nobody_linked):
    other = set_up(pretender.issuer, "bandung", ("bandung.example",))
    address = come.client.get(f"/sign-in/with/{come.provider}").location
    path = back(address, pretending[1]).replace(f"/with/{come.provider}/", f"/with/{other}/")
    assert come.client.get(path).status_code == 422


def test_an_answer_nobody_asked_for(come, pretender, nobody_linked):
    for state in ("", "x", "\udcff", "ä"):
        query = urlencode({"code": "the-code", "state": state}, errors="replace")
        assert come.client.get(f"/sign-in/with/{come.provider}/answer?{query}").status_code == 422


def test_an_answer_in_another_browser(app, come, pretender, pretending, nobody_linked):
    path = back(come.client.get(f"/sign-in/with/{come.provider}").location, pretending[1])
    assert app.test_client().get(path).status_code == 422


def test_an_answer_counts_once(come, pretending):
    path = back(come.client.get(f"/sign-in/with/{come.provider}").location, pretending[1])
    assert come.client.get(path).status_code == 303
    assert come.client.get(path).status_code == 422


def test_an_answer_that_comes_too_late(come, pretending, nobody_linked):
    path = back(come.client.get(f"/sign-in/with/{come.provider}").location, pretending[1])
    clock.move(rules.PATIENCE + timedelta(seconds=1))
    try:
        assert come.client.get(path).status_code == 422
    finally:
        clock.back()


def test_a_refusal_over_there_is_told(come, pretending, pretender, nobody_linked):
    pretender.sent_back = {"error": "access_denied<script>", "code": ""}
    path = back(come.client.get(f"/sign-in/with/{come.provider}").location, pretending[1])
    answer = come.client.get(path)
    assert answer.status_code == 422 and "access_denied&lt;script&gt;" in answer.text


def test_what_is_asked_has_pkce_state_and_nonce(come, pretender, pretending):
    address = come.client.get(f"/sign-in/with/{come.provider}?next=/account").location
    asked = asked_for(address)
    assert asked["code_challenge_method"] == "S256" and asked["response_type"] == "code"
    assert all(len(asked[name]) >= 43 for name in ("state", "nonce", "code_challenge"))
    assert asked["redirect_uri"].endswith(f"/sign-in/with/{come.provider}/answer")
    come.client.get(back(address, pretending[1]))
    assert len(pretender.taken[0]["code_verifier"]) >= 43 and pretender.headers[0].startswith("Basic ")
    assert SECRET not in str(pretender.taken) and SECRET not in address


def test_two_sign_ins_share_nothing(come):
    first, second = (asked_for(come.client.get(f"/sign-in/with/{come.provider}").location) for _time in range(2))
    assert not {first[name] for name in ("state", "nonce", "code_challenge")} & set(second.values())


def test_the_clients_secret_goes_in_a_form_where_that_is_all_there_is(come, pretender):
    pretender.metadata = {"token_endpoint_auth_methods_supported": ["client_secret_post"]}
    assert come() == (303, True)
    assert pretender.taken[0]["client_secret"] == SECRET


def test_an_address_may_come_from_userinfo(come, pretender):
    pretender.claims = {"email": None, "email_verified": None}
    pretender.userinfo = {"sub": "7", "email": OPERATOR, "email_verified": True}
    assert come() == (303, True)


def test_userinfo_of_somebody_else_counts_for_nothing(come, pretender, nobody_linked):
    pretender.claims = {"email": None}
    pretender.userinfo = {"sub": "8", "email": OPERATOR, "email_verified": True}
    assert come() == (503, False)


UNUSABLE = [
    {"issuer": "https://login.evil.example"}, {"issuer": None}, {"token_endpoint": None}, {"jwks_uri": 7},
    {"authorization_endpoint": "http://localhost/"}, {"authorization_endpoint": "javascript:alert(1)"},
    {"response_types_supported": ["id_token"]}, {"code_challenge_methods_supported": ["plain"]},
    {"id_token_signing_alg_values_supported": ["HS256", "none"]}, {"token_endpoint_auth_methods_supported": ["x"]},
]  # fmt: skip


def test_a_provider_that_cannot_be_used(come, pretender):
    for metadata in UNUSABLE:
        pretender.metadata = metadata
        assert come.client.get(f"/sign-in/with/{come.provider}").status_code == 503, metadata


def test_a_provider_does_not_make_us_ask_machines_inside(come, pretender, nobody_linked):
    for inside in ("https://127.0.0.1/x", "https://169.254.169.254/latest", "https://[::1]/x"):
        for place in ("token_endpoint", "jwks_uri"):
            pretender.metadata = {place: inside}
            assert come() == (503, False), (place, inside)


def test_more_than_one_factor_there_counts_when_told(pretender):
    told = {"sub": "7", "amr": ["pwd", "mfa"]}
    assert rules.read_claims(told).strong
    for methods in (None, "mfa", ["pwd"], {"mfa": 1}):
        assert not rules.read_claims({**told, "amr": methods}).strong
