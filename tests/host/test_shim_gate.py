"""The gate without a sandbox: who is let in, who is sent to renew, who may call, what a forger reaches."""

from __future__ import annotations

import io
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from registry.host import environment
from registry.host.shim import gate, headers
from registry.host.shim.gate import Gate
from registry.host.shim.identity import Verifier
from registry.host.shim.signed_out import SignedOut
from registry.hosting.plain import City, Limits, Manifest, RunSpec

from .test_shim_rules import NOW, PUBLIC, signed

pytestmark = pytest.mark.filterwarnings("ignore::joserfc.errors.SecurityWarning")

HTML = {"HTTP_ACCEPT": "text/html,*/*;q=0.8"}
Asked = dict[str, Any]


class Visit:
    """One request through a gate: ``seen`` is what reached the plugin, None when nothing did."""

    def __init__(self, gate: Gate, path: str, method: str = "GET", **environ: Any) -> None:
        self.seen: Asked | None = None
        self.body = io.BytesIO(environ.pop("body", b""))
        given = {"REQUEST_METHOD": method, "PATH_INFO": path, "HTTP_HOST": "lapor.bontang.localhost", **environ}
        given["wsgi.input"] = self.body
        gate._plugin = self._plugin
        self.answer = b"".join(gate(given, self._start)).decode()

    def _plugin(self, environ: Asked, start: Callable[..., Any]) -> list[bytes]:
        self.seen = environ
        start("200 OK", [])
        return [b"plugin"]

    def _start(self, status: str, given: list[tuple[str, str]], exc_info: Any = None) -> None:
        self.status, self.headers = int(status[:3]), dict(given)


def cookie(**claims: Any) -> Asked:
    return {"HTTP_COOKIE": f"__Host-lumbung={signed(**claims)}"}


STALE = {"iat": NOW - 1200, "exp": NOW - 300, "until": NOW + 6000}


@pytest.fixture
def guarded(tmp_path: Path) -> Gate:
    provides = {"zoning.read": "/_zona", "kpi.read": "/_kpi"}
    verifier = Verifier(PUBLIC, "lapor.bontang", lambda: NOW, provides, SignedOut(tmp_path / "signed-out.json"))
    return Gate(None, verifier, ["/kerja"], 7, "http", health="/kerja/sehat", language="id")  # type: ignore[arg-type]


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE"])
@pytest.mark.parametrize("path", ["/kerja/1", "/"])
def test_a_token_that_ended_is_renewed_with_the_request_kept(guarded: Gate, method: str, path: str) -> None:
    visit = Visit(guarded, path, method, QUERY_STRING="a=b", CONTENT_LENGTH="3", body=b"abc", **cookie(**STALE))
    assert visit.status == 307
    assert visit.headers["Location"] == f"/_lumbung/renew?next={path}%3Fa%3Db"
    assert visit.headers["Cache-Control"] == "no-store"
    assert visit.seen is None
    assert visit.body.read() == b"", "the server may close only when the sender has been heard"


@pytest.mark.parametrize("changed", [{"until": NOW}, {"until": None}, {"aud": "x.y"}, {"role": "mayor"}])
def test_what_cannot_be_renewed_is_a_stranger_s(guarded: Gate, changed: Asked) -> None:
    visit = Visit(guarded, "/kerja", **HTML, **cookie(**{**STALE, **changed}))
    assert visit.headers["Location"].startswith("/_lumbung/enter?next=")


def test_a_form_without_a_person_is_kept_by_the_browser(guarded: Gate) -> None:
    visit = Visit(guarded, "/kerja/1", "POST", CONTENT_LENGTH="3", body=b"abc", **HTML)
    assert visit.status == 401
    assert 'lang="id"' in visit.answer and "Masuk di tab baru" in visit.answer
    assert 'target="_blank"' in visit.answer
    assert visit.body.read() == b""


