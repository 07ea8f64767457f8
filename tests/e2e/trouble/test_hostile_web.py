"""What a hostile app's answers and pages, and visitors who speak no proper HTTP, do to everybody else: nothing."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import ExitStack, suppress

import pytest
from playwright.sync_api import Browser, Page, expect

from ..stack import Stack
from ..web import Client
from .test_hostile import tried

pytestmark = [
    pytest.mark.sandbox,
    pytest.mark.usefixtures("neighbours_answer"),
]
EMAIL = "admin@bontang.example"
RUDE = """
headers = [("Set-Cookie", "session=tossed; Domain=localhost; Path=/console"), ("Set-Cookie", "x=1; Domain=.localhost"),
           ("Set-Cookie", "__Host-lumbung=forged; Path=/; Secure"), ("Clear-Site-Data", '"cookies"'),
           ("Strict-Transport-Security", "max-age=9"), ("Alt-Svc", 'h3=":1"'), ("X-Accel-Redirect", "/etc/passwd"),
           ("X-Sendfile", "/etc/passwd"), *(("Set-Cookie", f"a{n}=" + "x" * 4000) for n in range(200))]
"""


def test_what_its_answers_say_beyond_its_origin_is_cut(guest: Client) -> None:
    answer = guest.post("/", RUDE.encode())
    assert answer.status == 200
    for name in ("Clear-Site-Data", "Strict-Transport-Security", "Alt-Svc", "X-Accel-Redirect", "X-Sendfile"):
        assert name not in answer.headers
    cookies = answer.headers.get_all("Set-Cookie") or []
    assert sum(map(len, cookies)) <= 16_384
    assert [cookie for cookie in cookies if "omain" in cookie or "lumbung" in cookie] == []


def test_it_hands_no_connection_over(guest: Client) -> None:
    upgraded = guest.post("/", b"status = '101 Switching Protocols'; headers = [('Upgrade', 'websocket')]")
    assert upgraded.status == 502
    assert guest.get("/", [("Connection", "Upgrade"), ("Upgrade", "h2c"), ("HTTP2-Settings", "")]).status == 200


HOST = "Host: nakal.bontang.localhost"
SECOND = "GET / HTTP/1.1\nHost: lapor.bandung.localhost\n\n"
ODD = {
    "length and chunks": f"POST / HTTP/1.1\n{HOST}\nContent-Length: 6\nTransfer-Encoding: chunked\n\n0\n\n{SECOND}",
    "two lengths": f"POST / HTTP/1.1\n{HOST}\nContent-Length: 0\nContent-Length: 44\n\n{SECOND}",
    "a strange coding": f"POST / HTTP/1.1\n{HOST}\nTransfer-Encoding: xchunked\n\n0\n\n{SECOND}",
    "two codings": f"POST / HTTP/1.1\n{HOST}\nTransfer-Encoding: chunked\nTransfer-Encoding: identity\n\n0\n\n{SECOND}",
    "a space before the colon": f"POST / HTTP/1.1\n{HOST}\nTransfer-Encoding : chunked\n\n0\n\n{SECOND}",
    "a negative length": f"POST / HTTP/1.1\n{HOST}\nContent-Length: -1\n\n{SECOND}",
    "a length with a sign": f"POST / HTTP/1.1\n{HOST}\nContent-Length: +5\n\n{SECOND}",
    "two hosts": f"GET / HTTP/1.1\n{HOST}\nHost: localhost\n\n",
    "no host": "GET / HTTP/1.1\n\n",
    "an endless header": f"GET / HTTP/1.1\n{HOST}\nX-Big: {'x' * 100_000}\n\n",
}


@pytest.mark.parametrize("request_", ODD.values(), ids=ODD)
def test_an_odd_request_is_refused_or_is_one(guest: Client, stack: Stack, request_: str) -> None:
    with socket.create_connection(("127.0.0.1", stack.port), 30) as client:
        answer = b""
        with suppress(ConnectionError):
            client.sendall(request_.replace("\n", "\r\n").encode("latin-1"))
            while (piece := client.recv(65536)) and b"Connection: close" not in answer and b" 200 " not in answer:
                answer += piece
    status = answer.split(b" ", 2)[1] if answer else b"400"
    assert status in (b"400", b"411", b"413", b"431", b"501") or request_ is ODD["length and chunks"], answer[:300]
    assert answer.count(b"HTTP/1.1 200") <= 1


def test_a_hundred_who_never_end_their_request_keep_nobody_waiting(guest: Client, stack: Stack) -> None:
    halves = (b"GET / HTTP/1.1\r\nHost: nakal.bontang.localhost\r\nX-A: ",
              b"POST / HTTP/1.1\r\nHost: nakal.bontang.localhost\r\nContent-Length: 9\r\n\r\nre",
              b"POST /sign-in HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\nem")  # fmt: skip
    with ExitStack() as held:
        for number in range(102):
            one = held.enter_context(socket.create_connection(("127.0.0.1", stack.port), 30))
            one.sendall(halves[number % 3])
        assert guest.get("/").text == "alive"
        assert stack.plugin("lapor", "bandung").get("/healthz").status == 200
        assert stack.anyone.get("/").status == 200


@pytest.fixture
def signed_in(browser: Browser, stack: Stack, guest: Client) -> Iterator[Page]:
    """An admin's browser that knows the registry, and now opens the hostile app."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{stack.origin}/sign-in?next=/account")
    _enter(page, stack)
    page.wait_for_url(f"{stack.origin}/account")
    page.goto(stack.url("nakal"))
    yield page
    context.close()


