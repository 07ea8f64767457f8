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
from registry.tenants import people
from registry.tenants.models import City

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
    Wish("lapor", "Aduan warga masih lewat pesan pribadi dan tidak tercatat (contoh).",
         ((OFFICE, "yes", "Sejalan dengan SP4N-LAPOR!"), (WORKS, "yes", "Lubang jalan paling sering diadukan"),
          (GREEN, "yes", "")),
         "Siapkan dua petugas per OPD sebelum dibuka untuk warga (contoh).", adopt=(OFFICE, 1)),
    Wish("perizinan", "Berkas izin reklame masih dibawa antarloket (contoh).",
         ((OFFICE, "yes", ""), (WORKS, "maybe", "Menunggu data tata ruang")), adopt=(WORKS, 2)),
    Wish("simtaru", "Peta rencana tata ruang diminta hampir setiap hari (contoh).",
         ((WORKS, "yes", "Data sudah siap"), (GREEN, "yes", "")), adopt=(WORKS, 2)),
    Wish("masdarling", "Catatan mutu air dan udara masih di lembar kerja (contoh).",
         ((GREEN, "yes", "Sangat dibutuhkan"), (OFFICE, "maybe", "Periksa sensornya dahulu")), adopt=(GREEN, 3)),
    Wish("antrian", "Antrean loket panjang pada awal bulan (contoh).",
         ((OFFICE, "yes", ""), (WORKS, "maybe", "Loket kami sepi")),
         "Bandingkan dahulu dengan layar antrean yang sudah ada (contoh)."),
    Wish("penilaian", "Nilai kinerja OPD dihitung dengan tangan (contoh).", ((OFFICE, "maybe", ""),)),
    Wish("anggaran", "Realisasi anggaran sulit dibaca warga (contoh).",
         ((OFFICE, "maybe", ""), (WORKS, "no", "SIPD sudah wajib dipakai")),
         otherwise=(rules.LATER, "Ditinjau lagi setelah arahan aplikasi umum keluar (contoh).")),
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