def test_who_signed_out_is_nobody_within_the_request(guarded: Gate, tmp_path: Path) -> None:
    place = tmp_path / "signed-out.json"
    assert Visit(guarded, "/kerja", **cookie()).status == 200
    write(place, {"p1": NOW - 1})
    assert Visit(guarded, "/kerja", **cookie()).status == 200, "this token is younger"
    write(place, {"p1": NOW, "p2": NOW + 9})
    assert Visit(guarded, "/kerja", **HTML, **cookie()).status == 302
    assert Visit(guarded, "/kerja", **HTML, **cookie(**STALE)).status == 302, "and it is not renewed either"
    assert Visit(guarded, "/kerja", **cookie(sub="p3")).status == 200


@pytest.mark.parametrize("text", ["", "[]", "{", '{"p1": "x"}', "null"])
def test_an_unreadable_list_leaves_what_was_known(guarded: Gate, tmp_path: Path, text: str) -> None:
    place = tmp_path / "signed-out.json"
    write(place, {"p1": NOW})
    assert Visit(guarded, "/kerja", **HTML, **cookie()).status == 302
    place.write_text(text)
    assert Visit(guarded, "/kerja", **HTML, **cookie()).status == 302


def write(place: Path, told: dict[str, float]) -> None:
    new = place.with_suffix(".new")
    new.write_text(json.dumps(told))
    os.replace(new, place)


@pytest.mark.parametrize(
    "sender", [{"HTTP_SEC_FETCH_SITE": "same-site"}, {"HTTP_SEC_FETCH_SITE": "cross-site"},
               {"HTTP_ORIGIN": "http://antrian.bontang.localhost"}, {"HTTP_ORIGIN": "null"}],
)  # fmt: skip
def test_another_origin_s_page_acts_for_nobody(guarded: Gate, sender: Asked) -> None:
    staff = Visit(guarded, "/kerja", "POST", **cookie(), **sender)
    assert (staff.status, staff.seen) == (403, None)
    public = Visit(guarded, "/", "POST", **cookie(), **sender)
    assert public.seen is not None and public.seen["lumbung.person"] is None
    assert "HTTP_X_LUMBUNG_PERSON" not in public.seen


@pytest.mark.parametrize(
    "sender", [{"HTTP_SEC_FETCH_SITE": "same-origin"}, {"HTTP_SEC_FETCH_SITE": "none"},
               {"HTTP_ORIGIN": "http://lapor.bontang.localhost"}, {}],
)  # fmt: skip
def test_its_own_pages_act_for_who_signed_in(guarded: Gate, sender: Asked) -> None:
    assert Visit(guarded, "/kerja", "POST", **cookie(), **sender).status == 200


def call(**changed: Any) -> Asked:
    claims = {"sub": "plugin:antrian", "cap": "zoning.read", "exp": NOW + 60, "role": None, "until": None}
    return {"HTTP_AUTHORIZATION": f"Lumbung {signed(**{**claims, **changed})}"}


def test_a_sibling_with_a_token_for_it_may_call(guarded: Gate) -> None:
    visit = Visit(guarded, "/_zona/12", **call())
    assert visit.seen is not None
    assert visit.seen["lumbung.caller"] == {"plugin": "antrian", "capability": "zoning.read"}
    assert (visit.seen["HTTP_X_LUMBUNG_CALLER"], visit.seen["lumbung.person"]) == ("antrian", None)
    assert "HTTP_AUTHORIZATION" not in visit.seen


@pytest.mark.parametrize(
    "changed", [{"cap": "kpi.read"}, {"cap": None}, {"cap": "other"}, {"aud": "simtaru.bontang"}, {"exp": NOW - 6},
                {"exp": NOW + 600}, {"exp": None}, {"sub": "p1"}, {"sub": None}],
)  # fmt: skip
def test_any_other_token_opens_no_provided_path(guarded: Gate, changed: Asked) -> None:
    visit = Visit(guarded, "/_zona/12", **call(**changed))
    assert (visit.status, visit.seen) == (403, None)


@pytest.mark.parametrize("path", ["/_zona/ubah", "/_ZONA/Ubah/1", "/_zona/x/../ubah", "/_zona/%75bah"])
def test_consent_to_a_capability_is_none_to_another_below_it(tmp_path: Path, path: str) -> None:
    provides = {"zoning.read": "/_zona", "zoning.same": "/_zona/", "zoning.write": "/_zona/ubah"}
    verifier = Verifier(PUBLIC, "lapor.bontang", lambda: NOW, provides, SignedOut(tmp_path / "signed-out.json"))
    nested = Gate(None, verifier, [], 7, "http")  # type: ignore[arg-type]
    assert Visit(nested, path, **call()).status == 403
    assert Visit(nested, path, **call(cap="zoning.write")).status == 200
    assert Visit(nested, "/_zona/12", **call()).status == 200


