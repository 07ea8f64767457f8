"""Offices, services and words for a demonstration. Offices are those most cities have; everything else is made up.

An office is (name, how good it is from 1 to 4, what of it is rated); a thing is
(kind, name, English, number, place, how busy).
"""

Thing = tuple[str, str, str, str, str, int]
Office = tuple[str, float, tuple[Thing, ...]]


def _civil(office: str) -> Office:
    return (office, 3.35, (
        ("unit", "Mal pelayanan dukcapil", "Civil registry hall", "", "Lantai 1", 4),
        ("service", "KTP elektronik", "Identity card", "", "Loket 1–3", 9),
        ("service", "Akta kelahiran", "Birth certificate", "", "Loket 4", 5),
        ("service", "Kartu keluarga", "Family card", "", "Loket 5", 4),
        ("official", "Petugas loket", "Counter officer", "1", "Loket 1", 4),
        ("official", "Petugas loket", "Counter officer", "3", "Loket 3", 4),
    ))  # fmt: skip


def _health(name: str, level: float) -> Office:
    return (name, level, (
        ("unit", "Seluruh puskesmas", "The whole health centre", "", "", 3),
        ("service", "Poli umum", "General clinic", "", "Ruang 2", 7),
        ("service", "Imunisasi anak", "Vaccination of children", "", "Ruang 5", 4),
        ("official", "Petugas pendaftaran", "Reception officer", "A-2", "Pintu masuk", 3),
    ))  # fmt: skip


_COMMON: tuple[Office, ...] = (
    ("DPMPTSP", 3.2, (
        ("unit", "Layanan perizinan terpadu", "One-stop permits", "", "Lantai 2", 4),
        ("service", "Persetujuan bangunan gedung", "Building approval", "", "Loket 7", 3),
        ("service", "Pendampingan OSS", "Help with OSS", "", "Loket 8", 4),
        ("official", "Petugas informasi", "Information officer", "2", "Meja depan", 2),
    )),
    ("Dinas PUPR", 2.75, (
        ("service", "Keterangan rencana kota", "Statement of zoning", "", "Loket 2", 3),
        ("service", "Permohonan data jalan", "Data on roads", "", "Loket 3", 2),
    )),
    ("Badan Pendapatan Daerah", 3.05, (
        ("service", "Pembayaran PBB", "Property tax", "", "Loket 1", 6),
        ("service", "BPHTB", "Tax on acquiring land", "", "Loket 4", 3),
        ("official", "Petugas kasir", "Cashier", "4", "Loket 4", 2),
    )),
    ("Dinas Perhubungan", 2.45, (("service", "Uji kendaraan bermotor", "Vehicle inspection", "", "Gedung uji", 5),)),
    ("Dinas Sosial", 3.1, (("service", "Rekomendasi bantuan sosial", "Recommendation for aid", "", "Loket 1", 3),)),
)  # fmt: skip

_CIVIL = "Dinas Kependudukan dan Pencatatan Sipil"
BY_CITY: dict[str, tuple[Office, ...]] = {
    "64.74": (
        _civil(_CIVIL),
        _health("Puskesmas Bontang Utara", 3.3),
        _health("Puskesmas Bontang Selatan", 2.95),
        *_COMMON,
    ),
    "21.72": (_civil(_CIVIL), _health("Puskesmas Tanjungpinang", 3.25), *_COMMON),
    "32.73": (_civil(_CIVIL), _health("Puskesmas Garuda", 3.4), _health("Puskesmas Ibrahim Adjie", 3.0), *_COMMON),
}
GENERIC: tuple[Office, ...] = (_civil(_CIVIL), _health("Puskesmas Kota", 3.2), *_COMMON)

HIDDEN = "Isi komentar ini menyebut seseorang (contoh demo)."
COMMENTS: tuple[tuple[int, str, str], ...] = (
    (4, "Cepat sekali, tidak sampai lima belas menit sudah selesai.", "Terima kasih. Kami jaga agar tetap begitu."),
    (2, "Antre dua jam karena hanya satu loket yang buka waktu istirahat.", "Kini dua loket buka terus."),
    (3, "Petugas ramah, tetapi kursi tunggu kurang.", "Dua puluh kursi sudah ditambah di ruang tunggu."),
    (1, "Disuruh kembali besok karena formulir habis.", "Mohon maaf. Formulir kini juga dapat diunduh sebelum datang."),
    (4, "Penjelasan syaratnya lengkap dan mudah dimengerti.", ""),
    (3, "Bagus, tetapi papan petunjuk arah membingungkan.", "Papan petunjuk baru dipasang di pintu masuk."),
    (2, "Nomor antrean terlewat karena pengeras suara tidak terdengar.", "Layar dipasang di kedua sisi ruangan."),
    (4, "Gratis dan tidak ada pungutan apa pun.", ""),
    (2, "Tempat parkir penuh sejak pagi.", "Parkir pegawai dipindah ke belakang gedung."),
    (3, "Sudah lebih baik daripada tahun lalu.", "Terima kasih atas penilaiannya."),
    (1, "Tidak ada jalur kursi roda ke loket.", "Jalur landai sedang dibangun dan selesai bulan depan."),
)  # fmt: skip

# Office, element, what will be done, days from today, whether it is done.
PLANS: tuple[tuple[str, str, str, int, bool], ...] = (
    (_CIVIL, "U3", "Dua loket tetap buka pada jam istirahat (demo)", 40, False),
    (_CIVIL, "U9", "Dua puluh kursi tunggu ditambah (demo)", -20, True),
    ("Dinas Perhubungan", "U3", "Pendaftaran uji kendaraan lewat antrean daring (demo)", -6, False),
    ("Dinas Perhubungan", "U9", "Ruang tunggu diberi atap (demo)", 75, False),
    ("Dinas PUPR", "U8", "Papan pengaduan dan penanggung jawabnya dipasang (demo)", 25, False),
)
