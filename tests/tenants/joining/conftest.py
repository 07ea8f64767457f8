from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from registry.core.uow import unit_of_work
from registry.tenants.joining import regions
from tests.tenants.conftest import PASSWORD, browser, world  # noqa: F401 fixtures

LIST = """\
kode,nama,provinsi
64,KALIMANTAN TIMUR,KALIMANTAN TIMUR
64.02,KAB. KUTAI KARTANEGARA,KALIMANTAN TIMUR
64.74,KOTA BONTANG,KALIMANTAN TIMUR
64.74.01,BONTANG UTARA,KALIMANTAN TIMUR
71.71,Kota Manado,Sulawesi Utara
32.01,Kabupaten Bogor,Jawa Barat
32.71,Kota Bogor,Jawa Barat
31.01,KAB. ADM. KEP. SERIBU,DKI JAKARTA
33.76,Kota Tegal,Jawa Tengah
33.28,Kabupaten Tegal,Jawa Tengah
91.01,Kabupaten Merauke,Papua
"""
STEP1 = {"name": "Kota Manado", "code": "71.71", "slug": "", "timezone": ""}
STEP2 = {"contact_office": "Diskominfo Kota Manado", "head": "", "mail": "kominfo@manadokota.go.id",
         "phone": "0431 123456"}  # fmt: skip
STEP3 = {"contact_name": "Kepala Bidang Aplikasi", "email": "admin@manado.example", "proof": "other", "proof_mail": ""}
SEND = {"authorised": "y", "password": PASSWORD}
STEPS = {1: STEP1, 2: STEP2, 3: STEP3}


def fill(client: FlaskClient, **changes: str) -> None:
    """Steps 1 to 3, each with Next; ``changes`` go into the step that has the field."""
    for number, fields in STEPS.items():
        given = {name: changes.get(name, value) for name, value in fields.items()}
        if "region" in changes and number == 1:
            given["region"] = changes["region"]
        answer = client.post(f"/join/{number}", data={**given, "go": "next"})
        assert (answer.status_code, answer.location) == (303, f"/join/{number + 1}"), answer.text


def join(client: FlaskClient, **changes: str):
    """The whole form, sent."""
    fill(client, **changes)
    return client.post("/join/4", data={**SEND, **{key: value for key, value in changes.items() if key in SEND}})


def version(page: str) -> str:
    """Of the application the page shows."""
    found = re.search(r'name="version"[^>]*value="(\d+)"|value="(\d+)"[^>]*name="version"', page)
    assert found, "the page names no version"
    return found[1] or found[2]


@pytest.fixture
def listed(app, world) -> None:  # noqa: F811
    with app.app_context(), unit_of_work():
        regions.take_in(LIST.encode(), "list.csv")


@pytest.fixture
def applied(app, world) -> FlaskClient:  # noqa: F811
    """Manado has sent its application; the browser of its first admin."""
    client = app.test_client()
    assert join(client).status_code == 303
    return client


Opened = Callable[[str], FlaskClient]


@pytest.fixture
def maintainer(browser: Opened) -> FlaskClient:  # noqa: F811
    return browser("maintainer@bandung.example")