@pytest.mark.parametrize("path", ["/_zona", "/_ZONA/1", "//_zona/", "/x/../_zona", "/%5fzona", "/_kpi"])
def test_provided_paths_are_for_no_person_and_no_stranger(guarded: Gate, path: str) -> None:
    for who in ({}, cookie(), {"HTTP_AUTHORIZATION": "Lumbung x"}, {"HTTP_AUTHORIZATION": f"Bearer {signed()}"}):
        visit = Visit(guarded, path, **who)
        assert (visit.status, visit.seen) == (403, None)


def test_a_sibling_s_token_is_no_person_and_a_person_s_no_sibling(guarded: Gate) -> None:
    token = call()["HTTP_AUTHORIZATION"].partition(" ")[2]
    assert Visit(guarded, "/kerja", **HTML, HTTP_COOKIE=f"__Host-lumbung={token}").status == 302
    assert Visit(guarded, "/_zona", HTTP_AUTHORIZATION=f"Lumbung {signed()}").status == 403


def test_other_ways_to_authorize_are_the_plugin_s_own(guarded: Gate) -> None:
    seen = Visit(guarded, "/", HTTP_AUTHORIZATION="Bearer own").seen
    assert seen is not None and seen["HTTP_AUTHORIZATION"] == "Bearer own"
    seen = Visit(guarded, "/", HTTP_AUTHORIZATION="LUMBUNG  x").seen
    assert seen is not None and "HTTP_AUTHORIZATION" not in seen


def test_the_health_page_is_asked_without_a_person(guarded: Gate) -> None:
    visit = Visit(guarded, "/kerja/sehat")
    assert (visit.status, visit.answer) == (200, ""), "what the page says is for staff"
    assert Visit(guarded, "/kerja/sehat", **cookie()).answer == "plugin"
    for path, method in (("/kerja/sehat", "POST"), ("/kerja/sehat/", "GET"), ("/kerja/Sehat", "GET")):
        assert Visit(guarded, path, method, **HTML).seen is None


def test_the_unit_of_a_person_is_named_and_numbered(guarded: Gate) -> None:
    seen = Visit(guarded, "/", **cookie()).seen
    assert seen is not None
    assert (seen["HTTP_X_LUMBUNG_OPD"], seen["HTTP_X_LUMBUNG_OPD_ID"]) == ("DLH", "4")


def test_what_a_copy_for_trying_shows_is_for_staff(tmp_path: Path) -> None:
    city = City("64.74", "bontang", "Kota Bontang", locale="en")
    spec = RunSpec(
        1, "lapor", city, "http://x", 3, "1", Manifest("a:b", staff=("/kerja",)), Limits(), tmp_path, tmp_path,
        tmp_path, trial=True,
    )  # fmt: skip
    told = json.loads(environment.files(spec, environment.Serving(PUBLIC))[environment.SHIM_FILE])
    trial = gate.build(None, told, PUBLIC)  # type: ignore[arg-type]
    assert Visit(trial, "/", **HTML).status == 302
    visit = Visit(trial, "/healthz")
    assert (visit.status, visit.answer) == (200, "")
    assert "Sign in again" in Visit(trial, "/", "POST", **HTML).answer


def test_no_name_of_ours_is_left_of_what_a_client_sent(guarded: Gate) -> None:
    forged = {f"HTTP_X_LUMBUNG_{name}": "x" for name in ("PERSON", "ROLE", "CALLER", "CAPABILITY", "OPD_ID", "NEW")}
    seen = Visit(guarded, "/", **forged, REMOTE_USER="x", HTTP_X_FORWARDED_USER="x").seen
    assert seen is not None
    assert [key for key, value in seen.items() if value == "x"] == []


def test_reserved_names_are_known_to_both_sides() -> None:
    assert headers.PERSON_COOKIE.lower() in headers.RESERVED_COOKIES
