"""A clerk at work: the form is kept though the token ended, and signing out everywhere ends all of it.

The app keeps its data in PostgreSQL: its way there, through the gateway, is walked too. Without scripts in the browser.
"""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from joserfc import jwt
from joserfc.jwk import OKPKey
from playwright.sync_api import Browser, Page, expect

from registry.core import secrets

from .. import bundles
from ..stack import Stack, until
from ..web import Client
from .desk import sign_in

pytestmark = [
    pytest.mark.sandbox,
    pytest.mark.filterwarnings("ignore::joserfc.errors.SecurityWarning"),
]
COOKIE = "__Host-lumbung"
EMAIL = "admin@bontang.example"
CATAT = '''\
"""Notes of the staff, kept in PostgreSQL."""

import html
import os
from urllib.parse import parse_qs

import psycopg


def connect():
    return psycopg.connect(os.environ["DATABASE_URL"], autocommit=True)


def migrate():
    with connect() as connection:
        connection.execute("create table if not exists notes (id serial primary key, who text, word text)")


def app(environ, start_response):
    path, method = environ["PATH_INFO"], environ["REQUEST_METHOD"]
    if path == "/kerja" and method == "POST":
        word = parse_qs(environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"])).decode())["word"][0]
        with connect() as connection:
            connection.execute("insert into notes (who, word) values (%s, %s)", (environ["HTTP_X_LUMBUNG_NAME"], word))
        start_response("303 See Other", [("Location", "/kerja")])
        return [b""]
    start_response("200 OK", [("Content-Type", "text/html; charset=utf-8")])
    if path != "/kerja":
        return [b"ok"]
    with connect() as connection:
        rows = connection.execute("select who, left(word, 60), length(word) from notes order by id").fetchall()
    lines = "".join(f"<li>{html.escape(f'{who}: {word} ({size})')}</li>" for who, word, size in rows)
    form = '<form method="post"><label>Catatan <textarea name="word"></textarea></label><button>Simpan</button></form>'
    return [f"<!doctype html><title>Catat</title><ul>{lines}</ul>{form}".encode()]
'''
MANIFEST = """\
[plugin]
runtime = "python-wsgi/1"
entrypoint = "catat:app"
[data]
store = "postgresql"
migrate = "catat:migrate"
[config]
schema = "config.schema.json"
[access]
staff = ["/kerja"]
"""


@pytest.fixture(scope="module")
def catat(stack: Stack, bontang: Client, place: Path) -> str:
    """Deployed by Bontang; where its desk is."""
    folder = bundles.write(place / "bundles" / "catat", CATAT)
    (folder / "lumbung.toml").write_text(MANIFEST)
    done = stack.run("publish", str(folder))
    assert done.returncode == 0, done.stdout + done.stderr
    assert bontang.post("/api/v1/forks", {"app": "catat"}).status == 201
    job = bontang.wait_job(bontang.post("/api/v1/deployments", {"city": "bontang", "app": "catat"}).json)
    assert job["state"] == "done", job
    return f"{stack.url('catat')}/kerja"


