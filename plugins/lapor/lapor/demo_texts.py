"""The texts of the demonstration reports: invented matters, no real people, offices by their general names."""

from dataclasses import dataclass

PU = "Dinas Pekerjaan Umum dan Penataan Ruang"
LH = "Dinas Lingkungan Hidup"
HUB = "Dinas Perhubungan"
KES = "Dinas Kesehatan"
DIK = "Dinas Pendidikan"
CAPIL = "Dinas Kependudukan dan Pencatatan Sipil"
POL = "Satuan Polisi Pamong Praja"


@dataclass(frozen=True)
class Case:
    category: str
    office: str
    title: str
    body: str
    answer: str
    kind: str = "complaint"


# Streets by the code of a city; where none are named here, those most cities have.
STREETS = {
    "64.74": ("Jalan Ahmad Yani", "Jalan Bhayangkara", "Jalan MT Haryono", "Jalan Awang Long",
              "Jalan Sultan Hasanuddin", "Jalan Pelabuhan", "Jalan Cendana", "Gang Damai", "Gang Mawar"),
    "21.72": ("Jalan Merdeka", "Jalan Teuku Umar", "Jalan Pos", "Jalan Bakar Batu", "Jalan Pelantar I",
              "Jalan Basuki Rahmat", "Jalan Hang Tuah", "Jalan Ir. Sutami", "Gang Kenanga"),
    "32.73": ("Jalan Cihampelas", "Jalan Buah Batu", "Jalan Kopo", "Jalan Cibaduyut", "Jalan Setiabudi",
              "Jalan Gatot Subroto", "Jalan Pajajaran", "Gang Sukun", "Jalan Ahmad Yani"),
}  # fmt: skip
COMMON_STREETS = ("Jalan Melati", "Jalan Kenanga", "Jalan Cendana", "Jalan Ahmad Yani", "Jalan Sudirman",
                  "Jalan Pasar Lama", "Gang Damai", "Gang Mawar", "Jalan Imam Bonjol")  # fmt: skip
PLACES = ("Depan pasar,", "Dekat SD,", "Seberang masjid,", "Samping puskesmas,", "Simpang tiga", "Ujung")

NEWS = (
    "Petugas sudah meninjau lokasi. Pekerjaan dijadwalkan pekan ini.",
    "Laporan sudah kami terima dan masuk daftar pekerjaan regu lapangan.",
    "Kami menunggu bahan datang dari gudang. Perkiraan mulai tiga hari lagi.",
    "Lokasi sudah diberi tanda pengaman sementara sampai perbaikan selesai.",
)
REASONS = (
    "Lokasinya tidak dapat kami temukan. Silakan kirim laporan baru dengan patokan yang lebih jelas.",
    "Hal ini urusan antarwarga. Silakan bicarakan lebih dulu dengan ketua RT setempat.",
    "Ruas ini jalan nasional. Silakan sampaikan lewat SP4N-LAPOR! agar sampai ke kementerian.",
)

REOPENINGS = (
    "Sehari setelah dijawab keadaannya kembali seperti semula.",
    "Baru sebagian yang diperbaiki, sisi seberang belum disentuh.",
)

