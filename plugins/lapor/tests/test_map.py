"""The public map, and the city's own outlines beneath it."""

import io
import json

import pytest
from lapor import places

AREA = {"type": "Polygon", "coordinates": [[[117.4, 0.1], [117.5, 0.1], [117.5, 0.2], [117.4, 0.1]]]}
POINT = {"latitude": "0.130000", "longitude": "117.480000"}


def collection(*geometries: object) -> bytes:
    features = [{"type": "Feature", "properties": {"NAMOBJ": "Kanaan"}, "geometry": one} for one in geometries]
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def upload(administrator, content: bytes):
    data = {"file": (io.BytesIO(content), "peta.geojson")}
    return administrator.post("/admin/peta", data=data, content_type="multipart/form-data")


def test_a_checked_report_is_on_the_map_and_leads_to_its_page(client, published):
    number, _ = published(**POINT)
    page = client.get("/peta").text
    assert f"/laporan/{number}" in page and "117.48" in page


@pytest.mark.parametrize("change", [{"confidential": "y"}, {"latitude": "", "longitude": ""}])
def test_what_is_confidential_or_has_no_point_is_not(client, published, change):
    number, _ = published(**POINT | change)
    assert number not in client.get("/peta").text


def test_what_waits_for_a_check_is_not(client, send):
    number, _ = send(**POINT)
    assert number not in client.get("/peta").text


def test_the_map_follows_its_category(client, published):
    number, _ = published(**POINT)
    assert number in client.get("/peta?kategori=1").text and number not in client.get("/peta?kategori=2").text


def test_the_administrators_map_lies_beneath_and_names_the_choices(administrator, client, host, db):
    assert upload(administrator, collection(AREA)).status_code == 302
    assert "Kanaan" in client.get("/lapor").text
    with administrator.application.app_context():
        assert [one["properties"]["name"] for one in places.outline()] == ["Kanaan"]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{}",
        b"[]",
        b"\xff\xfe",
        b'{"features": 1}',
        b'{"features": [1]}',
        b"[" * 100_000,
        collection(),
        collection({"type": "Point", "coordinates": [117, 0]}),
        collection({"type": "Polygon", "coordinates": [[[500000, 14000], [500001, 14000], [500001, 14001]]]}),
        b" " * (places.MOST_BYTES + 1),
    ],
)
def test_what_is_no_map_is_explained_and_changes_nothing(administrator, content):
    answer = upload(administrator, content)
    assert answer.status_code == 400 and 'class="error"' in answer.text
    assert not places.own_map().is_file()


def test_a_map_is_removed_again(administrator):
    upload(administrator, collection(AREA))
    administrator.post("/admin/peta/hapus")
    assert not places.own_map().is_file()


def test_operators_do_not_change_the_map(operator):
    assert upload(operator, collection(AREA)).status_code == 403


@pytest.mark.parametrize(("code", "count"), [("64.74", 15), ("21.72", 18), ("32.73", 16), ("99.99", 0)])
def test_a_demo_city_has_a_sketch_of_its_own(host, app, code, count):
    host.setenv("TENANT_DEMO", "1")
    host.setenv("TENANT_CODE", code)
    with app.app_context():
        assert len(places.outline()) == count
