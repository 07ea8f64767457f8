"""Offices, accounts and mentions for a demonstration. Offices are what most cities have; all else is made up."""

OFFICES: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("Dinas Komunikasi dan Informatika", "kominfo", ("x", "instagram", "facebook", "youtube")),
    ("Dinas Pekerjaan Umum dan Penataan Ruang", "pupr", ("instagram", "x")),
    ("Dinas Kependudukan dan Pencatatan Sipil", "capil", ("instagram", "facebook")),
    ("Dinas Lingkungan Hidup", "dlh", ("instagram", "tiktok")),
    ("Dinas Perhubungan", "dishub", ("x", "instagram")),
    ("Dinas Kesehatan", "dinkes", ("instagram", "facebook", "youtube")),
    ("Satuan Polisi Pamong Praja", "satpol", ("instagram",)),
    ("Bagian Humas Setda", "humas", ("x", "instagram", "facebook", "threads")),
)
# What cities call themselves where a name has 15 letters at most.
SHORT = {"21.72": "tpi", "32.73": "bdg", "64.74": "bontang"}
WITHOUT = ("Dinas Sosial", "Badan Pendapatan Daerah", "Dinas Perpustakaan dan Kearsipan")

KELURAHAN: dict[str, tuple[str, ...]] = {
    "64.74": ("Api-Api", "Belimbing", "Berbas Pantai", "Bontang Kuala", "Gunung Elai", "Guntung", "Kanaan", "Loktuan",
              "Satimpo", "Tanjung Laut", "Telihan"),
    "21.72": ("Tanjungpinang Kota", "Kampung Bugis", "Dompak", "Batu IX", "Air Raja"),
    "32.73": ("Dago", "Cihapit", "Sukajadi", "Antapani Kidul", "Cibadak"),
}  # fmt: skip

# What was said, and the reason for which nothing is done about it ("" where something is).
MENTIONS: tuple[tuple[str, str], ...] = (
    ("Min, lampu jalan di {place} mati sejak tiga malam. Tolong diperbaiki.", ""),
    ("Sampah di TPS {place} belum diangkut sejak Senin, baunya sampai ke rumah.", ""),
    ("Lubang besar di jalan utama {place}, tadi ada motor jatuh.", ""),
    ("Parit di {place} tersumbat, kalau hujan air masuk ke halaman.", ""),
    ("Apakah pindah alamat antar kelurahan bisa diurus daring?", ""),
    ("Pohon miring di dekat sekolah {place}, mohon dicek sebelum tumbang.", ""),
    ("Rambu di simpang {place} tertutup dahan, tidak kelihatan.", ""),
    ("Air PDAM di {place} keruh sejak pagi.", ""),
    ("Jam buka puskesmas {place} hari Sabtu sampai pukul berapa ya?", ""),
    ("Kendaraan parkir di trotoar {place} tiap sore, pejalan kaki turun ke jalan.", ""),
    ("Terima kasih, taman di {place} sekarang bersih.", "praise"),
    ("Kapan konser di kota sebelah?", "elsewhere"),
    ("Pinjaman cepat cair tanpa syarat, klik tautan di bio.", "advertisement"),
)

FAKES: tuple[tuple[int, str, str, str, str, str], ...] = (
    (34, "bansos", "instagram", "Minta foto KTP untuk bantuan.", "confirmed",
     "Mengaku membagikan bantuan sosial dan meminta foto KTP (contoh demo)."),
    (12, "rekrutmen", "telegram", "Minta uang pendaftaran pegawai.", "confirmed",
     "Menawarkan lowongan pegawai dan meminta uang pendaftaran (contoh demo)."),
    (20, "berita", "facebook", "Sepertinya bukan akun resmi.", "dismissed", "Akun warga, tidak mengaku resmi (demo)."),
    (1, "layanan", "tiktok", "Memakai logo kota dan menawarkan KTP cepat.", "waiting", ""),
)  # fmt: skip