CASES = (
    Case(
        "Jalan dan jembatan",
        PU,
        "Lubang besar di tengah jalan",
        "Ada lubang selebar kira-kira satu meter di tengah jalan. Sudah dua pekan dan makin dalam. "
        "Malam hari tidak terlihat, pengendara motor sering mengerem mendadak.",
        "Lubang sudah ditambal dengan aspal panas dan dipadatkan. Terima kasih atas laporannya.",
    ),
    Case(
        "Sampah dan kebersihan",
        LH,
        "Sampah menumpuk tiga hari tidak diangkut",
        "Bak sampah di pinggir jalan sudah penuh sejak tiga hari lalu. Baunya sampai ke warung dan banyak lalat.",
        "Sampah sudah diangkut pagi ini. Jadwal truk di ruas ini kami ubah menjadi setiap hari.",
    ),
    Case(
        "Penerangan jalan",
        HUB,
        "Lampu jalan mati di tikungan",
        "Tiga tiang lampu berurutan mati sejak pekan lalu. Tikungan menjadi gelap sekali selepas magrib.",
        "Tiga lampu sudah diganti dengan lampu LED dan menyala kembali.",
    ),
    Case(
        "Drainase dan banjir",
        PU,
        "Selokan tersumbat, air meluap ke rumah",
        "Setiap hujan lebih dari satu jam air selokan meluap ke halaman rumah warga. Ada endapan lumpur dan kayu.",
        "Endapan sudah dikeruk sepanjang 120 meter dan gorong-gorong dibersihkan.",
    ),
    Case(
        "Lalu lintas dan parkir",
        HUB,
        "Parkir di trotoar menutup jalan pejalan kaki",
        "Setiap sore mobil parkir di atas trotoar. Anak sekolah dan pengguna kursi roda terpaksa turun ke jalan.",
        "Petugas sudah menertibkan dan memasang pembatas. Patroli dilakukan setiap sore selama sebulan.",
    ),
    Case(
        "Pelayanan administrasi",
        CAPIL,
        "Berapa lama cetak ulang KTP yang rusak?",
        "KTP saya patah. Apakah harus membawa surat dari kelurahan dan berapa hari selesainya?",
        "Cukup membawa KTP yang rusak dan kartu keluarga ke loket. Selesai pada hari yang sama bila blangko tersedia.",
        "question",
    ),
    Case(
        "Air bersih",
        PU,
        "Air keruh dan berbau sejak kemarin",
        "Air dari kran berwarna kecokelatan dan berbau besi sejak kemarin siang. Tetangga satu gang juga.",
        "Pipa induk yang bocor sudah diganti dan jaringan dibilas. Hasil uji air sudah memenuhi syarat.",
    ),
    Case(
        "Ketertiban umum",
        POL,
        "Pembakaran sampah setiap malam",
        "Hampir setiap malam ada yang membakar sampah di lahan kosong. Asapnya masuk ke kamar anak-anak.",
        "Petugas sudah menegur dan memasang larangan. Lahan kosong kini diawasi bersama ketua RT.",
    ),
    Case(
        "Kesehatan",
        KES,
        "Antrean puskesmas terlalu panjang pada hari Senin",
        "Pada hari Senin warga menunggu lebih dari tiga jam. Mohon tambah loket atau nomor antrean daring.",
        "Mulai pekan depan loket kedua dibuka pada hari Senin dan Selasa pagi.",
        "wish",
    ),
    Case(
        "Jalan dan jembatan",
        PU,
        "Pagar jembatan kayu lepas",
        "Beberapa papan dan pagar pengaman jembatan penyeberangan lepas. Berbahaya untuk anak-anak yang lewat.",
        "Papan diganti dan pagar dipasang kembali dengan baut baru.",
    ),
    Case(
        "Penerangan jalan",
        HUB,
        "Mohon lampu di gang menuju sekolah",
        "Gang ini dilewati anak-anak yang pulang mengaji. Belum ada satu pun lampu sepanjang 200 meter.",
        "Empat titik lampu sudah dipasang tahun ini lewat anggaran perubahan.",
        "wish",
    ),
    Case(
        "Pendidikan",
        DIK,
        "Atap ruang kelas bocor",
        "Bila hujan, dua ruang kelas bocor dan murid harus digabung. Plafon sudah melengkung.",
        "Atap dua ruang kelas sudah diperbaiki saat libur akhir pekan.",
    ),
    Case(
        "Drainase dan banjir",
        PU,
        "Tutup selokan pecah di depan toko",
        "Tutup beton pecah dan besinya mencuat. Kemarin ada pejalan kaki yang hampir terperosok.",
        "Tutup beton sudah diganti baru.",
    ),
    Case(
        "Lalu lintas dan parkir",
        HUB,
        "Lampu lalu lintas berkedip terus",
        "Lampu di simpang berkedip kuning seharian sehingga kendaraan saling mendahului pada jam sibuk.",
        "Modul pengatur sudah diganti; lampu berfungsi normal.",
    ),
    Case(
        "Sampah dan kebersihan",
        LH,
        "Usul bank sampah di tingkat RT",
        "Warga RT kami siap memilah. Mohon timbangan dan pelatihan agar bank sampah bisa dimulai.",
        "Pelatihan dijadwalkan bersama kelurahan; timbangan dipinjamkan untuk enam bulan pertama.",
        "wish",
    ),
)

COAST = (
    Case(
        "Sampah dan kebersihan",
        LH,
        "Sampah plastik menyumbat saluran di pinggir laut",
        "Setelah air pasang, plastik dan botol terkumpul di bawah rumah panggung dan menyumbat saluran.",
        "Regu kebersihan pesisir sudah mengangkut 14 karung. Jaring penahan sampah dipasang di muara saluran.",
    ),
)
# What only this city's people would write of.
LOCAL = {
    "64.74": (
        *COAST,
        Case(
            "Drainase dan banjir",
            PU,
            "Parit meluap saat laut pasang",
            "Kalau hujan bersamaan dengan laut pasang, air parit masuk ke rumah warga sampai setinggi mata kaki.",
            "Pintu air sudah diperbaiki dan parit dikeruk; pompa bergerak disiagakan saat pasang tinggi.",
        ),
    ),
    "21.72": (
        *COAST,
        Case(
            "Jalan dan jembatan",
            PU,
            "Papan pelantar lapuk dan berlubang",
            "Papan pelantar menuju rumah nelayan sudah lapuk. Kemarin gerobak ikan terperosok.",
            "Dua puluh papan pelantar sudah diganti dan tiang penyangganya diperkuat.",
        ),
        Case(
            "Lalu lintas dan parkir",
            HUB,
            "Mohon atap tunggu di dermaga pompong ke Penyengat",
            "Penumpang pompong menunggu di bawah terik dan hujan. Banyak orang tua dan pelajar.",
            "Atap tunggu dan bangku sudah dipasang di sisi dermaga.",
            "wish",
        ),
    ),
    "32.73": (
        Case(
            "Drainase dan banjir",
            PU,
            "Banjir cileuncang setiap hujan sore",
            "Setiap hujan sore air menggenang setinggi betis dan angkot berhenti. Tali air tertutup daun dan sampah.",
            "Tali air dibersihkan dan sumur imbuhan ditambah di dua titik. Regu gober memantau saat hujan.",
        ),
        Case(
            "Lalu lintas dan parkir",
            HUB,
            "Angkot ngetem menutup lajur kiri",
            "Pagi dan sore angkot ngetem di mulut gang sehingga kendaraan lain mengambil jalur berlawanan.",
            "Rambu larangan dipasang dan petugas berjaga pada jam sibuk.",
        ),
    ),
}


def cases_of(code: str) -> tuple[Case, ...]:
    """The matters of a city, those of its own among those every city has."""
    return (*CASES, *LOCAL.get(code, ()))


def streets_of(code: str) -> tuple[str, ...]:
    return STREETS.get(code, COMMON_STREETS)
