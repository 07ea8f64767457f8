"""The city a plugin serves, as the host tells it by environment variables."""

import os
from dataclasses import dataclass


@dataclass(frozen=True)
class City:
    """One kabupaten/kota.

    `code` is the Kemendagri code (`64.74`), `timezone` an IANA name, `color` `#rrggbb`, `logo` and `portal`
    a URL or empty, `demo` true where everything shown is demonstration data.
    """

    code: str
    slug: str
    name: str
    timezone: str
    locale: str
    color: str
    logo: str
    portal: str
    demo: bool


def city() -> City:
    """The city of this process; run alone, a neutral one so that every screen still works."""
    get = os.environ.get
    return City(
        code=get("TENANT_CODE", "00.00"),
        slug=get("TENANT_SLUG", "contoh"),
        name=get("TENANT_NAME") or "Kota Contoh",
        timezone=timezone(),
        locale=get("TENANT_LOCALE") or "id",
        color=get("TENANT_COLOR") or "#0b6e6e",
        logo=get("TENANT_LOGO", ""),
        portal=get("TENANT_PORTAL", ""),
        demo=get("TENANT_DEMO", "") == "1",
    )


def timezone() -> str:
    """The city's timezone alone, an IANA name: whoever tells thousands of moments asks for nothing else."""
    return os.environ.get("TENANT_TIMEZONE") or "Asia/Jakarta"


def hosted() -> bool:
    """True inside Lumbung: the host always names the origin a plugin answers at."""
    return bool(os.environ.get("PLUGIN_ORIGIN"))
