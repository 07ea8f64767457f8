"""What the made-up offices offer, by city. Services are common ones of Indonesian cities; every figure is made up."""

from dataclasses import dataclass

from antrian.models import Plan


@dataclass(frozen=True, slots=True)
class Offer:
    """A service of the demonstration; ``needs`` are lines, Indonesian and English."""

    code: str
    name: str
    name_en: str
    office: str
    minutes: int
    day_quota: int
    needs: str = "KTP"
    needs_en: str = "ID card"


@dataclass(frozen=True, slots=True)
class Place:
    """A city's office: what it offers, its counters with the letters they call, how many come in an hour."""

    offers: tuple[Offer, ...]
    counters: tuple[tuple[str, str], ...]
    rush: tuple[int, int]


HOURS = Plan(tuple(range(7)), "08:00", "16:00", "12:00", "13:00", 60, 14)
RECORDS = Offer(
    "A",
    "Kependudukan (KTP dan KK)",
    "Population records (ID and family card)",
    "Dinas Kependudukan dan Pencatatan Sipil",
    8,
    120,
    "KTP lama atau surat pengantar kelurahan\nKartu Keluarga",
    "Old ID card or a letter from the kelurahan\nFamily card",
)
PERMITS = Offer(
    "B",
    "Perizinan usaha",
    "Business permits",
    "Dinas Penanaman Modal dan PTSP",
    15,
    60,
    "KTP pemohon\nNomor Induk Berusaha, bila ada",
    "Applicant's ID card\nBusiness identification number, if any",
)
TAXES = Offer(
    "C",
    "Pajak daerah",
    "Local taxes",
    "Badan Pendapatan Daerah",
    6,
    120,
    "Surat pemberitahuan pajak terakhir",
    "The latest tax notice",
)
AID = Offer(
    "D",
    "Bantuan sosial dan jaminan kesehatan",
    "Social aid and health insurance",
    "Dinas Sosial",
    10,
    80,
    "KTP dan Kartu Keluarga\nKartu kepesertaan, bila ada",
    "ID card and family card\nMembership card, if any",
)
JOBS = Offer(
    "E",
    "Kartu pencari kerja (AK-1)",
    "Job seeker's card (AK-1)",
    "Dinas Ketenagakerjaan",
    7,
    80,
    "KTP\nIjazah terakhir\nPasfoto 3 × 4",
    "ID card\nLatest diploma\nPhoto 3 × 4 cm",
)
FISHING = Offer(
    "E",
    "Surat nelayan dan kapal kecil",
    "Papers for fishers and small boats",
    "Dinas Pertanian, Pangan dan Perikanan",
    12,
    50,
    "KTP\nBukti kepemilikan kapal",
    "ID card\nProof that the boat is yours",
)
VEHICLES = Offer(
    "F",
    "Uji kendaraan angkutan",
    "Tests of commercial vehicles",
    "Dinas Perhubungan",
    9,
    90,
    "STNK\nBuku uji sebelumnya",
    "Registration papers\nThe previous test book",
)

GENERIC = Place((RECORDS, PERMITS, TAXES, AID), (("Loket 1", "AD"), ("Loket 2", "ABC"), ("Loket 3", "BCD")), (3, 7))
PLACES = {
    "64.74": Place(
        (RECORDS, PERMITS, TAXES, AID, JOBS),
        (("Loket 1", "A"), ("Loket 2", "AD"), ("Loket 3", "BC"), ("Loket 4", "CDE")),
        (4, 8),
    ),
    "21.72": Place(
        (RECORDS, PERMITS, TAXES, AID, FISHING), (("Loket 1", "AD"), ("Loket 2", "ABC"), ("Loket 3", "BCE")), (3, 6)
    ),
    "32.73": Place(
        (RECORDS, PERMITS, TAXES, AID, JOBS, VEHICLES),
        (
            ("Loket 1", "A"),
            ("Loket 2", "A"),
            ("Loket 3", "BD"),
            ("Loket 4", "CE"),
            ("Loket 5", "DEF"),
            ("Loket 6", "ABC"),
        ),
        (6, 11),
    ),
}


def place_of(city_code: str) -> Place:
    """The content for a city's code; others get a middling town's."""
    return PLACES.get(city_code, GENERIC)
