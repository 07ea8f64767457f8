"""What a city admin reads when something went wrong, in the city's language. Written into rows, so kept
here.
"""

from __future__ import annotations

_WORDS: dict[str, tuple[str, str]] = {
    "interrupted": (
        "Penggantian versi terputus karena layanan dimulai ulang. Versi lama tetap berjalan; silakan coba lagi.",
        "The change was interrupted by a restart of the service. The old version goes on; please try again.",
    ),
    "snapshot": (
        "Salinan data sebelum penggantian tidak dapat dibuat ({detail}). Tidak ada yang diubah.",
        "The copy of the data before the change could not be made ({detail}). Nothing was changed.",
    ),
    "no_snapshot": (
        "Salinan data revisi {detail} tidak ada lagi, sehingga data tidak dapat dikembalikan.",
        "The copy of the data of revision {detail} is no longer there, so the data cannot be put back.",
    ),
    "no_server": (
        "Bundel ini menyimpan data di PostgreSQL, tetapi host ini tidak menyediakannya. Tidak ada yang diubah. "
        "Minta pengelola platform mengatur DATABASE_ADMIN_URL.",
        "This bundle keeps its data in PostgreSQL, which this host does not offer. Nothing was changed. "
        "Ask the platform operator to set DATABASE_ADMIN_URL.",
    ),
    "migrate": (
        "Penyesuaian data untuk versi baru gagal. Data dan versi lama dikembalikan; lihat catatan.",
        "Adapting the data to the new version failed. The old data and version are back; see the log.",
    ),
    "migrate_slow": (
        "Penyesuaian data untuk versi baru belum selesai dalam {detail} menit. Data dan versi lama dikembalikan.",
        "Adapting the data to the new version took more than {detail} minutes. The old data and version are back.",
    ),
    "start": (
        "Versi baru tidak dapat dijalankan ({detail}). Data dan versi lama dikembalikan; lihat catatan.",
        "The new version could not be started ({detail}). The old data and version are back; see the log.",
    ),
    "health": (
        "Versi baru berjalan tetapi pemeriksaan kesehatannya menjawab {detail}. Data dan versi lama dikembalikan.",
        "The new version runs but its health check answered {detail}. The old data and version are back.",
    ),
    "silent": (
        "Versi baru tidak menjawab pemeriksaan kesehatan dalam {detail} detik. Data dan versi lama dikembalikan.",
        "The new version did not answer its health check within {detail} seconds. The old data and version are back.",
    ),
    "unexpected": (
        "Penggantian versi gagal karena gangguan pada host ({detail}). Data dan versi lama dikembalikan.",
        "The change failed because of a fault of the host ({detail}). The old data and version are back.",
    ),
    "failed": (
        "Data lama tidak dapat dikembalikan ({detail}). Plugin dihentikan; salinan data masih tersimpan. "
        "Hubungi pengelola platform.",
        "The old data could not be put back ({detail}). The plugin is stopped; the copy of its data is safe. "
        "Please call the platform operator.",
    ),
    "crashed": (
        "Plugin berhenti {detail} kali berturut-turut tanpa menjawab satu permintaan pun, lalu dimatikan. "
        "Periksa catatan, lalu nyalakan lagi atau kembalikan revisi sebelumnya.",
        "The plugin stopped {detail} times in a row without answering a single request and was switched off. "
        "Look at its log, then switch it on again or roll back.",
    ),
    "broken": (
        "Plugin tidak dapat dijalankan: {detail}",
        "The plugin cannot be started: {detail}",
    ),
    "disk": (
        "Data plugin memakai {detail}, melebihi batasnya. Hapus berkas yang tidak perlu atau minta batas lebih besar.",
        "The plugin's data takes {detail}, more than its limit. Remove what is not needed or ask for a higher limit.",
    ),
    "disk_full": (
        "Data plugin mencapai batasnya ({detail} berkas), jadi untuk sementara hanya dapat dibaca: warga masih dapat "
        "melihat, tetapi tidak dapat mengirim. Naikkan [limits] disk atau files di lumbung.toml pada fork kota lalu "
        "tingkatkan versinya, atau kembalikan data dari cadangan yang lebih kecil.",
        "The plugin's data has reached its limit ({detail} files), so it can only be read for now: citizens still see "
        "it but cannot send anything. Raise [limits] disk or files in lumbung.toml of the city's fork and upgrade, or "
        "put back a smaller backup of the data.",
    ),
    "disk_floor": (
        "Penyimpanan mesin hampir penuh dan plugin ini paling cepat menambah data, jadi untuk sementara datanya hanya "
        "dapat dibaca. Hubungi pengelola platform.",
        "The machine's disk is nearly full and this plugin grows fastest, so its data can only be read for now. "
        "Please call the platform operator.",
    ),
    "memory_limit": (
        "Plugin melewati batas memorinya dan dijalankan ulang. Bila sering terjadi, naikkan [limits] memory di "
        "lumbung.toml pada fork kota lalu tingkatkan versinya, atau periksa catatan: mungkin ada laporan yang terlalu "
        "besar.",
        "The plugin passed its memory limit and was started again. If it happens often, raise [limits] memory in "
        "lumbung.toml of the city's fork and upgrade, or look at the log: a report may be too large.",
    ),
    "stuck": (
        "Semua jalur plugin tertahan permintaan yang terlalu lama, jadi plugin dijalankan ulang. Alamat yang lambat "
        "disebut di catatan.",
        "All of the plugin's lanes were held by requests that took too long, so it was started again. The log names "
        "the slow addresses.",
    ),
    "copy": (
        "Salinan data tidak dapat dibuat ({detail}).",
        "The copy of the data could not be made ({detail}).",
    ),
    "drill_missing": (
        "Data yang akan diuji tidak ditemukan ({detail}).",
        "The data to be tried is not there ({detail}).",
    ),
    "drill_sick": (
        "Data cadangan terbaca, tetapi aplikasinya tidak sehat dengan data itu: {detail}",
        "The data from the backup can be read, but the app is not well with it: {detail}",
    ),
    "drill_damaged": (
        "Basis data di cadangan ini rusak: {detail}",
        "The database in this backup is damaged: {detail}",
    ),
    "task_off": (
        "Plugin sedang mati atau dalam pemeliharaan, jadi tugasnya tidak dijalankan.",
        "The plugin is off or in maintenance, so its task was not run.",
    ),
    "task_failed": (
        "Tugas berakhir dengan galat (kode {detail}); lihat catatan.",
        "The task ended with an error (code {detail}); see the log.",
    ),
    "task_slow": (
        "Tugas dihentikan karena belum selesai dalam {detail} detik.",
        "The task was stopped: it was not done within {detail} seconds.",
    ),
    "purge_on": (
        "Data tidak dihapus: plugin ini masih menyala. Matikan atau hapus plugin dahulu.",
        "The data was not removed: the plugin is still on. Switch it off or remove it first.",
    ),
    "errand": (
        "Pekerjaan ini gagal karena gangguan pada host ({detail}).",
        "This could not be done because of a fault of the host ({detail}).",
    ),
    "proving": ("Uji bawaan aplikasi sedang berjalan di kotak pasir", "Its own tests run in the sandbox"),
    "passed": ("Semua uji bawaan lulus: {detail}", "All of its own tests passed: {detail}"),
    "failed_tests": ("Uji bawaan yang gagal: {detail}", "Of its own tests failed: {detail}"),
    "unproved": (
        "Uji bawaan tidak berjalan sampai selesai; halaman ujinya menyebutkan alasannya.",
        "Its own tests did not run to their end; the page about them says why.",
    ),
    "pending": ("Menunggu giliran", "Waiting"),
    "draining": ("Menyelesaikan permintaan yang sedang berjalan", "Finishing requests under way"),
    "copying": ("Menyalin data", "Copying the data"),
    "migrating": ("Menyesuaikan data untuk versi baru", "Adapting the data to the new version"),
    "probing": ("Memeriksa versi baru", "Checking the new version"),
    "committed": ("Versi baru berjalan", "The new version is serving"),
}


def say(key: str, locale: str, detail: object = "") -> str:
    """The sentence in Indonesian, or in English for every other locale than ``id``."""
    indonesian, english = _WORDS[key]
    return (indonesian if locale.startswith("id") else english).format(detail=detail)


def megabytes(size: int) -> str:
    return f"{size / 2**20:.0f} MB"
