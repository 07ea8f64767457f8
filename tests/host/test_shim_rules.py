"""The shim's rules without a sandbox: paths, headers, tokens, entrypoints."""

from __future__ import annotations

import sys
import types
from collections.abc import Iterator
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import OKPKey

from registry.host.shim import headers, loading, paths
from registry.host.shim.identity import Verifier

pytestmark = pytest.mark.filterwarnings("ignore::joserfc.errors.SecurityWarning")

KEY = OKPKey.generate_key("Ed25519")
PUBLIC = KEY.as_pem(private=False)
NOW = 1_800_000_000
CLAIMS: dict[str, Any] = {
    "aud": "lapor.bontang", "sub": "p1", "name": "Operator", "role": "operator", "opd": "DLH", "opd_id": 4,
    "iat": NOW, "exp": NOW + 900, "until": NOW + 8100,
}  # fmt: skip


def signed(key: OKPKey = KEY, **changed: Any) -> str:
    claims = {name: value for name, value in {**CLAIMS, **changed}.items() if value is not None}
    return jwt.encode({"alg": "EdDSA"}, claims, key, algorithms=["EdDSA"])


@pytest.fixture
def verifier() -> Verifier:
    return Verifier(PUBLIC, "lapor.bontang", clock=lambda: NOW)


def test_a_good_token_names_a_person(verifier: Verifier) -> None:
    person = {"id": "p1", "name": "Operator", "role": "operator", "opd": "DLH", "opd_id": 4}
    assert verifier.person(signed()) == person


@pytest.mark.parametrize(
    "changed",
    [{"aud": "antrian.bontang"}, {"aud": ["lapor.bontang", "x"]}, {"aud": None}, {"exp": NOW - 6}, {"exp": None},
     {"iat": NOW + 6}, {"iat": None}, {"sub": ""}, {"sub": None}, {"sub": "plugin:antrian"},
     {"role": "mayor"}, {"role": None}, {"exp": "soon"}],
    ids=str,
)  # fmt: skip
def test_a_token_for_else_than_here_and_now_names_nobody(verifier: Verifier, changed: dict[str, Any]) -> None:
    assert verifier.person(signed(**changed)) is None


def test_clocks_may_differ_by_five_seconds(verifier: Verifier) -> None:
    assert verifier.person(signed(exp=NOW - 4)) is not None


def test_another_key_another_algorithm_or_none_name_nobody(verifier: Verifier) -> None:
    assert verifier.person(signed(OKPKey.generate_key("Ed25519"))) is None
    head, body, _ = signed().split(".")
    assert verifier.person(f"eyJhbGciOiJub25lIn0.{body}.") is None
    assert verifier.person(f"{head}.{body}.{'A' * 86}") is None
    assert verifier.person("x" * 5000) is None
    assert verifier.person(None) is None


@pytest.mark.parametrize("path", ["/kerja", "/kerja/a", "//kerja", "/a/../kerja", "/kerja/.", "\\kerja", "/%2fkerja"])
def test_every_spelling_of_a_staff_path_is_one(path: str) -> None:
    assert paths.is_below(path, ["/kerja"])


@pytest.mark.parametrize("path", ["/", "/kerjasama", "/lapor/kerja", "/kerja/../lapor"])
def test_other_paths_are_public(path: str) -> None:
    assert not paths.is_below(path, ["/kerja"])


def test_a_slash_makes_everything_staff() -> None:
    assert paths.is_below("/anything", ["/"])


def test_two_tokens_are_none() -> None:
    environ = {"HTTP_COOKIE": "__Host-lumbung=a; __host-lumbung=b; c=1"}
    assert headers.take_cookie(environ) is None
    assert environ == {"HTTP_COOKIE": "c=1"}


def test_ordinary_headers_stay() -> None:
    environ = {"HTTP_HOST": "x", "HTTP_ACCEPT": "*/*", "HTTP_USER_AGENT": "y", "HTTP_X_FORWARDED_FOR": "1.2.3.4"}
    before = dict(environ)
    headers.strip_identity(environ)
    assert environ == before


