"""Which single values publiccode.yml 0.x allows: each check takes the text and gives why it is refused, or None."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from urllib.parse import urlsplit

from flask_babel import gettext as _
from packaging.licenses import InvalidLicenseExpression, canonicalize_license_expression

from registry.catalog.publiccode import graphemes
from registry.loading import when_needed

Check = Callable[[str], str | None]

LANGUAGES = "langcodes:tag_is_valid"
"""Its tables cost every process a twelfth of what loading the registry does (0.2 s of 2.7)."""

CATEGORIES = frozenset(
    """
    accounting agile-project-management applicant-tracking application-development
    appointment-scheduling backup billing-and-invoicing blog budgeting business-intelligence
    business-process-management cad call-center-management cloud-management collaboration
    communications compliance-management contact-management content-management crm
    customer-service-and-support data-analytics data-collection data-visualization design design-system
    digital-asset-management digital-citizenship document-management donor-management e-commerce
    e-signature educational-content email-management email-marketing employee-management
    enterprise-project-management enterprise-social-networking erp event-management facility-management
    feedback-and-reviews-management financial-reporting fleet-management fundraising gamification
    geographic-information-systems grant-management graphic-design help-desk hr ide identity-management
    instant-messaging integrated-library-system inventory-management it-asset-management it-development
    it-management it-security it-service-management knowledge-management learning-management-system
    marketing mind-mapping mobile-marketing mobile-payment network-management office online-booking
    online-community payment-gateway payroll predictive-analysis procurement productivity-suite
    project-collaboration project-management property-management real-estate-management
    regulations-and-directives remote-support resource-management sales-management seo service-desk
    social-media-management survey talent-management task-management taxes-management test-management
    time-management time-tracking translation video-conferencing video-editing visitor-management voip
    warehouse-management web-collaboration web-conferencing whistleblowing website-builder
    workflow-management other
    """.split()
)
SCOPES = frozenset(
    """
    agriculture culture defence education emergency-services employment energy environment
    finance-and-economic-development foreign-affairs government healthcare infrastructures justice
    local-authorities manufacturing research science-and-technology security society sport tourism
    transportation welfare
    """.split()
)
COUNTRIES = frozenset(
    """
    AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ
    CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO
    FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE
    JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO
    MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW
    PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM
    TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW
    """.split()
)
SUPPORTS = frozenset("gdpr eidas nis2 cra spid cie anpr pagopa io".split())
VIDEO_HOSTS = frozenset(
    """
    youtube.com youtu.be vimeo.com dailymotion.com ted.com streamable.com vidyard.com wistia.com livestream.com
    microsoftstream.com odysee.com facebook.com tiktok.com slideshare.net sproutvideo.com nfb.ca d.tube loom.com
    """.split()
)
"""Of the oEmbed providers' list, those that carry videos."""

BCP47 = re.compile(
    r"(?:[a-z]{2,3}(?:-[a-z]{3}){0,3}|[a-z]{4}|[a-z]{5,8})(?:-[a-z]{4})?(?:-(?:[a-z]{2}|\d{3}))?"
    r"(?:-(?:[a-z0-9]{5,8}|\d[a-z0-9]{3}))*(?:-[0-9a-wy-z](?:-[a-z0-9]{2,8})+)*(?:-x(?:-[a-z0-9]{1,8})+)?"
    r"|x(?:-[a-z0-9]{1,8})+",
    re.IGNORECASE | re.ASCII,
)
MIME = re.compile(r" *[A-Za-z0-9][A-Za-z0-9!#$&^_-]{0,126}/[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]{0,126} *")
URN = re.compile(r"urn:[a-z0-9][a-z0-9-]{0,31}:(?:[a-z0-9()+,\-.:=@;$_!*']|%[0-9a-f]{2})+", re.IGNORECASE)
EMAIL = re.compile(r"[^\s@<>()\[\]\\,;:\"]+@(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z0-9-]{2,}", re.IGNORECASE)
ITALIAN_BODY = re.compile(r"(?:[a-z]{1,6}_)?[a-z0-9-]{1,16}", re.IGNORECASE)
"""The shape of an IPA code; the list of all of them is the reference parser's and not carried along here."""


def one_of(*allowed: str) -> Check:
    def check(text: str) -> str | None:
        return None if text in allowed else _("Must be one of: %(values)s.", values=", ".join(allowed))

    return check