@pytest.fixture
def clerk(browser: Browser, stack: Stack, catat: str) -> Iterator[Page]:
    """At the desk, the form open."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(catat)
    sign_in(page, EMAIL, stack.password)
    expect(page).to_have_url(catat)
    yield page
    context.close()


def token(page: Page) -> str:
    return next(str(one["value"]) for one in page.context.cookies() if one["name"] == COOKIE)


def later(page: Page, stack: Stack, minutes: int) -> None:
    """So much time passes for the token in the browser."""
    folder = stack.data / "secrets"
    claims = jwt.decode(token(page), OKPKey.import_key(secrets.public_key(folder)), algorithms=["EdDSA"]).claims
    moved = {name: claims[name] - 60 * minutes for name in ("iat", "exp", "since", "until")}
    key = OKPKey.import_key(secrets.signing_key(folder))
    value = jwt.encode({"alg": "EdDSA"}, {**claims, **moved}, key, algorithms=["EdDSA"])
    name = page.url.partition("//")[2].partition("/")[0].partition(":")[0]
    page.context.add_cookies([{"name": COOKIE, "value": value, "domain": name, "path": "/", "secure": True,
                               "httpOnly": True, "sameSite": "Lax"}])  # fmt: skip


def save(page: Page, word: str) -> None:
    page.fill("textarea", word)
    page.get_by_role("button", name="Simpan").click()


FORGED = (
    "X-Lumbung-Person: 1\r\nX-Lumbung-Role: administrator\r\nX-Lumbung-Name: a\r\n",
    "x-LUMBUNG-person: 1\r\nX_Lumbung_Person: 1\r\nX-Lumbung_Person: 1\r\nRemote-User: 1\r\n",
    "Connection: X-Lumbung-Person, X-Forwarded-Proto, close\r\nX-Lumbung-Person: 1\r\n",
    "X-Lumbung-Caller: antrian\r\nAuthorization: Lumbung x.y.z\r\n",
    "Cookie: __Host-lumbung=x\r\nCookie: __Host-lumbung=y\r\n",
    "Content-Length: 0\r\nX-Forwarded-User: 1\r\nX-Authenticated-User: 1\r\n",
)


@pytest.mark.parametrize("forged", FORGED)
def test_no_header_makes_a_clerk_of_a_stranger(catat: str, stack: Stack, forged: str) -> None:
    host = f"catat.bontang.localhost:{stack.port}"
    with socket.create_connection(("127.0.0.1", stack.port), 30) as client:
        client.sendall(f"GET /kerja HTTP/1.1\r\nHost: {host}\r\nAccept: text/html\r\n{forged}\r\n".encode())
        answer = client.recv(65536).decode("latin-1")
    status = answer.split(" ")[1]
    assert status in ("302", "400"), answer
    assert status == "400" or "Location: /_lumbung/enter?next=/kerja" in answer


@pytest.mark.parametrize(("minutes", "size"), [(1, 20), (20, 20), (100, 20), (20, 3_000_000)])
def test_a_form_is_kept_however_long_it_lay_open(clerk: Page, stack: Stack, minutes: int, size: int) -> None:
    before = token(clerk)
    word = f"setelah {minutes} menit, {size} " + "x" * size
    clerk.locator("textarea").evaluate("(field, value) => { field.value = value }", word)
    later(clerk, stack, minutes)
    clerk.get_by_role("button", name="Simpan").click()
    expect(clerk.locator("li").last).to_contain_text(word[:40])
    expect(clerk.locator("li").last).to_contain_text(f"({len(word)})")
    assert token(clerk) != before


def test_after_hours_the_browser_keeps_the_form_and_one_signs_in_beside_it(
    clerk: Page, stack: Stack, catat: str
) -> None:
    clerk.fill("textarea", "setelah makan siang yang panjang")
    later(clerk, stack, 5 * 60)
    clerk.get_by_role("button", name="Simpan").click()
    expect(clerk.locator("h1")).to_have_text("Masuk lagi, lalu kirim ulang")
    with clerk.context.expect_page() as opened:
        clerk.get_by_role("link", name="Masuk di tab baru").click()
    opened.value.wait_for_load_state()
    assert opened.value.url.startswith(stack.url("catat")), "the registry still knows the clerk"
    clerk.reload()
    expect(clerk).to_have_url(catat)
    expect(clerk.locator("li").last).to_contain_text("setelah makan siang yang panjang")


def test_signing_out_everywhere_ends_the_plugin_within_seconds(
    clerk: Page, browser: Browser, stack: Stack, catat: str
) -> None:
    save(clerk, "sebelum keluar")
    elsewhere = browser.new_context().new_page()
    elsewhere.goto(f"{stack.origin}/sign-in?next=/account/sessions")
    sign_in(elsewhere, EMAIL, stack.password)
    elsewhere.locator("form[action='/account/sign-out-everywhere'] button").click()
    elsewhere.wait_for_url(f"{stack.origin}/sign-in")
    began = time.monotonic()
    until(lambda: clerk.goto(catat) and "/sign-in" in clerk.url)
    assert time.monotonic() - began < 5
    elsewhere.context.close()


def test_one_who_signs_out_at_the_registry_is_out_of_the_plugin(clerk: Page, stack: Stack, catat: str) -> None:
    clerk.goto(f"{stack.origin}/account")
    clerk.locator("form[action='/sign-out'] button").first.click()
    until(lambda: clerk.goto(catat) and "/sign-in" in clerk.url)
