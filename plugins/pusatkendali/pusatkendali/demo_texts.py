"""The words of the demonstration: offices by city, thresholds, matters. Nothing here is about a real case."""

from dataclasses import dataclass, field

from pusatkendali.models import Side, State

OFFICES = (
    "Dinas Kesehatan",
    "Dinas Komunikasi dan Informatika",
    "Dinas Lingkungan Hidup",
    "Dinas Pekerjaan Umum dan Penataan Ruang",
    "Dinas Penanaman Modal dan PTSP",
    "Dinas Perhubungan",
    "Badan Perencanaan Pembangunan Daerah",
    "Bagian Organisasi Sekretariat Daerah",
)
OFFICES_OF = {
    "64.74": (
        "Dinas Kesehatan",
        "Dinas Komunikasi, Informatika dan Statistik",
        "Dinas Lingkungan Hidup",
        "Dinas Pekerjaan Umum dan Penataan Ruang",
        "Dinas Penanaman Modal dan PTSP",
        "Dinas Perhubungan",
        "Badan Perencanaan Pembangunan, Riset dan Inovasi Daerah",
        "Bagian Organisasi Sekretariat Daerah",
    ),
}


@dataclass(frozen=True, slots=True)
class Raised:
    """An alert: hours ago, how many it lasted (None: it stands), what was noted when it was read (empty: unread)."""

    ago: float
    lasted: float | None
    value: float
    worst: float
    read: str = ""


@dataclass(frozen=True, slots=True)
class Bound:
    figure: str
    side: Side
    bound: float
    clear: float
    minutes: int
    note: str
    raised: tuple[Raised, ...] = field(default=())


THRESHOLDS = (
    Bound("lapor.terlambat", Side.ABOVE, 15, 10, 60, "Minta OPD dengan laporan terlama melapor hari ini.",
          (Raised(430, 52, 16, 18, "Sudah dibahas di apel."), Raised(7, None, 16, 19))),
    Bound("antrian.menunggu", Side.ABOVE, 28, 18, 15, "Minta koordinator loket membuka loket cadangan.",
          (Raised(122, 2, 30, 44, "Loket cadangan dibuka."), Raised(51, 1.5, 29, 36, "Hari pertama pekan."),
           Raised(1.2, None, 29, 33, "Koordinator loket sudah dihubungi."))),
    Bound("perizinan.terlambat", Side.ABOVE, 10, 8, 240, "Minta kepala dinas menjelaskan tahap yang macet.",
          (Raised(700, 190, 11, 13, "Tim teknis ditambah satu orang."),)),
    Bound("penilaian.ikm", Side.BELOW, 76.61, 78, 1440, "Di bawah mutu B menurut PermenPANRB 14/2017."),
    Bound("kanal.menunggu", Side.ABOVE, 15, 8, 120, "Sebutan di media sosial menunggu lebih dari dua jam.",
          (Raised(26, None, 16, 22),)),
    Bound("masdarling.kilogram", Side.BELOW, 4_000, 4_400, 1440, "Tanyakan jadwal angkut bank sampah.",
          (Raised(1180, 260, 3_910, 3_720, "Truk angkut rusak, sudah diganti."),)),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Matter:
    """A disposition: days ago, working days given, days late when it should be, and how it went."""

    title: str
    instruction: str
    office: int
    state: State
    ago: float
    days: int
    late: int = 0
    urgent: bool = False
    figure: str = ""
    report: str = ""
    verdict: str = ""
    partners: tuple[int, ...] = ()


MATTERS = (
    Matter("Laporan warga yang lewat tenggat",
           "Selesaikan sepuluh laporan terlama. Laporkan nomor dan hasilnya; yang belum selesai diberi alasan.",
           3, State.GIVEN, 0.2, 3, urgent=True, figure="lapor.terlambat"),
    Matter("Sebutan media sosial belum dijawab",
           "Pastikan semua sebutan sejak kemarin dijawab atau diteruskan ke OPD. Laporkan jumlahnya.",
           1, State.WORKING, 1, 2, figure="kanal.menunggu"),
    Matter("Loket cadangan pada jam sibuk",
           "Atur jadwal loket cadangan Senin dan Selasa pagi. Laporkan jadwal yang sudah disahkan.",
           4, State.REPORTED, 2.5, 4, figure="antrian.menunggu",
           report="Jadwal loket cadangan Senin dan Selasa pukul 08.00–10.30 sudah berlaku mulai pekan ini."),
    Matter("Lampu lalu lintas simpang padam",
           "Perbaiki lampu lalu lintas yang dilaporkan padam dan periksa simpang lain di ruas yang sama.",
           5, State.RETURNED, 9, 5, late=2, urgent=True,
           report="Lampu di simpang pertama sudah menyala.",
           verdict="Simpang lain di ruas yang sama belum diperiksa. Lengkapi hasil pemeriksaannya."),
    Matter("Setoran bank sampah menurun",
           "Jelaskan penyebab turunnya setoran dan pulihkan jadwal angkut di kelurahan yang terlewat.",
           2, State.ACCEPTED, 45, 5, figure="masdarling.kilogram",
           report="Truk pengganti beroperasi sejak Rabu. Setoran kembali seperti bulan sebelumnya.",
           verdict="Diterima. Pantau satu bulan."),
    Matter("Izin yang melewati janji layanan",
           "Uraikan permohonan yang lewat janji per tahap, dan langkah agar tidak terulang.",
           4, State.ACCEPTED, 27, 7, figure="perizinan.terlambat",
           report="Tahap survei lapangan paling lama. Satu petugas survei ditambahkan mulai pekan depan.",
           verdict="Diterima."),
    Matter("Bukti dukung indikator SPBE",
           "Lengkapi bukti dukung indikator tata kelola yang masih kosong bersama OPD pemilik data.",
           1, State.WORKING, 16, 8, late=3, partners=(6, 7)),
    Matter("Program rencana induk yang terhambat",
           "Sebutkan untuk tiap program yang terhambat: menunggu siapa, sejak kapan, dan jalan keluarnya.",
           6, State.GIVEN, 12, 5, late=4, partners=(3,)),
    Matter("Survei kepuasan di puskesmas",
           "Pasang kode QR survei kepuasan di ruang tunggu semua puskesmas.",
           0, State.REPORTED, 6, 7, report="Terpasang di semua puskesmas. Daftar lokasi ada di lampiran surat dinas."),
    Matter("Unit tanpa akun media sosial",
           "Usulkan akun dan penanggung jawab untuk unit yang belum punya akun resmi.",
           7, State.WORKING, 3, 10, partners=(0, 2, 5)),
    Matter("Genangan di jalan utama",
           "Bersihkan saluran di titik genangan sebelum akhir pekan.",
           3, State.ACCEPTED, 20, 3, urgent=True,
           report="Saluran di tiga titik sudah dibersihkan.", verdict="Diterima, terima kasih atas kerja cepatnya."),
    Matter("Perubahan jam layanan",
           "Siapkan perubahan jam layanan pada bulan puasa.",
           4, State.WITHDRAWN, 33, 10, verdict="Diatur dengan surat edaran; disposisi ini tidak diperlukan lagi."),
    Matter("Data ruang terbuka hijau",
           "Cocokkan luas ruang terbuka hijau antara data lapangan dan rencana tata ruang.",
           3, State.ACCEPTED, 52, 15, partners=(2,),
           report="Selisihnya dua taman lingkungan; sudah dimasukkan.", verdict="Diterima."),
)  # fmt: skip
