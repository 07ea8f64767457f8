"""One request for assistance of a demo city, answered, solved and kept for everybody; every text marked as an example.

Rows, not acts: nobody is to be told of what only seems to have happened.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select

from registry.accounts import service as accounts
from registry.catalog.assistance import rules
from registry.catalog.assistance.models import (
    AssistanceAnswer,
    AssistanceDraft,
    AssistanceMessage,
    AssistanceNote,
    AssistanceRequest,
    AssistanceVersion,
)
from registry.catalog.models import App
from registry.core import clock, scope
from registry.core.db import db
from registry.core.uow import unit_of_work
from registry.tenants.models import City

APP, CITY = "lapor", "bontang"
ASKER = ("operator@bontang.example", "Operator Dinas PUPR Bontang (demo)")
HELPER = ("maintainer@bandung.example", "Pengelola Program, Diskominfo Bandung (demo)")
DAYS = 6
TITLE = "Aduan tanpa lokasi masuk ke dinas yang salah (contoh)"
TRIED = "Membuka menu kategori dan memeriksa nama dinas di setiap kategori (contoh)."
SAID = (
    (rules.CITY, "open", 0, "Beberapa aduan tanpa titik lokasi selalu diteruskan ke dinas pertama dalam daftar. "
     "Seharusnya petugas memilih dinasnya dahulu (contoh)."),
    (rules.HELPER, "say", 5, "Bawaannya memang begitu selama kategori belum punya dinas tujuan. Buka Pengaturan, lalu "
     "Kategori, dan kosongkan dinas bawaan: aduan menunggu sampai petugas memilih (contoh)."),
    (rules.CITY, "solve", 27, "Sudah kami kosongkan, dan aduan kini menunggu dipilih. Terima kasih (contoh)."),
)  # fmt: skip
NOTE = "Masukkan ke panduan operator pada rilis berikutnya (contoh)."
QUESTION = "Mengapa aduan tanpa lokasi langsung masuk ke satu dinas? (contoh)"
ANSWER = (
    "Selama sebuah kategori punya dinas bawaan, aduan tanpa lokasi langsung diteruskan ke sana. Kosongkan dinas bawaan "
    "di Pengaturan, bagian Kategori: aduan lalu menunggu sampai petugas memilih dinas yang tepat (contoh)."
)


def fill() -> None:
    """Once, when the app is there and nobody has asked for assistance yet."""
    scope.enter_programme()
    app = db.session.scalar(select(App).where(App.slug == APP))
    city = db.session.scalar(select(City).where(City.slug == CITY, City.demo))
    if app is None or city is None or db.session.scalar(select(AssistanceRequest.id).limit(1)):
        return
    with unit_of_work():
        begun = clock.now() - timedelta(days=DAYS)
        request = _request(app, city, begun)
        _messages(request, begun)
        _kept(request, begun + timedelta(hours=30))


def _request(app: App, city: City, begun: datetime) -> AssistanceRequest:
    made = AssistanceRequest(
        tenant_id=city.id, app_id=app.id, helper_id=app.publisher_id, title=TITLE, tried=TRIED, plugin=APP,
        urgency=rules.NORMAL, phase=rules.OPERATION, promised=rules.INSTALLATION, covered=False, state=rules.SOLVED,
        author_id=_id(ASKER[0]), assignee_id=_id(HELPER[0]), version=len(SAID), opened_at=begun,
        answered_at=begun + timedelta(hours=SAID[1][2]), waiting_since=begun + timedelta(hours=SAID[2][2]),
        solved_at=begun + timedelta(hours=SAID[2][2]),
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    return made


def _messages(request: AssistanceRequest, begun: datetime) -> None:
    for side, act, hours, text in SAID:
        email, name = ASKER if side == rules.CITY else HELPER
        db.session.add(
            AssistanceMessage(tenant_id=request.tenant_id, request_id=request.id, side=side, act=act, text=text,
                              author_id=_id(email), author=name, at=begun + timedelta(hours=hours))
        )  # fmt: skip
        db.session.flush()
    db.session.add(
        AssistanceNote(tenant_id=request.helper_id, request_id=request.id, author=HELPER[1], text=NOTE, at=begun)
    )


def _kept(request: AssistanceRequest, moment: datetime) -> None:
    """The words both sides agreed to, on the app's page."""
    words = {"question": QUESTION, "answer": ANSWER}
    answer = AssistanceAnswer(app_id=request.app_id, city_id=request.tenant_id, version=1, agreed_at=moment, demo=True,
                              **words)  # fmt: skip
    db.session.add(answer)
    db.session.flush()
    own = {"tenant_id": request.tenant_id, "request_id": request.id, "version": 1, "named": True,
           "agreed_city": ASKER[1], "agreed_helper": HELPER[1], **words}  # fmt: skip
    db.session.add_all(
        [AssistanceDraft(answer_id=answer.id, updated_at=moment, **own), AssistanceVersion(agreed_at=moment, **own)]
    )


def _id(email: str) -> int | None:
    found = accounts.find_by_email(email)
    return found.id if found else None
