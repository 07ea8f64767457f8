"""Plausible catalog entries, as many as one likes: for tests and for measuring. All are marked as demo.

What they say is put together from the fields cities work in; no product, city or person is meant.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from registry.catalog.models import App
from registry.catalog.search.derive import derive
from registry.core.clock import now
from registry.tenants.models import City

MARK = "(demo)"

FIELDS = """
antrian loket|queues at counters|appointment-scheduling|government
perizinan usaha|business permits|workflow-management|local-authorities
pengaduan warga|complaints of citizens|feedback-and-reviews-management|society
pajak hotel|hotel taxes|taxes-management|finance-and-economic-development
retribusi pasar|market fees|billing-and-invoicing|finance-and-economic-development
data pegawai|staff records|hr|government
presensi guru|attendance of teachers|time-tracking|education
surat dinas|official letters|document-management|government
arsip kota|city archives|document-management|government
aset daerah|property of the region|inventory-management|government
rekam medis puskesmas|medical records of clinics|crm|healthcare
imunisasi balita|vaccination of toddlers|data-collection|healthcare
stunting|stunting|data-visualization|healthcare
penerimaan murid|school admission|online-booking|education
perpustakaan keliling|mobile libraries|integrated-library-system|education
beasiswa|scholarships|grant-management|education
bantuan sosial|social assistance|grant-management|welfare
rumah tidak layak huni|unfit houses|project-management|welfare
sampah rumah tangga|household waste|fleet-management|environment
kualitas udara|air quality|data-visualization|environment
pohon dan taman|trees and parks|geographic-information-systems|environment
banjir|floods|data-visualization|emergency-services
kebakaran|fires|call-center-management|emergency-services
lampu jalan|street lights|facility-management|infrastructures
jalan dan jembatan|roads and bridges|geographic-information-systems|infrastructures
air minum|drinking water|billing-and-invoicing|infrastructures
tata ruang|spatial plans|geographic-information-systems|infrastructures
bangunan gedung|buildings|real-estate-management|infrastructures
parkir|parking|mobile-payment|transportation
trayek angkutan|bus routes|geographic-information-systems|transportation
uji kendaraan|vehicle inspection|appointment-scheduling|transportation
lowongan kerja|job vacancies|applicant-tracking|employment
usaha mikro|micro enterprises|e-commerce|finance-and-economic-development
harga pangan|food prices|data-collection|agriculture
kelompok tani|farmers' groups|data-collection|agriculture
hasil laut|catches of fish|data-collection|agriculture
destinasi wisata|tourist sights|content-management|tourism
cagar budaya|heritage|digital-asset-management|culture
gedung olahraga|sports halls|online-booking|sport
musrenbang|participatory planning|project-management|society
anggaran opd|budgets of offices|budgeting|finance-and-economic-development
pengadaan barang|procurement|procurement|government
produk hukum|regulations|regulations-and-directives|justice
informasi publik|public information|digital-citizenship|government
data terbuka|open data|data-analytics|research
kamera kota|city cameras|it-security|security
rapat pimpinan|leaders' meetings|event-management|government
kendaraan dinas|official vehicles|fleet-management|government
perlindungan anak|child protection|help-desk|welfare
pemakaman|cemeteries|property-management|society
""".strip().splitlines()
"""Indonesian and English words, category and scope of each."""

ACTS = (
    ("Pendataan", "Register of"), ("Pemantauan", "Monitoring of"), ("Pendaftaran", "Registration for"),
    ("Pelaporan", "Reports on"), ("Penjadwalan", "Schedules of"), ("Pembayaran", "Payments for"),
    ("Peta", "Map of"), ("Pengawasan", "Oversight of"), ("Penilaian", "Rating of"), ("Permohonan", "Applications for"),
)  # fmt: skip
PLACES = (
    "kelurahan",
    "kecamatan",
    "dinas",
    "pasar",
    "sekolah",
    "puskesmas",
    "terminal",
    "kampung",
    "balai",
    "pelabuhan",
)
FEATURES = (
    ("Pencarian menurut nama dan tanggal", "Search by name and day"), ("Unduhan CSV dan PDF", "CSV and PDF downloads"),
    ("Pengingat lewat surel", "Reminders by mail"), ("Persetujuan berjenjang", "Approval in steps"),
    ("Peta sebaran", "Map of places"), ("Grafik bulanan", "Monthly charts"), ("Kode QR", "QR codes"),
    ("Foto bukti lapangan", "Photos as evidence"), ("Impor dari lembar kerja", "Import of spreadsheets"),
    ("Riwayat perubahan", "History of changes"), ("Data terbuka", "Open data"), ("Tanpa JavaScript", "No JavaScript"),
    ("Antarmuka dua bahasa", "Two languages"), ("Hak akses per unit", "Access rights by unit"),
)  # fmt: skip
LICENCES = ("MIT", "EUPL-1.2", "AGPL-3.0-only", "Apache-2.0", "GPL-3.0-or-later", "BSD-3-Clause")
MATURITIES = ("stable", "stable", "stable", "beta", "development", "concept", "obsolete")
NEEDS = ((), (), (), ("mail",), ("postgresql",), ("postgresql", "mail"), ("internet",), ("siblings", "clock"))
YEAR = 365


@dataclass(frozen=True)
class Plausible:
    """``facts`` are a whole publiccode.yml; the rest is what a release would tell. ``days`` is the age of the entry."""

    slug: str
    facts: dict[str, Any]
    runtime: str
    needs: tuple[str, ...]
    rating: str
    days: int


def entries(count: int, seed: int = 320, first: int = 0) -> Iterator[Plausible]:
    """The same for the same seed; ``first`` is the number the first one is called by."""
    chance = random.Random(seed)  # noqa: S311 no secret
    for number in range(first, first + count):
        yield _entry(number, chance)


def _entry(number: int, chance: random.Random) -> Plausible:
    indonesian, english, category, scope = chance.choice(FIELDS).split("|")
    (act, act_english), place = chance.choice(ACTS), chance.choice(PLACES)
    features = chance.sample(FEATURES, 5)
    slug, name = f"demo-{number}", f"{act} {indonesian.title()} {number} {MARK}"
    texts = {
        "id": _text(f"{act} {indonesian} di {place}, dari pencatatan sampai laporan.", [one[0] for one in features],
                    f"Petugas {place} mencatat {indonesian} dan warga melihat hasilnya di ponsel. "),
        "en": _text(f"{act_english} {english}, from the first note to the report.", [one[1] for one in features],
                    f"Staff note {english} and citizens see the result on their phones. "),
    }  # fmt: skip
    facts = {
        "publiccodeYmlVersion": "0.7", "name": name, "url": f"https://demo.example/{slug}.git", "platforms": ["web"],
        "categories": [category], "developmentStatus": chance.choice(MATURITIES), "softwareType": "standalone/web",
        "intendedAudience": {"countries": ["ID"], "scope": ["local-authorities", scope]}, "description": texts,
        "legal": {"license": chance.choice(LICENCES)}, "maintenance": {"type": "none"},
        "localisation": {"localisationReady": True, "availableLanguages": ["id", "en"]},
    }  # fmt: skip
    runtime = chance.choice(("python-wsgi/1", "python-wsgi/1", ""))
    return Plausible(slug, facts, runtime, chance.choice(NEEDS) if runtime else (),
                     chance.choice("AABBCD") if runtime else "", chance.randrange(5 * YEAR))  # fmt: skip


def _text(short: str, features: list[str], sentence: str) -> dict[str, Any]:
    return {"shortDescription": short[:150], "longDescription": (sentence * 3).strip(), "features": features}


COLUMNS = (
    "slug", "name", "publisher_id", "publiccode", "facts", "maturity", "licence", "categories", "terms", "dimensions",
    "affairs", "classed_by_hand", "audience", "runtime", "needs", "rating", "described_only", "deprecation",
    "created_at", "updated_at",
)  # fmt: skip
JSON_COLUMNS = frozenset({"facts", "categories", "dimensions", "affairs", "audience", "needs"})


def fill(session: Session, publisher: City, count: int, seed: int = 320, first: int = 0) -> None:
    """Write that many entries in one go (COPY); some thousand a second."""
    owner = publisher.id  # asked before the connection is busy with copying
    connection = session.connection().connection.driver_connection
    assert connection is not None  # noqa: S101 the session is in a transaction
    with connection.cursor() as cursor, cursor.copy(f"copy apps ({', '.join(COLUMNS)}) from stdin") as copy:
        for one in entries(count, seed, first):
            copy.write_row(_row(one, owner))


def _row(one: Plausible, publisher_id: int) -> list[object]:
    app = App(slug=one.slug, facts=one.facts, classed_by_hand=False)
    derive(app)
    day = now() - timedelta(days=one.days)
    known = {
        "name": one.facts["name"], "publisher_id": publisher_id, "publiccode": json.dumps(one.facts),
        "maturity": one.facts["developmentStatus"], "licence": one.facts["legal"]["license"],
        "categories": one.facts["categories"], "runtime": one.runtime, "needs": list(one.needs), "rating": one.rating,
        "described_only": not one.runtime, "deprecation": "", "created_at": day, "updated_at": day,
    }  # fmt: skip
    values = {name: known[name] if name in known else getattr(app, name) for name in COLUMNS}
    return [json.dumps(value) if name in JSON_COLUMNS else value for name, value in values.items()]
