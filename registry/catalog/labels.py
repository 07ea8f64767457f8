"""What codes of the standard are called on the screens, in both languages."""

from __future__ import annotations

from babel import Locale, UnknownLocaleError
from flask_babel import get_locale
from flask_babel import gettext as _

INDONESIAN = dict(
    line.split(" = ")
    for line in """
accounting = akuntansi
agile-project-management = manajemen proyek tangkas
applicant-tracking = penerimaan pegawai
application-development = pengembangan aplikasi
appointment-scheduling = penjadwalan janji temu
backup = pencadangan
billing-and-invoicing = penagihan dan faktur
blog = blog
budgeting = penganggaran
business-intelligence = analisis kinerja
business-process-management = manajemen proses kerja
cad = gambar teknik
call-center-management = pusat panggilan
cloud-management = pengelolaan komputasi awan
collaboration = kolaborasi
communications = komunikasi
compliance-management = kepatuhan
contact-management = pengelolaan kontak
content-management = pengelolaan konten
crm = hubungan pelanggan
customer-service-and-support = layanan pelanggan
data-analytics = analisis data
data-collection = pengumpulan data
data-visualization = visualisasi data
design = desain
design-system = sistem desain
digital-asset-management = aset digital
digital-citizenship = kewargaan digital
document-management = pengelolaan dokumen
donor-management = pengelolaan donatur
e-commerce = niaga elektronik
e-signature = tanda tangan elektronik
educational-content = materi pendidikan
email-management = pengelolaan surel
email-marketing = pemasaran surel
employee-management = pengelolaan pegawai
enterprise-project-management = manajemen proyek lembaga
enterprise-social-networking = jejaring sosial lembaga
erp = perencanaan sumber daya lembaga
event-management = pengelolaan acara
facility-management = pengelolaan fasilitas
feedback-and-reviews-management = aduan dan umpan balik
financial-reporting = pelaporan keuangan
fleet-management = pengelolaan kendaraan
fundraising = penggalangan dana
gamification = gamifikasi
geographic-information-systems = sistem informasi geografis
grant-management = pengelolaan hibah
graphic-design = desain grafis
help-desk = meja bantuan
hr = sumber daya manusia
ide = lingkungan pengembangan
identity-management = pengelolaan identitas
instant-messaging = pesan instan
integrated-library-system = perpustakaan
inventory-management = persediaan
it-asset-management = aset TI
it-development = pengembangan TI
it-management = pengelolaan TI
it-security = keamanan TI
it-service-management = layanan TI
knowledge-management = pengelolaan pengetahuan
learning-management-system = pembelajaran
marketing = pemasaran
mind-mapping = peta pikiran
mobile-marketing = pemasaran seluler
mobile-payment = pembayaran seluler
network-management = pengelolaan jaringan
office = perkantoran
online-booking = pemesanan daring
online-community = komunitas daring
payment-gateway = gerbang pembayaran
payroll = penggajian
predictive-analysis = analisis prediktif
procurement = pengadaan
productivity-suite = produktivitas
project-collaboration = kolaborasi proyek
project-management = manajemen proyek
property-management = pengelolaan properti
real-estate-management = pertanahan dan bangunan
regulations-and-directives = peraturan
remote-support = bantuan jarak jauh
resource-management = pengelolaan sumber daya
sales-management = pengelolaan penjualan
seo = optimasi mesin pencari
service-desk = meja layanan
social-media-management = media sosial
survey = survei
talent-management = pengelolaan talenta
task-management = pengelolaan tugas
taxes-management = perpajakan
test-management = pengelolaan pengujian
time-management = pengelolaan waktu
time-tracking = pencatatan waktu
translation = penerjemahan
video-conferencing = konferensi video
video-editing = penyuntingan video
visitor-management = pengelolaan tamu
voip = telepon internet
warehouse-management = pergudangan
web-collaboration = kolaborasi web
web-conferencing = konferensi web
whistleblowing = pelaporan pelanggaran
website-builder = pembuat situs
workflow-management = alur kerja
other = lainnya
""".strip().splitlines()
)
ACRONYMS = {"cad": "CAD", "crm": "CRM", "erp": "ERP", "hr": "HR", "ide": "IDE", "seo": "SEO", "voip": "VoIP"}


def category(code: str) -> str:
    """In the visitor's language; English names are the standard's own words."""
    if str(get_locale()) == "id":
        return INDONESIAN.get(code, code)
    words = ACRONYMS.get(code, code.replace("-", " "))
    return "IT " + words[3:] if words.startswith("it ") else words


def maturity(code: str) -> str:
    names = {
        "concept": _("concept"), "development": _("in development"), "beta": _("trial (beta)"), "stable": _("stable"),
        "obsolete": _("no longer maintained"),
    }  # fmt: skip
    return names.get(code, code)


TONES = {"concept": "muted", "development": "info", "beta": "warn", "stable": "ok", "obsolete": "bad"}


def maintenance(code: str) -> str:
    names = {
        "internal": _("by the publisher's own people"), "contract": _("by contractors"),
        "community": _("by a community"), "none": _("nobody maintains it"),
    }  # fmt: skip
    return names.get(code, code)


def field(code: str) -> str:
    """A field of Perpres 95/2018 Pasal 63(3)."""
    names = {
        "planning": _("planning"), "budgeting": _("budgeting"), "procurement": _("procurement of goods and services"),
        "performance": _("performance accountability"), "monitoring": _("monitoring and evaluation"),
        "archives": _("archives"), "personnel": _("personnel"), "complaints": _("public complaints"),
    }  # fmt: skip
    return names.get(code, code)


BUDGETS = ("none", "small", "medium", "large")


def budget(code: str) -> str:
    """A class of yearly running cost, beside salaries and the host."""
    names = {
        "none": _("none to speak of"), "small": _("below 50 million rupiah"), "medium": _("50 to 250 million rupiah"),
        "large": _("above 250 million rupiah"),
    }  # fmt: skip
    return names.get(code, code)


STANDARDS = {
    "gdpr": "GDPR (EU 2016/679)", "eidas": "eIDAS (EU 910/2014)", "nis2": "NIS 2 (EU 2022/2555)",
    "cra": "Cyber Resilience Act (EU 2024/2847)", "spid": "SPID", "cie": "CIE", "anpr": "ANPR", "pagopa": "pagoPA",
    "io": "IO",
}  # fmt: skip


def standard(code: str) -> str:
    """What ``supports`` of publiccode.yml names: an alias by its title, anything else as it is."""
    return STANDARDS.get(code.removeprefix("alias:"), code)


def tongue(tag: str) -> str:
    """A language in the visitor's own: ``id`` is Indonesian."""
    try:
        return Locale.parse(tag, sep="-").get_display_name(get_locale()) or tag
    except (ValueError, UnknownLocaleError):
        return tag


def size(count: int) -> str:
    """Bytes as people say them: ``128 MB``, ``1,5 GB``; units are powers of 1024."""
    number, unit = float(count), "B"
    for larger in ("kB", "MB", "GB", "TB"):
        if number < 1024:
            break
        number, unit = number / 1024, larger
    text = f"{number:.0f}" if number >= 10 or number == int(number) else f"{number:.1f}"
    return f"{text.replace('.', ',') if str(get_locale()) == 'id' else text} {unit}"
