import io
import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from lumbung_plugin import transaction
from lumbung_plugin.bundles import Bundle
from simtaru import geometry

REQUEST = {"lat": "0.1005", "lon": "117.4005", "name": "Pemohon (demo)", "phone": "0812 3456 7890",
           "address": "Jalan Contoh 1", "purpose": "permit", "use": "RUKO"}  # fmt: skip


pytest_plugins = ["lumbung_plugin.fixtures"]


@pytest.fixture(scope="session")
def bundle() -> Bundle:
    return Bundle("simtaru", {"west": 117.0, "south": 0.0, "east": 118.0, "north": 1.0})


def square(lon: float, lat: float, size: float = 0.001) -> list[geometry.Point]:
    return [(lon, lat), (lon + size, lat), (lon + size, lat + size), (lon, lat + size), (lon, lat)]


def feature(code: str, ring: list[Any], **properties: object) -> dict[str, Any]:
    words = {"KODSZN": code, **properties}
    return {"type": "Feature", "properties": words, "geometry": {"type": "Polygon", "coordinates": [ring]}}


def collection(*features: dict[str, Any], **more: object) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": list(features), **more}).encode()


SMALL = collection(
    feature("R-2", square(117.4, 0.1), KODBLK="A.1", WADMKD="Telihan"),
    feature("K-1", square(117.401, 0.1), KODBLK="A.2", WADMKD="Telihan"),
)


@pytest.fixture
def upload(administrator) -> Callable[..., Any]:
    """Send a plan; answers the response."""

    def sent(data: bytes = SMALL, title: str = "RDTR uji"):
        form = {"title": title, "file": (io.BytesIO(data), "zona.geojson")}
        return administrator.post("/admin/rencana", data=form, content_type="multipart/form-data")

    return sent


@pytest.fixture
def published(upload, administrator) -> Callable[..., int]:
    """Send a plan and put it into force; answers its number."""

    def publish(data: bytes = SMALL, title: str = "RDTR uji") -> int:
        plan_id = int(upload(data, title).headers["Location"].rsplit("/", 1)[1])
        told = {"regulation": "Perwali Nomor 1 Tahun 2026", "decided_on": "2026-01-02", "seen": "y"}
        assert administrator.post(f"/admin/rencana/{plan_id}/berlaku", data=told).status_code == 303
        return plan_id

    return publish


@pytest.fixture
def ruled(db) -> Callable[..., None]:
    """One rule of the plan in force, as if its draft had had it."""

    def lay(code: str, use: str, letter: str, words: str = "") -> None:
        use_id = db.execute("SELECT id FROM land_use WHERE code = ?", (use,)).fetchone()[0]
        plan_id = db.execute("SELECT id FROM plan WHERE state = 'in_force'").fetchone()[0]
        with transaction(db):
            db.execute("DELETE FROM rule WHERE plan_id = ? AND class = ? AND use_id = ?", (plan_id, code, use_id))
            db.execute(
                "INSERT INTO rule (plan_id, class, use_id, letter, conditions) VALUES (?, ?, ?, ?, ?)",
                (plan_id, code, use_id, letter, words),
            )

    return lay


@pytest.fixture
def ask(client) -> Callable[..., tuple[str, str]]:
    """Ask for a statement; answers number and secret code."""

    def sent(**changes: object) -> tuple[str, str]:
        answer = client.post("/permohonan", data=REQUEST | changes)
        assert answer.status_code == 303, re.findall(r'class="error"[^>]*>([^<]+)', answer.text)
        with client.session_transaction() as session:
            number, code = session["fresh"]
            session.pop("sent.asked", None)
        return number, code

    return sent