@pytest.mark.parametrize(
    "header",
    [("Set-Cookie", "a=1; domain=.localhost"), ("set-cookie", " __host-lumbung =x"),
     ("Set-Cookie", "lumbung_session=x"), ("X-Sendfile", "/etc/passwd"),
     ("X-ACCEL-Redirect", "/"), ("Strict-Transport-Security", "max-age=1"),
     ("Service-Worker-Allowed", "/"), ("Alt-Svc", "h3"), ("X-Lumbung-Revision", "9"), ("X-A", "b\r\nSet-Cookie: c=d"),
     ("Connection", "upgrade"), ("X-Big", "x" * 9000), ("Clear-Site-Data", '"cookies"'), ("NEL", "{}"),
     ("Report-To", "{}"), ("Set-Cookie", "=__Host-lumbung=x"), ("Set-Cookie", "a=" + "x" * 4096),
     ("Set-Cookie", ""), ("X Space", "1"), ("X-Nul", "a\0b"), ("", "x"), ("Transfer-Encoding", "chunked"),
     ("Upgrade", "websocket")],
)  # fmt: skip
def test_headers_that_reach_too_far_are_dropped(header: tuple[str, str]) -> None:
    names = dict(headers.clean_answer([header], 3))
    assert set(names) == {"X-Content-Type-Options", "X-Lumbung-Revision"}
    assert names["X-Lumbung-Revision"] == "3"


def test_cookies_are_counted() -> None:
    answer = headers.clean_answer([("Set-Cookie", f"a{n}=1") for n in range(200)], 1)
    assert sum(name == "Set-Cookie" for name, _ in answer) == headers.MAX_COOKIES


def test_cookies_may_fill_no_browser() -> None:
    """A browser sends them all back: with more than fits into a request's headers, the origin would lock itself out."""
    answer = headers.clean_answer([("Set-Cookie", f"a{n}=" + "x" * 4000) for n in range(200)], 1)
    assert sum(len(value) for name, value in answer if name == "Set-Cookie") <= headers.MAX_COOKIE_BYTES


def test_headers_of_an_answer_are_counted() -> None:
    assert len(headers.clean_answer([("X-A", "1")] * 5000, 1)) <= headers.MAX_HEADERS + 2


@pytest.mark.parametrize("status", ["101 Switching Protocols", "100 Continue", "200 OK\r\nSet-Cookie: a=1", "", "OK",
                                    "999 x", "2000 x"])  # fmt: skip
def test_a_status_that_is_none_is_the_plugin_s_fault(status: str) -> None:
    assert headers.clean_status(status) == "502 Bad Gateway"


def wsgi(environ: object, start_response: object) -> str:
    return "wsgi"


class Application:
    """As Flask's instances are, and Django's."""

    def __call__(self, environ: object, start_response: object) -> str:
        return "instance"


def factory() -> Any:
    return wsgi


def factory_with_options(config: object = None, testing: bool = False) -> Any:
    return wsgi


@pytest.fixture
def bundle() -> Iterator[types.ModuleType]:
    module = types.ModuleType("bundle_of_a_city")
    sys.modules[module.__name__] = module
    yield module
    del sys.modules[module.__name__]


@pytest.mark.parametrize("given", [wsgi, factory, factory_with_options, lambda: wsgi])
def test_applications_and_factories_are_told_apart(bundle: types.ModuleType, given: object) -> None:
    bundle.thing = given  # type: ignore[attr-defined]
    assert loading.application("bundle_of_a_city:thing") is wsgi


def test_an_instance_is_an_application(bundle: types.ModuleType) -> None:
    bundle.thing = Application()  # type: ignore[attr-defined]
    assert loading.application("bundle_of_a_city:thing") is bundle.thing


@pytest.mark.parametrize("given", [3, lambda: None])
def test_anything_else_is_explained(bundle: types.ModuleType, given: object) -> None:
    bundle.thing = given  # type: ignore[attr-defined]
    with pytest.raises(loading.EntrypointError, match="neither a WSGI application"):
        loading.application("bundle_of_a_city:thing")


def test_a_missing_attribute_is_named(bundle: types.ModuleType) -> None:
    with pytest.raises(loading.EntrypointError, match="no attribute 'gone'"):
        loading.application("bundle_of_a_city:gone")
