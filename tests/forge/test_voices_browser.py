"""What officials ask and declare and maintainers answer, in a real browser: both languages, wide and on a phone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from registry.accounts import service as accounts
from registry.core.uow import unit_of_work
from tests.forge.conftest import World, user
from tests.pages import launched, look, person

pytestmark = pytest.mark.xdist_group("browser-forge")
PASSWORD = "sandi untuk mencoba halaman"
TEXT = "Apakah aplikasi ini berjalan di ponsel lama milik warga? (contoh)"
OTHER = "Apakah aplikasi ini berjalan di ponsel lima tahun lalu? (contoh)"
ANSWER = "Berjalan, juga tanpa JavaScript. Foto dikecilkan dahulu sebelum dikirim (contoh)."
USE = "Tiga dinas menjawab aduan warga dengan aplikasi ini setiap hari kerja (contoh)."


@pytest.fixture
def people(world: World) -> World:
    """Those of the programme have a password."""
    with world.app.app_context(), unit_of_work():
        for name in "ab":
            accounts.set_password(user(f"{name}@example.id"), PASSWORD)
    return world


def sign_in(page: Page, world: World, name: str) -> None:
    page.goto(f"{world.origin}/sign-in?next=/apps/lapor")
    page.fill("[name=email]", f"{name}@example.id")
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    expect(page.locator("h1")).to_contain_text("Lapor")


def test_a_city_asks_declares_and_reads_the_answer(people: World) -> None:
    with launched() as browser, person(browser) as asker, person(browser) as maintainer:
        sign_in(asker, people, "b")
        asks(asker)
        sign_in(maintainer, people, "a")
        answers(maintainer, people)
        asker.reload()
        expect(asker.locator(".answer")).to_contain_text(ANSWER)
        declares(asker)
        look(asker, "voices-app")
        withdraws(asker)


def asks(page: Page) -> None:
    page.get_by_role("link", name="Ajukan pertanyaan").click()
    look(page, "voices-ask")
    page.get_by_role("button", name="Tanyakan").click()
    expect(page.locator(".field-error")).to_be_visible()
    page.get_by_label("Pertanyaan Anda").fill(TEXT)
    page.get_by_role("button", name="Tanyakan").click()
    question = page.locator(".voice").filter(has_text=TEXT)
    expect(question).to_contain_text("Menunggu jawaban")
    question.get_by_role("link", name="Ubah").click()
    page.get_by_label("Pertanyaan Anda").fill(OTHER)
    page.get_by_role("button", name="Simpan").click()
    expect(page.locator(".voice")).to_contain_text("diubah pada")


def answers(page: Page, world: World) -> None:
    page.goto(f"{world.origin}/programme/questions")
    expect(page.locator(".rows")).to_contain_text(OTHER)
    look(page, "voices-waiting")
    page.get_by_role("link", name="Jawab Kota Bontang").click()
    look(page, "voices-answer")
    page.get_by_label("Jawaban").fill(ANSWER)
    page.get_by_role("button", name="Terbitkan jawaban").click()
    expect(page.locator(".answer")).to_contain_text(ANSWER)
    page.get_by_role("link", name="Ubah jawaban").click()
    look(page, "voices-answered")
    page.goto(f"{world.origin}/programme/questions")
    expect(page.locator(".empty")).to_be_visible()
    look(page, "voices-none")


def declares(page: Page) -> None:
    page.get_by_role("link", name="Ceritakan").click()
    page.locator("[name=use_case]").fill(USE)
    page.locator("[name=instance_url]").fill("https://lapor.bontang.example/")
    page.locator("[name=experience]").fill("Petugas cepat terbiasa (contoh).")
    page.locator("form.sheet [type=submit]").first.click()
    expect(page.locator(".voice").filter(has_text=USE)).to_be_visible()
    page.get_by_role("link", name="Ubah pernyataan kota Anda").click()
    page.locator("details.sheet > summary").click()
    look(page, "voices-declare")
    page.goto(page.url.partition("/declare")[0])


def withdraws(page: Page) -> None:
    page.locator(".voice").filter(has_text=OTHER).get_by_role("button", name="Tarik").click()
    expect(page.get_by_role("button", name="Tampilkan kembali")).to_be_visible()
    look(page, "voices-withdrawn")
    page.get_by_role("button", name="Tampilkan kembali").click()
    expect(page.locator(".answer")).to_contain_text(ANSWER)
