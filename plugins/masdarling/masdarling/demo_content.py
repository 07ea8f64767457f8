"""What the demonstration tells, by city: real kelurahan; groups, people, weights and posts are made up."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """A city of the demonstration: its kelurahan in the order they joined, how many run, and its middle."""

    kelurahan: tuple[str, ...]
    running: int
    prepared: int
    middle: tuple[float, float]
    groups: int


GENERIC = Place(("Harapan", "Sukamaju", "Mekarsari", "Tirtajaya", "Karanganyar", "Sumberejo"), 3, 1, (-6.2, 106.8), 3)
PLACES = {
    "64.74": Place(
        (
            "Telihan", "Gunung Telihan", "Kanaan", "Api-Api", "Gunung Elai", "Belimbing", "Bontang Baru", "Loktuan",
            "Guntung", "Satimpo", "Bontang Kuala", "Berbas Tengah", "Berbas Pantai", "Berebas", "Tanjung Laut",
            "Tanjung Laut Indah", "Bontang Lestari",
        ), 8, 4, (0.132, 117.478), 5,
    ),
    "21.72": Place(
        (
            "Kampung Bulang", "Melayu Kota Piring", "Air Raja", "Batu IX", "Pinang Kencana", "Sei Jang", "Dompak",
            "Tanjung Ayun Sakti", "Tanjungpinang Timur", "Tanjung Unggat", "Bukit Cermin", "Kemboja", "Kampung Baru",
            "Tanjungpinang Barat", "Tanjungpinang Kota", "Kampung Bugis", "Senggarang", "Penyengat",
        ), 5, 4, (0.918, 104.466), 4,
    ),
    "32.73": Place(
        (
            "Sukamiskin", "Antapani Kidul", "Antapani Tengah", "Dago", "Cigadung", "Lebak Siliwangi", "Cipaganti",
            "Gegerkalong", "Isola", "Sukarasa", "Turangga", "Lingkar Selatan", "Braga", "Babakan Ciamis", "Kujangsari",
            "Pasirluyu",
        ), 11, 3, (-6.915, 107.62), 5,
    ),
}  # fmt: skip
KINDS = (
    # name, English name, family, rupiah per kg a year ago and now, usual grams of a deposit
    ("Botol plastik bening (PET)", "Clear plastic bottles (PET)", "plastik", 3200, 3500, 1800),
    ("Gelas plastik", "Plastic cups", "plastik", 4000, 4200, 900),
    ("Plastik campur", "Mixed plastic", "plastik", 900, 1000, 2500),
    ("Kardus", "Cardboard", "kertas", 1700, 1600, 4200),
    ("Kertas putih dan buku", "White paper and books", "kertas", 1900, 2000, 2600),
    ("Koran", "Newspapers", "kertas", 2500, 2700, 1900),
    ("Kaleng aluminium", "Aluminium cans", "logam", 11000, 12500, 600),
    ("Besi dan kaleng", "Iron and tins", "logam", 2800, 3000, 2200),
    ("Botol kaca", "Glass bottles", "kaca", 400, 400, 3500),
    ("Minyak jelantah", "Used cooking oil", "minyak", 4500, 5200, 1500),
    ("Barang elektronik rusak", "Broken electronics", "lain", 5000, 5500, 1200),
)
STAGES = (
    # name, English name, begins and ends in months from now, how many kelurahan
    ("Percontohan", "Pilot", -26, -15, 1),
    ("Kelurahan tetangga", "Neighbouring kelurahan", -14, -3, 5),
    ("Separuh kota", "Half the city", -2, 8, 9),
    ("Seluruh kota", "The whole city", 9, 22, 0),
)
ACTIVITIES = (
    (
        "Kerja bakti membersihkan parit",
        "Warga mengangkat sampah dan lumpur dari parit sepanjang RT, lalu memilahnya di pos.",
    ),
    (
        "Membuat kompos dari dapur",
        "Tiap rumah membawa sisa dapur; belajar takaran, lubang udara, dan masa panen kompos.",
    ),
    ("Menanam cabai di lahan kosong", "Lahan di ujung gang ditanami cabai dan terung dengan kompos buatan sendiri."),
    (
        "Lomba memilah sampah anak",
        "Anak-anak memilah empat warna keranjang; pemenangnya mengisi celengan dari botol bekas.",
    ),
    (
        "Pelatihan mengolah minyak jelantah",
        "Minyak bekas menjadi sabun cuci; sisanya disetor ke pos dengan harga per kilogram.",
    ),
    ("Sumur resapan bersama", "Tiga sumur resapan digali di titik yang selalu tergenang saat hujan."),
    ("Bank sampah keliling", "Petugas menimbang dari gang ke gang bagi warga yang sulit datang ke pos."),
    (
        "Hari tanpa kantong plastik",
        "Pasar RT memakai keranjang dan daun; pedagang mencatat berapa kantong yang tidak terpakai.",
    ),
)


def place_of(code: str) -> Place:
    """The content for a city's code; others get six kelurahan."""
    return PLACES.get(code, GENERIC)