def between(least: int, most: int) -> Check:
    """Length in grapheme clusters."""

    def check(text: str) -> str | None:
        length = graphemes.count(text)
        if length < least:
            return _("Too short: %(length)d characters, at least %(least)d are needed.", length=length, least=least)
        if length > most:
            return _("Too long: %(length)d characters, at most %(most)d are allowed.", length=length, most=most)
        return None

    return check


def category(text: str) -> str | None:
    return None if text in CATEGORIES else _("%(value)s is not a category of the standard.", value=text[:60])


def scope(text: str) -> str | None:
    return None if text in SCOPES else _("%(value)s is not a scope of the standard.", value=text[:60])


def country(text: str) -> str | None:
    known = text.upper() in COUNTRIES and text in (text.upper(), text.lower())
    return None if known else _("Must be a country code of two letters (ISO 3166-1), such as ID.")


def language(text: str) -> str | None:
    """Written as BCP 47 says and of subtags that are registered: ``xxx`` is no language."""
    known = BCP47.fullmatch(text) and when_needed(LANGUAGES)(text)
    return None if known else _("Must be a language tag (BCP 47), such as id or en-GB.")


def day(text: str) -> str | None:
    message = _("Must be a date written YYYY-MM-DD.")
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", text, re.ASCII):
        return message
    try:
        date.fromisoformat(text)
    except ValueError:
        return message
    return None


def url(text: str) -> str | None:
    try:
        parts = urlsplit(text)
    except ValueError:
        parts = urlsplit("")
    clean = text.isprintable() and not re.search(r"\s", text)
    good = clean and parts.scheme and (parts.netloc or (parts.scheme not in ("http", "https") and parts.path))
    return None if good else _("Must be a complete address (URL).")


def web_url(text: str) -> str | None:
    problem = url(text)
    if problem is None and urlsplit(text).scheme.lower() not in ("http", "https"):
        return _("Must be an address that begins with https:// (or http://).")
    return problem


def organisation(text: str) -> str | None:
    message = _("Must be an address or a URN, such as urn:x-kemendagri:32.73.")
    if not text.lower().startswith("urn:"):
        return None if url(text) is None and urlsplit(text).netloc else message
    if not URN.fullmatch(text):
        return message
    body = text.lower().removeprefix("urn:").split(":", 1)
    return message if body[0] == "x-italian-pa" and not ITALIAN_BODY.fullmatch(body[1]) else None


def italian_body(text: str) -> str | None:
    return None if not text or ITALIAN_BODY.fullmatch(text) else _("Must be an IPA code, such as c_h501.")


def supports(text: str) -> str | None:
    if text.startswith("alias:"):
        known = text.removeprefix("alias:") in SUPPORTS
        return None if known else _("Unknown alias. Known are: %(values)s.", values=", ".join(sorted(SUPPORTS)))
    return organisation(text)


def mime(text: str) -> str | None:
    return None if MIME.fullmatch(text) else _("Must be a media type, such as text/plain.")


def email(text: str) -> str | None:
    return None if not text or EMAIL.fullmatch(text) else _("Must be an e-mail address.")


def spdx(text: str) -> str | None:
    try:
        canonicalize_license_expression(text)
    except InvalidLicenseExpression:
        return _("Must be a licence by its SPDX name (see spdx.org/licenses), such as EUPL-1.2 or AGPL-3.0-or-later.")
    return None


def file_or_url(*endings: str) -> Check:
    """A path inside the repository or an address, ending in one of ``endings`` (any, when none is given)."""

    def check(text: str) -> str | None:
        if text.startswith("/") or text.lower().startswith("file:"):
            return _("Must be a path inside the repository, without a leading /, or an https:// address.")
        if ".." in text.split("/"):
            return _("Must stay inside the repository: no .. in the path.")
        path = urlsplit(text).path if "://" in text else text
        if text and endings and not path.lower().endswith(endings):
            return _("Must end in one of: %(values)s.", values=", ".join(endings))
        return None

    return check


def video(text: str) -> str | None:
    host = urlsplit(text).hostname or "" if web_url(text) is None else ""
    known = any(host == name or host.endswith(f".{name}") for name in VIDEO_HOSTS)
    return None if known else _("Must be a video of a provider with oEmbed, such as YouTube or Vimeo.")
