"""What every person of the stories does at a browser."""

from __future__ import annotations

from io import BytesIO

import pyotp
import zxingcpp
from PIL import Image
from playwright.sync_api import Page

MAINTAINER = "maintainer@bandung.example"


def sign_in(page: Page, email: str, password: str) -> None:
    page.fill("[name=email]", email)
    page.fill("[name=password]", password)
    page.press("[name=password]", "Enter")
    page.wait_for_url(lambda url: "/sign-in" not in url)


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).first.click()


def set_up_codes(page: Page) -> str:
    """From the page that demands a second factor on to where one wanted to go: the picture is read as a phone reads
    it. Answers with a recovery code.
    """
    page.locator("a[href*='/account/security/app']").first.click()
    picture = Image.open(BytesIO(page.locator(".qr").screenshot()))
    (read,) = zxingcpp.read_barcodes(picture)
    page.fill("[name=code]", pyotp.parse_uri(read.text).now())
    page.press("[name=code]", "Enter")
    code = page.locator(".recovery-codes code").first.inner_text()
    page.locator(".actions a").click()
    return code