def _enter(page: Page, stack: Stack) -> None:
    page.fill("[name=email]", EMAIL)
    page.fill("[name=password]", stack.password)
    page.press("[name=password]", "Enter")


PAGE = """async ({registry, neighbour}) => {
  const tried = {}
  const attempt = async (name, act) => {
    try { tried[name] = String(await act()) } catch (error) { tried[name] = error.name }
  }
  for (const origin of [registry, neighbour]) {
    await attempt('read ' + origin, async () => (await fetch(origin + '/', {credentials: 'include'})).text())
    await attempt('act ' + origin, async () => (await fetch(origin + '/api/v1/forks',
      {method: 'POST', credentials: 'include', headers: {'Content-Type': 'application/json'}, body: '{}'})).status)
    await attempt('worker ' + origin, async () => navigator.serviceWorker.register(origin + '/sw.js'))
    await attempt('frame ' + origin, async () => {
      const frame = document.body.appendChild(document.createElement('iframe'))
      await new Promise(done => { frame.onload = done; frame.src = origin + '/account' })
      return frame.contentWindow.document.body.innerText
    })
    await fetch(origin + '/sign-out', {method: 'POST', mode: 'no-cors', credentials: 'include'}).catch(() => 0)
  }
  for (const domain of ['localhost', '.localhost', 'bandung.localhost', 'lapor.bandung.localhost'])
    for (const name of ['session', 'lumbung', '__Host-lumbung'])
      document.cookie = `${name}=tossed; Path=/; Domain=${domain}`
  for (let n = 0; n < 300; n++) document.cookie = `full${n}=` + 'x'.repeat(3900) + '; Domain=localhost'
  return tried
}"""


def test_a_page_of_it_reads_and_does_nothing_elsewhere(signed_in: Page, stack: Stack) -> None:
    neighbour = stack.url("lapor", "bandung")
    before = signed_in.context.cookies([stack.origin, neighbour])
    tried_there = signed_in.evaluate(PAGE, {"registry": stack.origin, "neighbour": neighbour})
    assert set(tried_there.values()) <= {"TypeError", "SecurityError"}, tried_there
    assert signed_in.context.cookies([stack.origin, neighbour]) == before
    signed_in.goto(f"{stack.origin}/account")
    assert signed_in.url == f"{stack.origin}/account", "still signed in"


def test_a_window_it_opens_is_out_of_its_hands(signed_in: Page, stack: Stack) -> None:
    with signed_in.context.expect_page() as opened:
        signed_in.evaluate("address => { window.theirs = window.open(address) }", f"{stack.origin}/account")
    opened.value.wait_for_load_state()
    signed_in.wait_for_function("window.theirs.closed")  # parted as soon as the registry's page is there
    assert opened.value.evaluate("window.opener") is None


SAID = "<img src=x onerror=document.title='owned'><script>document.title='owned'</script>\\x1b[31m\\u202e</pre>"


def test_words_in_its_log_are_no_markup_on_the_page_of_the_log(guest: Client, signed_in: Page, stack: Stack) -> None:
    tried(guest, f"print({SAID!r}.encode().decode('unicode_escape'), 'di sini', flush=True)")
    signed_in.goto(f"{stack.origin}/console/bontang/plugins/nakal/log?q=sini")
    expect(signed_in.locator("pre.log")).to_contain_text("<script>document.title='owned'</script>")
    assert "owned" not in signed_in.title()
    assert "\x1b" not in signed_in.content() and "\u202e" not in signed_in.content()


@pytest.mark.parametrize("elsewhere", ["//jahat.example", "/%5Cjahat.example", "/%09/jahat.example"])
def test_nobody_is_led_out_after_signing_in(browser: Browser, stack: Stack, elsewhere: str) -> None:
    page = browser.new_page()
    page.goto(f"{stack.origin}/sign-in?next={elsewhere}")
    _enter(page, stack)
    page.wait_for_url(lambda url: "/sign-in" not in url)
    assert page.url.startswith(f"{stack.origin}/")
    page.close()
