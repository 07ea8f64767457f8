"""What the demonstration's applications say. Nobody and nothing in it is real."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Town:
    """Where the demonstration takes place: a middle on the map, how far around it, and names of kelurahan."""

    latitude: float
    longitude: float
    around: float
    kelurahan: tuple[str, ...]


TOWNS = {
    "64.74": Town(0.1190, 117.4780, 0.016, (
        "Api-Api", "Belimbing", "Berbas Pantai", "Berbas Tengah", "Bontang Baru", "Bontang Kuala", "Bontang Lestari",
        "Gunung Elai", "Gunung Telihan", "Guntung", "Kanaan", "Loktuan", "Satimpo", "Tanjung Laut",
        "Tanjung Laut Indah", "Telihan")),
    "21.72": Town(0.9170, 104.4600, 0.020, (
        "Tanjungpinang Kota", "Kampung Bugis", "Senggarang", "Penyengat", "Dompak", "Melayu Kota Piring", "Batu IX")),
    "32.73": Town(-6.9140, 107.6100, 0.030, (
        "Braga", "Cihapit", "Dago", "Lebakgede", "Sukapada", "Cibaduyut", "Gegerkalong", "Antapani Kidul")),
}  # fmt: skip
ANYWHERE = Town(-2.5, 118.0, 0.02, ("Kelurahan Satu", "Kelurahan Dua", "Kelurahan Tiga"))

PURPOSES = {
    "reklame": (
        "Papan nama toko 2 x 1 m, menempel di dinding depan, tanpa lampu.",
        "Neon box apotek 1 x 1,5 m, satu sisi, tinggi 3 m dari trotoar.",
        "Baliho promosi wisata 4 x 6 m selama tiga bulan.",
        "Papan nama bengkel 3 x 1 m dengan lampu LED hemat daya.",
    ),
    "penggunaan-jalan": (
        "Galian pipa air bersih sepanjang 42 m, dalam 80 cm, di bahu jalan.",
        "Penarikan kabel serat optik bawah tanah 120 m di sisi kiri jalan.",
        "Jalan masuk rumah toko selebar 4 m melewati saluran tepi jalan.",
    ),
    "rencana-kota": (
        "Keterangan rencana kota untuk rumah tinggal dua lantai, tanah 210 m2.",
        "Keterangan rencana kota untuk rumah kos 12 kamar, tanah 340 m2.",
        "Keterangan rencana kota untuk rumah toko tiga lantai, tanah 160 m2.",
    ),
    "menara": (
        "Menara tiga kaki 32 m untuk tiga operator di lahan kosong.",
        "Menara kamuflase 20 m di halaman gedung pertemuan.",
    ),
    "pemakaian-ruang-publik": (
        "Senam bersama dan cek kesehatan gratis, Minggu pagi, sekitar 150 orang.",
        "Pasar UMKM kelurahan dua hari, 24 tenda, dengan petugas kebersihan sendiri.",
        "Lomba mewarnai anak taman kanak-kanak, setengah hari, 80 peserta.",
    ),
    "penelitian": (
        "Penelitian skripsi tentang bank sampah di tiga kelurahan selama dua bulan.",
        "Survei kualitas air pesisir untuk tesis, sepuluh titik, tanpa wawancara.",
        "Wawancara pelaku usaha mikro tentang pembayaran nontunai.",
    ),
    "praktik-perawat": (
        "Praktik perawat di klinik pratama, Senin sampai Sabtu pagi.",
        "Praktik perawat mandiri untuk perawatan luka di rumah pasien.",
        "Praktik perawat di puskesmas, giliran pagi dan sore.",
    ),
}
STREETS = ("Jalan Contoh Raya", "Jalan Melati", "Jalan Pelabuhan", "Jalan Pahlawan", "Gang Mawar", "Jalan Sejahtera")
WRONG = (
    "Foto buram: tulisan pada kartu tidak terbaca. Kirim foto yang terang, keempat sudut terlihat.",
    "Ukuran pada gambar tidak sama dengan yang ditulis dalam permohonan. Samakan keduanya.",
    "Berkas berisi halaman orang lain. Kirim hanya halaman milik Anda.",
    "Surat sudah lewat masa berlakunya. Kirim yang terbaru.",
)
REASONS = (
    "Lokasi berada di sempadan saluran; peraturan daerah tentang reklame tidak membolehkannya. Pilih titik lain.",
    "Berkas yang diminta tidak dilengkapi sampai batas waktu. Ajukan lagi setelah lengkap.",
)
NOTES = (
    "Berkas lengkap dan sesuai dengan asli.",
    "Data cocok dengan KTP, gambar jelas, tidak ada catatan.",
    "Lengkap; ketentuan jarak dari persimpangan terpenuhi.",
)
FOUND = (
    "Ukuran di lapangan sesuai gambar; jarak ke saluran 3,2 m.",
    "Lokasi kosong, akses dari jalan lingkungan 4 m, tidak ada keberatan tetangga.",
    "Sesuai gambar; pemohon diminta memberi tanda batas pekerjaan.",
)
TERMS = {
    "reklame": "Papan dirawat dan diturunkan bila masa izin berakhir.",
    "penggunaan-jalan": "Jalan dipulihkan paling lambat tujuh hari setelah pekerjaan selesai.",
    "menara": "Menara diberi lampu tanda dan papan nama pemilik.",
    "pemakaian-ruang-publik": "Sampah dibawa pulang; suara dihentikan pukul 21.00.",
    "penelitian": "Salinan hasil penelitian diserahkan paling lambat satu bulan setelah selesai.",
}
REVOKED = "Ukuran yang terpasang jauh melebihi izin dan tidak diperbaiki setelah dua teguran tertulis."
CONDITIONS = (
    "Jarak jatuh aman dari hunian dan persetujuan tetangga.",
    "Safe falling distance from housing, neighbours' consent.",
)
