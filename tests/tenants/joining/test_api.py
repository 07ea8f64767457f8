"""Every act of the pages is there for programs."""

from __future__ import annotations

import io

import pytest

from tests.tenants.conftest import PASSWORD
from tests.tenants.joining.conftest import LIST
from tests.tenants.joining.test_deciding import HOW, PDF

WANTED = {"region": "71.71", "name": "Kota Manado", "contact_office": "Diskominfo Kota Manado", "head": "",
          "contact_name": "Kepala Bidang Aplikasi", "mail": "kominfo@manadokota.go.id",
          "phone": "0431 123456"}  # fmt: skip
ONE = "/api/v1/cities/manado/application"


@pytest.fixture
def ask(client, world):
    """Ask the API as the person with this address: method, path, and what goes along."""
    tokens: dict[str, str] = {}

    def asked(email: str, method: str, path: str, body: object = None, **more):
        if email not in tokens:
            tokens[email] = client.post("/api/v1/tokens", auth=(email, PASSWORD)).json["token"]
        return client.open(path, method=method, json=body, headers={"Authorization": f"Bearer {tokens[email]}"}, **more)

    return asked


CITY, OTHER, MAINTAINER = "auditor@bontang.example", "admin@tegal.example", "maintainer@bandung.example"


def test_a_city_applies_answers_and_is_admitted(ask):
    made = ask(CITY, "POST", "/api/v1/cities", WANTED)
    assert made.status_code == 201 and made.json["state"] == "waiting" and made.json["city"] == "manado"
    asked = ask(MAINTAINER, "POST", f"{ONE}/ask", {"text": "Siapa kepala dinasnya?", "version": made.json["version"]})
    assert asked.json["state"] == "asked"
    told = ask(CITY, "POST", f"{ONE}/answer", {"text": "Menyusul.", "version": asked.json["version"]})
    assert [note["kind"] for note in told.json["notes"]] == ["applied", "asked", "answered"]
    assert ask(MAINTAINER, "POST", f"{ONE}/admit", {"version": told.json["version"]}).status_code == 422
    done = ask(MAINTAINER, "POST", f"{ONE}/admit", {"version": told.json["version"], "how": HOW})
    assert done.json["state"] == "admitted"


@pytest.mark.parametrize(
    ("change", "field"),
    [({"region": "7171"}, "region"), ({"region": "64.74"}, "region"), ({"slug": "bontang"}, "slug"),
     ({"phone": "x"}, "phone"), ({"mail": "x"}, "mail"), ({"proof": "mail", "proof_mail": "a@b.example"}, "proof_mail"),
     ({"timezone": "Mars"}, "timezone")],
)  # fmt: skip
def test_what_is_wrong_is_named(ask, change, field):
    answer = ask(CITY, "POST", "/api/v1/cities", {**WANTED, **change})
    assert answer.status_code == 422 and field in str(answer.json["findings"])


def test_nobody_applies_without_a_name(client, world):
    assert client.post("/api/v1/cities", json=WANTED).status_code == 401


def test_an_application_is_for_its_people_and_for_maintainers(ask, client):
    ask(CITY, "POST", "/api/v1/cities", WANTED)
    assert ask(MAINTAINER, "GET", ONE).status_code == 200 and ask(CITY, "GET", ONE).status_code == 200
    assert ask(OTHER, "GET", ONE).status_code == 404 and client.get(ONE).status_code == 401
    assert ask(OTHER, "GET", "/api/v1/applications").status_code == 403
    assert [one["city"] for one in ask(MAINTAINER, "GET", "/api/v1/applications").json["items"]] == ["tegal", "manado"]


@pytest.mark.parametrize(
    ("act", "body"),
    [("ask", {"text": "Siapa?"}), ("check", {"how": HOW}), ("admit", {"how": HOW}), ("decline", {"reason": "Tidak"})],
)  # fmt: skip
def test_only_maintainers_decide(ask, act, body):
    ask(CITY, "POST", "/api/v1/cities", WANTED)
    assert ask(CITY, "POST", f"{ONE}/{act}", {**body, "version": 1}).status_code == 403
    assert ask(OTHER, "POST", f"{ONE}/{act}", {**body, "version": 1}).status_code == 403


@pytest.mark.parametrize(("method", "act", "body"), [
    ("POST", "answer", {"text": "Halo lagi"}), ("POST", "proof", {"proof_mail": "kominfo@manadokota.go.id"}),
    ("PUT", "contact", {"contact_office": "Kominfo", "mail": "kominfo@manadokota.go.id", "phone": "0431 222222"}),
])  # fmt: skip
def test_the_city_acts_for_itself_and_nobody_else_does(ask, method, act, body):
    ask(CITY, "POST", "/api/v1/cities", WANTED)
    assert ask(OTHER, method, f"{ONE}/{act}", {**body, "version": 1}).status_code == 404
    assert ask(CITY, method, f"{ONE}/{act}", {**body, "version": 7}).status_code == 409
    assert ask(CITY, method, f"{ONE}/{act}", {**body, "version": 1}).status_code in (200, 202)


def test_a_letter_comes_by_program(ask):
    ask(CITY, "POST", "/api/v1/cities", WANTED)
    where = f"{ONE}/letter?version=1&number=800/12&day=2026-01-05"
    sent = ask(CITY, "POST", where, data={"letter": (io.BytesIO(PDF), "surat.pdf")})
    assert sent.status_code == 200 and sent.json["proof"] == "letter"


def test_a_program_takes_the_list_in(ask):
    where = "/api/v1/regions/lists"
    assert ask(CITY, "POST", where, data={"list": (io.BytesIO(LIST.encode()), "l.csv")}).status_code == 403
    dry = ask(MAINTAINER, "POST", f"{where}?dry_run=true", data={"list": (io.BytesIO(LIST.encode()), "l.csv")})
    assert dry.json["added"] == 9 and dry.json["left_out"] == {"province": 1, "kecamatan": 1}
    assert ask(CITY, "GET", "/api/v1/regions?q=bontang").json == {"items": [], "known": 0}
    ask(MAINTAINER, "POST", where, data={"list": (io.BytesIO(LIST.encode()), "l.csv")})
    found = ask(CITY, "GET", "/api/v1/regions?q=bontang").json
    assert (found["known"], found["items"][0]["code"]) == (9, "64.74")
    bad = ask(MAINTAINER, "POST", where, data={"list": (io.BytesIO(b"kode,nama\n6474,x\n"), "l.csv")})
    assert bad.status_code == 422 and bad.json["findings"]


def test_a_maintainer_adds_a_region_and_renumbers_a_city(ask):
    new = {"code": "64.75", "name": "Kota Nusantara"}
    assert ask(CITY, "POST", "/api/v1/regions", new).status_code == 403
    assert ask(MAINTAINER, "POST", "/api/v1/regions", new).json["kind"] == "kota"
    assert ask(MAINTAINER, "POST", "/api/v1/regions", new).status_code == 409
    assert ask(MAINTAINER, "POST", "/api/v1/cities/tegal/renumber").status_code == 404
    assert ask(CITY, "POST", "/api/v1/cities/tegal/renumber").status_code == 403
