"""The shortlist of the demo: what Bontang thinks about, how its units vote, what it plans. Every text says so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from registry.accounts import service as accounts
from registry.accounts.models import User
from registry.catalog.choosing import notes, rules, service
from registry.catalog.choosing.models import ShortlistItem
from registry.catalog.models import App
from registry.core import audit, clock, scope
from registry.core.db import db
from registry.core.uow import unit_of_work
from registry.tenants.models import City
from registry.tenants.people import service as people

CITY = "bontang"
ADMIN, OPERATOR = "admin@bontang.example", "operator@bontang.example"
OFFICE, WORKS, GREEN = "Diskominfo", "Dinas PUPR", "Dinas Lingkungan Hidup"


@dataclass(frozen=True)
class Wish:
    """``votes`` are unit, choice, reason; ``adopt`` is the unit that will own it and in how many quarters."""

    app: str
    why: str
    votes: tuple[tuple[str, str, str], ...]
    note: str = ""
    adopt: tuple[str, int] | None = None
    otherwise: tuple[str, str] | None = None


WISHES = (
    Wish("rencana", "Rencana induk kota cerdas masih berupa dokumen, kemajuannya tidak terlihat (contoh).",
         ((OFFICE, "yes", "Laporan triwulan disusun dari sini"), (WORKS, "yes", "Kegiatan kami saling menunggu"),
          (GREEN, "maybe", "")),
         "Rilisnya sudah ada: mulai dari tiga program cepat dahulu (contoh).", adopt=(OFFICE, 1)),
    Wish("masdarling", "Catatan bank sampah setiap RT masih di buku (contoh).",
         ((GREEN, "yes", "Sangat dibutuhkan"), (OFFICE, "maybe", "Kader perlu dilatih")), adopt=(GREEN, 1)),
    Wish("gampil", "Pelaku usaha mikro masih mengantre untuk tanda daftar (contoh).",
         ((OFFICE, "yes", "Banyak ditanyakan di Musrenbang"), (WORKS, "maybe", "Menunggu data tata ruang"),
          (GREEN, "yes", "")),
         "Sumbernya belum ada di Lumbung: tanyakan kepada Bandung sebelum triwulan itu (contoh).", adopt=(OFFICE, 3)),
    Wish("sabilulungan", "Usulan hibah dari warga masih berupa map kertas (contoh).",
         ((OFFICE, "yes", "Transparan sejak usulan"), (WORKS, "yes", "")), adopt=(OFFICE, 4)),
    Wish("e-rk", "Tunjangan kinerja dihitung di lembar kerja setiap bulan (contoh).",
         ((OFFICE, "yes", ""), (GREEN, "yes", "Asal catatan hariannya ringan"), (WORKS, "maybe", "")),
         "Bandingkan dahulu dengan e-Kinerja BKN (contoh)."),
    Wish("pusatkendali", "Pimpinan meminta satu layar untuk angka semua OPD (contoh).", ((OFFICE, "yes", ""),)),
    Wish("anggaran", "Alasan pencoretan kegiatan sulit dibaca warga (contoh).",
         ((OFFICE, "maybe", ""), (WORKS, "no", "SIPD sudah wajib dipakai")),
         otherwise=(rules.LATER, "Ditinjau lagi setelah arahan aplikasi umum keluar (contoh).")),
    Wish("hayu", "Izin diajukan dari rumah (contoh).",
         ((WORKS, "no", "perizinan sudah kami jalankan"), (OFFICE, "no", "")),
         otherwise=(rules.NOT, "Aplikasi perizinan di katalog ini sudah melakukan hal yang sama (contoh).")),
)  # fmt: skip


def fill() -> None:
    """Once: a shortlist that holds anything is left as it is. Wishes for apps that are not there are left out."""
    city = db.session.scalar(select(City).where(City.slug == CITY, City.demo))
    admin, operator = accounts.find_by_email(ADMIN), accounts.find_by_email(OPERATOR)
    if city is None or admin is None or operator is None:
        return
    scope.enter_city(city.id)
    if db.session.scalar(select(ShortlistItem.id).limit(1)) is not None:
        return
    for wish in WISHES:
        app = db.session.scalar(select(App).where(App.slug == wish.app))
        if app is not None:
            with unit_of_work():
                _fulfil(city, app, wish, admin, operator)
    audit.act_as(audit.SYSTEM)


def _fulfil(city: City, app: App, wish: Wish, admin: User, operator: User) -> None:
    units = {unit.name: unit.id for unit in people.units(city)}
    audit.act_as(audit.Actor(operator.id, operator.name))
    item = service.add(city, app, wish.why)
    if wish.note:
        notes.add_note(city, item, operator, wish.note)
    audit.act_as(audit.Actor(admin.id, admin.name))
    for unit, choice, reason in wish.votes:
        if unit in units:
            service.vote(city, item, units[unit], choice, reason)
    if wish.adopt and wish.adopt[0] in units:
        unit, ahead = wish.adopt
        quarter = _quarter(clock.today(), ahead)
        wanted = rules.Decision(rules.ADOPT, "Sesuai suara OPD (contoh).", units[unit], quarter)
        service.decide(city, item, item.version, wanted)
    if wish.otherwise:
        service.decide(city, item, item.version, rules.Decision(*wish.otherwise))


def _quarter(day: date, ahead: int) -> str:
    return list(rules.quarters(day))[ahead]
