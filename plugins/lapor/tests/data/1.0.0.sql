-- A database of release 1.0.0, made by its own code: 24 demo reports and three sent by hand.
BEGIN TRANSACTION;
CREATE TABLE category (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE COLLATE NOCASE,
  name_en TEXT NOT NULL DEFAULT '',
  opd_id INTEGER REFERENCES opd (id),
  active INTEGER NOT NULL DEFAULT 1
);
INSERT INTO "category" VALUES(1,'Jalan dan jembatan','Roads and bridges',1,1);
INSERT INTO "category" VALUES(2,'Sampah dan kebersihan','Waste and cleanliness',2,1);
INSERT INTO "category" VALUES(3,'Drainase dan banjir','Drains and floods',1,1);
INSERT INTO "category" VALUES(4,'Penerangan jalan','Street lighting',3,1);
INSERT INTO "category" VALUES(5,'Air bersih','Clean water',1,1);
INSERT INTO "category" VALUES(6,'Lalu lintas dan parkir','Traffic and parking',3,1);
INSERT INTO "category" VALUES(7,'Ketertiban umum','Public order',8,1);
INSERT INTO "category" VALUES(8,'Kesehatan','Health',4,1);
INSERT INTO "category" VALUES(9,'Pendidikan','Education',5,1);
INSERT INTO "category" VALUES(10,'Pelayanan administrasi','Administrative services',6,1);
INSERT INTO "category" VALUES(11,'Lainnya','Something else',NULL,1);
INSERT INTO "category" VALUES(12,'Taman kota','Parks',2,1);
CREATE TABLE event (
  id INTEGER PRIMARY KEY,
  report_id INTEGER NOT NULL REFERENCES report (id) ON DELETE CASCADE,
  at TEXT NOT NULL,
  act TEXT NOT NULL,
  actor TEXT NOT NULL DEFAULT '',
  opd_id INTEGER REFERENCES opd (id),
  text TEXT NOT NULL DEFAULT '',
  public INTEGER NOT NULL DEFAULT 1
);
INSERT INTO "event" VALUES(1,1,'2026-09-26T07:51:10+00:00','created','',NULL,'',1);
INSERT INTO "event" VALUES(2,1,'2026-09-26T11:11:22+00:00','accept','Operator demo',NULL,'',1);
INSERT INTO "event" VALUES(3,1,'2026-09-26T13:30:59+00:00','assign','Operator demo',1,'',1);
INSERT INTO "event" VALUES(4,1,'2026-09-28T04:52:50+00:00','progress','Operator demo',1,'Kami menunggu bahan datang dari gudang. Perkiraan mulai tiga hari lagi.',1);
INSERT INTO "event" VALUES(5,1,'2026-10-03T08:49:03+00:00','answer','Operator demo',1,'Lubang sudah ditambal dengan aspal panas dan dipadatkan. Terima kasih atas laporannya.',1);
INSERT INTO "event" VALUES(6,1,'2026-10-03T17:37:35+00:00','rate','',1,'5/5',1);
INSERT INTO "event" VALUES(7,2,'2026-09-29T17:37:14+00:00','created','',NULL,'',1);
INSERT INTO "event" VALUES(8,2,'2026-09-30T02:27:20+00:00','reject','Operator demo',NULL,'Lokasinya tidak dapat kami temukan. Silakan kirim laporan baru dengan patokan yang lebih jelas.',1);
INSERT INTO "event" VALUES(9,3,'2026-10-05T15:22:07+00:00','created','',NULL,'',1);
INSERT INTO "event" VALUES(10,3,'2026-10-05T22:20:32+00:00','accept','Operator demo',NULL,'',1);
INSERT INTO "event" VALUES(11,3,'2026-10-06T02:26:57+00:00','assign','Operator demo',3,'',1);
INSERT INTO "event" VALUES(12,3,'2026-10-11T06:29:54+00:00','answer','Operator demo',3,'Tiga lampu sudah diganti dengan lampu LED dan menyala kembali.',1);
INSERT INTO "event" VALUES(13,3,'2026-10-11T21:16:16+00:00','rate','',3,'4/5',1);
INSERT INTO "event" VALUES(14,4,'2026-10-09T09:27:15+00:00','created','',NULL,'',1);
INSERT INTO "event" VALUES(15,4,'2026-10-09T16:28:16+00:00','accept','Operator demo',NULL,'',1);
INSERT INTO "event" VALUES(16,4,'2026-10-09T19:07:06+00:00','assign','Operator demo',1,'',1);
INSERT INTO "event" VALUES(17,4,'2026-10-10T05:58:53+00:00','progress','Operator demo',1,'Kami menunggu bahan datang dari gudang. Perkiraan mulai tiga hari lagi.',1);
INSERT INTO "event" VALUES(18,4,'2026-10-13T09:50:38+00:00','answer','Operator demo',1,'Endapan sudah dikeruk sepanjang 120 meter dan gorong-gorong dibersihkan.',1);
INSERT INTO "event" VALUES(19,5,'2026-10-12T22:03:24+00:00','created','',NULL,'',1);
INSERT INTO "event" VALUES(20,5,'2026-10-13T11:43:45+00:00','accept','Operator demo',NULL,'',1);
INSERT INTO "event" VALUES(21,5,'2026-10-13T14:07:39+00:00','assign','Operator demo',3,'',1);
INSERT INTO "event" VALUES(22,5,'2026-10-14T06:53:54+00:00','progress','Operator demo',3,'Laporan sudah kami terima dan masuk daftar pekerjaan regu lapangan.',1);
INSERT INTO "event" VALUES(23,5,'2026-10-16T13:57:31+00:00','answer','Operator demo',3,'Petugas sudah menertibkan dan memasang pembatas. Patroli dilakukan setiap sore selama sebulan.',1);
INSERT INTO "event" VALUES(24,5,'2026-10-17T00:10:29+00:00','rate','',3,'4/5',1);
INSERT INTO "event" VALUES(25,6,'2026-10-12T22:56:26+00:00','created','',NULL,'',1);
INSERT INTO "event" VALUES(26,6,'2026-10-13T09:20:15+00:00','accept','Operator demo',NULL,'',1);
INSERT INTO "event" VALUES(27,6,'2026-10-13T13:49:37+00:00','assign','Operator demo',6,'',1);
INSERT INTO "event" VALUES(28,6,'2026-10-19T19:09:06+00:00','answer','Operator demo',6,'Cukup membawa KTP yang rusak dan kartu keluarga ke loket. Selesai pada hari yang sama bila blangko tersedia.',1);
INSERT INTO "event" VALUES(29,7,'2026-10-14T15:29:42+00:00','created','',NULL,'',1);
INSERT INTO "event" VALUES(30,7,'2026-10-15T08:12:54+00:00','accept','Operator demo',NULL,'',1);
INSERT INTO "event" VALUES(31,7,'2026-10-15T09:54:35+00:00','assign','Operator demo',1,'',1);
INSERT INTO "event" VALUES(32,7,'2026-10-16T02:44:58+00:00','progress','Operator demo',1,'Lokasi sudah diberi tanda pengaman sementara sampai perbaikan selesai.',1);
INSERT INTO "event" VALUES(33,7,'2026-10-19T00:39:07+00:00','answer','Operator demo',1,'Pipa induk yang bocor sudah diganti dan jaringan dibilas. Hasil uji air sudah memenuhi syarat.',1);
INSERT INTO "event" VALUES(34,8,'2026-10-16T18:58:11+00:00','created','',NULL,'',1);
INSERT INTO "event" VALUES(35,8,'2026-10-17T00:39:20+00:00','accept','Operator demo',NULL,'',1);
INSERT INTO "event" VALUES(36,8,'2026-10-17T02:45:34+00:00','assign','Operator demo',8,'',1);
INSERT INTO "event" VALUES(37,8,'2026-10-22T07:32:41+00:00','answer','Operator demo',8,'Petugas sudah menegur dan memasang larangan. Lahan kosong kini diawasi bersama ketua RT.',1);
INSERT INTO "event" VALUES(38,8,'2026-10-23T06:31:17+00:00','rate','',8,'2/5',1);
INSERT INTO "event" VALUES(39,9,'2026-10-18T07:53:25+00:00','created','',NULL,'',1);
INSERT INTO "event" VALUES(40,9,'2026-10-18T19:06:43+00:00','reject','Operator demo',NULL,'Ruas ini jalan nasional. Silakan sampaikan lewat SP4N-LAPOR! agar sampai ke kementerian.',1);
INSERT INTO "event" VALUES(41,10,'2026-10-23T20:28:47+00:00','created','',NULL,'',1);
INSERT INTO "event" VALUES(42,10,'2026-10-23T22:37:04+00:00','accept','Operator demo',NULL,'',1);
INSERT INTO "event" VALUES(43,10,'2026-10-24T01:05:42+00:00','assign','Operator demo',1,'',1);
INSERT INTO "event" VALUES(44,10,'2026-10-25T02:32:15+00:00','answer','Operator demo',1,'Papan diganti dan pagar dipasang kembali dengan baut baru.',1);
INSERT INTO "event" VALUES(45,10,'2026-10-26T00:18:41+00:00','rate','',1,'5/5',1);
INSERT INTO "event" VALUES(46,11,'2026-10-26T19:36:10+00:00','created','',NULL,'',1);
INSERT INTO "event" VALUES(47,11,'2026-10-27T08:48:26+00:00','accept','Operator demo',NULL,'',1);
INSERT INTO "event" VALUES(48,11,'2026-10-27T14:22:57+00:00','assign','Operator demo',3,'',1);
INSERT INTO "event" VALUES(49,11,'2026-10-28T09:17:17+00:00','progress','Operator demo',3,'Petugas sudah meninjau lokasi. Pekerjaan dijadwalkan pekan ini.',1);
INSERT INTO "event" VALUES(50,11,'2026-11-02T13:33:15+00:00','answer','Operator demo',3,'Empat titik lampu sudah dipasang tahun ini lewat anggaran perubahan.',1);
INSERT INTO "event" VALUES(51,12,'2026-10-30T20:33:59+00:00','created','',NULL,'',1);
INSERT INTO "event" VALUES(52,12,'2026-10-31T06:04:58+00:00','reject','Operator demo',NULL,'Ruas ini jalan nasional. Silakan sampaikan lewat SP4N-LAPOR! agar sampai ke kementerian.',1);
INSERT INTO "event" VALUES(53,13,'2026-11-02T20:56:33+00:00','created','',NULL,'',1);
INSERT INTO "event" VALUES(54,13,'2026-11-03T07:05:13+00:00','accept','Operator demo',NULL,'',1);
INSERT INTO "event" VALUES(55,13,'2026-11-03T08:41:26+00:00','assign','Operator demo',5,'',1);
INSERT INTO "event" VALUES(56,13,'2026-11-05T08:52:42+00:00','answer','Operator demo',5,'Atap dua ruang kelas sudah diperbaiki saat libur akhir pekan.',1);
INSERT INTO "event" VALUES(57,14,'2026-11-03T23:05:30+00:00','created','',NULL,'',1);
INSERT INTO "event" VALUES(58,14,'2026-11-04T01:01:16+00:00','accept','Operator demo',NULL,'',1);
INSERT INTO "event" VALUES(59,14,'2026-11-04T04:15:57+00:00','assign','Operator demo',1,'',1);
INSERT INTO "event" VALUES(60,14,'2026-11-05T01:23:14+00:00','answer','Operator demo',1,'Tutup beton sudah diganti baru.',1);
INSERT INTO "event" VALUES(61,15,'2026-11-04T14:43:14+00:00','created','',NULL,'',1);
INSERT INTO "event" VALUES(62,15,'2026-11-04T17:17:17+00:00','accept','Operator demo',NULL,'',1);
INSERT INTO "event" VALUES(63,15,'2026-11-04T23:07:47+00:00','assign','Operator demo',3,'',1);
INSERT INTO "event" VALUES(64,15,'2026-11-08T05:55:32+00:00','answer','Operator demo',3,'Modul pengatur sudah diganti; lampu berfungsi normal.',1);
INSERT INTO "event" VALUES(65,15,'2026-11-09T00:55:48+00:00','rate','',3,'5/5',1);
INSERT INTO "event" VALUES(66,16,'2026-11-08T12:11:18+00:00','created','',NULL,'',1);
INSERT INTO "event" VALUES(67,16,'2026-11-08T14:09:03+00:00','reject','Operator demo',NULL,'Ruas ini jalan nasional. Silakan sampaikan lewat SP4N-LAPOR! agar sampai ke kementerian.',1);
INSERT INTO "event" VALUES(68,17,'2026-11-10T13:09:38+00:00','created','',NULL,'',1);
INSERT INTO "event" VALUES(69,17,'2026-11-10T15:07:18+00:00','accept','Operator demo',NULL,'',1);
INSERT INTO "event" VALUES(70,17,'2026-11-10T16:38:25+00:00','assign','Operator demo',1,'',1);
INSERT INTO "event" VALUES(71,18,'2026-11-11T21:27:55+00:00','created','',NULL,'',1);
INSERT INTO "event" VALUES(72,18,'2026-11-12T04:18:48+00:00','accept','Operator demo',NULL,'',1);
INSERT INTO "event" VALUES(73,18,'2026-11-12T05:18:30+00:00','assign','Operator demo',2,'',1);
INSERT INTO "event" VALUES(74,18,'2026-11-12T19:27:38+00:00','progress','Operator demo',2,'Lokasi sudah diberi tanda pengaman sementara sampai perbaikan selesai.',1);
INSERT INTO "event" VALUES(75,18,'2026-11-16T17:09:01+00:00','answer','Operator demo',2,'Sampah sudah diangkut pagi ini. Jadwal truk di ruas ini kami ubah menjadi setiap hari.',1);
INSERT INTO "event" VALUES(76,19,'2026-11-12T10:37:07+00:00','created','',NULL,'',1);
INSERT INTO "event" VALUES(77,19,'2026-11-12T17:01:00+00:00','accept','Operator demo',NULL,'',1);
INSERT INTO "event" VALUES(78,19,'2026-11-12T19:27:59+00:00','assign','Operator demo',3,'',1);
INSERT INTO "event" VALUES(79,19,'2026-11-17T18:56:41+00:00','answer','Operator demo',3,'Tiga lampu sudah diganti dengan lampu LED dan menyala kembali.',1);
INSERT INTO "event" VALUES(80,20,'2026-11-12T15:14:59+00:00','created','',NULL,'',1);
INSERT INTO "event" VALUES(81,20,'2026-11-13T09:08:40+00:00','accept','Operator demo',NULL,'',1);
INSERT INTO "event" VALUES(82,20,'2026-11-13T14:31:08+00:00','assign','Operator demo',1,'',1);
INSERT INTO "event" VALUES(83,21,'2026-11-18T20:07:48+00:00','created','',NULL,'',1);
INSERT INTO "event" VALUES(84,21,'2026-11-19T01:27:51+00:00','accept','Operator demo',NULL,'',1);
INSERT INTO "event" VALUES(85,21,'2026-11-19T05:40:24+00:00','assign','Operator demo',3,'',1);
INSERT INTO "event" VALUES(86,22,'2026-11-20T00:02:54+00:00','created','',NULL,'',1);
INSERT INTO "event" VALUES(87,22,'2026-11-20T08:34:54+00:00','accept','Operator demo',NULL,'',1);
INSERT INTO "event" VALUES(88,22,'2026-11-20T13:31:39+00:00','assign','Operator demo',6,'',1);
INSERT INTO "event" VALUES(89,23,'2026-11-20T13:30:28+00:00','created','',NULL,'',1);
INSERT INTO "event" VALUES(90,23,'2026-11-21T00:50:10+00:00','accept','Operator demo',NULL,'',1);
INSERT INTO "event" VALUES(91,23,'2026-11-21T06:00:44+00:00','assign','Operator demo',1,'',1);
INSERT INTO "event" VALUES(92,23,'2026-11-22T14:59:08+00:00','progress','Operator demo',1,'Lokasi sudah diberi tanda pengaman sementara sampai perbaikan selesai.',1);
INSERT INTO "event" VALUES(93,23,'2026-11-23T06:49:27+00:00','answer','Operator demo',1,'Pipa induk yang bocor sudah diganti dan jaringan dibilas. Hasil uji air sudah memenuhi syarat.',1);
INSERT INTO "event" VALUES(94,23,'2026-11-23T06:49:27+00:00','rate','',1,'4/5',1);
INSERT INTO "event" VALUES(95,24,'2026-11-23T00:40:17+00:00','created','',NULL,'',1);
INSERT INTO "event" VALUES(96,24,'2026-11-23T04:10:14+00:00','accept','Operator demo',NULL,'',1);
INSERT INTO "event" VALUES(97,25,'2026-11-23T06:49:27+00:00','created','',NULL,'',1);
INSERT INTO "event" VALUES(98,26,'2026-11-23T06:49:27+00:00','created','',NULL,'',1);
INSERT INTO "event" VALUES(99,27,'2026-11-23T06:49:27+00:00','created','',NULL,'',1);
INSERT INTO "event" VALUES(100,25,'2026-11-23T06:49:27+00:00','assign','Petugas (demo)',3,'',1);
INSERT INTO "event" VALUES(101,25,'2026-11-23T06:49:27+00:00','answer','Petugas (demo)',3,'Lampu sudah diganti.',1);
INSERT INTO "event" VALUES(102,25,'2026-11-23T06:49:27+00:00','rate','',3,'4/5',1);
INSERT INTO "event" VALUES(103,26,'2026-11-23T06:49:27+00:00','merge','Petugas (demo)',NULL,'',1);
INSERT INTO "event" VALUES(104,27,'2026-11-23T06:49:27+00:00','note','Petugas (demo)',NULL,'Tanya bagian aset.',0);
CREATE TABLE fact (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL
);
INSERT INTO "fact" VALUES('swept','2026-11-23T06:49:27+00:00');
CREATE TABLE opd (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE COLLATE NOCASE,
  active INTEGER NOT NULL DEFAULT 1
);
INSERT INTO "opd" VALUES(1,'Dinas Pekerjaan Umum dan Penataan Ruang',1);
INSERT INTO "opd" VALUES(2,'Dinas Lingkungan Hidup',1);
INSERT INTO "opd" VALUES(3,'Dinas Perhubungan',1);
INSERT INTO "opd" VALUES(4,'Dinas Kesehatan',1);
INSERT INTO "opd" VALUES(5,'Dinas Pendidikan',1);
INSERT INTO "opd" VALUES(6,'Dinas Kependudukan dan Pencatatan Sipil',1);
INSERT INTO "opd" VALUES(7,'Dinas Komunikasi dan Informatika',1);
INSERT INTO "opd" VALUES(8,'Satuan Polisi Pamong Praja',1);
INSERT INTO "opd" VALUES(9,'Kantor Lama',0);
CREATE TABLE photo (
  id INTEGER PRIMARY KEY,
  report_id INTEGER NOT NULL REFERENCES report (id) ON DELETE CASCADE,
  name TEXT NOT NULL UNIQUE,
  width INTEGER NOT NULL,
  height INTEGER NOT NULL
);
INSERT INTO "photo" VALUES(1,25,'0123456789abcdef0123456789abcdef',40,30);
CREATE TABLE report (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  number TEXT NOT NULL UNIQUE,
  code_hash TEXT NOT NULL,
  kind TEXT NOT NULL,
  category_id INTEGER NOT NULL REFERENCES category (id),
  title TEXT NOT NULL,
  body TEXT NOT NULL,
  kelurahan TEXT NOT NULL DEFAULT '',
  address TEXT NOT NULL DEFAULT '',
  latitude REAL,
  longitude REAL,
  reporter_name TEXT,
  reporter_phone TEXT,
  confidential INTEGER NOT NULL DEFAULT 0,
  state TEXT NOT NULL DEFAULT 'new',
  opd_id INTEGER REFERENCES opd (id),
  deadline TEXT,
  duplicate_of INTEGER REFERENCES report (id),
  created_at TEXT NOT NULL,
  answered_at TEXT,
  reopened INTEGER NOT NULL DEFAULT 0,
  rating INTEGER,
  rating_note TEXT NOT NULL DEFAULT '',
  demo INTEGER NOT NULL DEFAULT 0
);
INSERT INTO "report" VALUES(1,'LP-2609-0001','demo','complaint',1,'Lubang besar di tengah jalan','Ada lubang selebar kira-kira satu meter di tengah jalan. Sudah dua pekan dan makin dalam. Malam hari tidak terlihat, pengendara motor sering mengerem mendadak.','Loktuan','Samping puskesmas, Jalan Sudirman',NULL,NULL,NULL,NULL,0,'answered',1,'2026-10-02',NULL,'2026-09-26T07:51:10+00:00','2026-10-03T08:49:03+00:00',0,5,'',1);
INSERT INTO "report" VALUES(2,'LP-2609-0002','demo','complaint',2,'Sampah menumpuk tiga hari tidak diangkut','Bak sampah di pinggir jalan sudah penuh sejak tiga hari lalu. Baunya sampai ke warung dan banyak lalat.','Loktuan','Samping puskesmas, Jalan Cendana',NULL,NULL,NULL,NULL,0,'rejected',NULL,NULL,NULL,'2026-09-29T17:37:14+00:00',NULL,0,NULL,'',1);
INSERT INTO "report" VALUES(3,'LP-2610-0001','demo','complaint',4,'Lampu jalan mati di tikungan','Tiga tiang lampu berurutan mati sejak pekan lalu. Tikungan menjadi gelap sekali selepas magrib.','Loktuan','Depan pasar, Jalan Melati',NULL,NULL,'Warga Demo','0800 0000 0206',0,'answered',3,'2026-10-13',NULL,'2026-10-05T15:22:07+00:00','2026-10-11T06:29:54+00:00',0,4,'',1);
INSERT INTO "report" VALUES(4,'LP-2610-0002','demo','complaint',3,'Selokan tersumbat, air meluap ke rumah','Setiap hujan lebih dari satu jam air selokan meluap ke halaman rumah warga. Ada endapan lumpur dan kayu.','Loktuan','Depan pasar, Gang Mawar',NULL,NULL,NULL,NULL,0,'answered',1,'2026-10-16',NULL,'2026-10-09T09:27:15+00:00','2026-10-13T09:50:38+00:00',0,NULL,'',1);
INSERT INTO "report" VALUES(5,'LP-2610-0003','demo','complaint',6,'Parkir di trotoar menutup jalan pejalan kaki','Setiap sore mobil parkir di atas trotoar. Anak sekolah dan pengguna kursi roda terpaksa turun ke jalan.','Kanaan','Simpang tiga Jalan Pelabuhan',NULL,NULL,'Warga Demo','0800 0000 0540',0,'answered',3,'2026-10-20',NULL,'2026-10-12T22:03:24+00:00','2026-10-16T13:57:31+00:00',0,4,'',1);
INSERT INTO "report" VALUES(6,'LP-2610-0004','demo','question',10,'Berapa lama cetak ulang KTP yang rusak?','KTP saya patah. Apakah harus membawa surat dari kelurahan dan berapa hari selesainya?','Kanaan','Ujung Jalan Imam Bonjol',NULL,NULL,'Warga Demo','0800 0000 0684',0,'answered',6,'2026-10-20',NULL,'2026-10-12T22:56:26+00:00','2026-10-19T19:09:06+00:00',0,NULL,'',1);
INSERT INTO "report" VALUES(7,'LP-2610-0005','demo','complaint',5,'Air keruh dan berbau sejak kemarin','Air dari kran berwarna kecokelatan dan berbau besi sejak kemarin siang. Tetangga satu gang juga.','Loktuan','Simpang tiga Jalan Pelabuhan',NULL,NULL,NULL,NULL,0,'answered',1,'2026-10-22',NULL,'2026-10-14T15:29:42+00:00','2026-10-19T00:39:07+00:00',0,NULL,'',1);
INSERT INTO "report" VALUES(8,'LP-2610-0006','demo','complaint',7,'Pembakaran sampah setiap malam','Hampir setiap malam ada yang membakar sampah di lahan kosong. Asapnya masuk ke kamar anak-anak.','Loktuan','Samping puskesmas, Jalan Pasar Lama',NULL,NULL,NULL,NULL,0,'answered',8,'2026-10-23',NULL,'2026-10-16T18:58:11+00:00','2026-10-22T07:32:41+00:00',0,2,'',1);
INSERT INTO "report" VALUES(9,'LP-2610-0007','demo','wish',8,'Antrean puskesmas terlalu panjang pada hari Senin','Pada hari Senin warga menunggu lebih dari tiga jam. Mohon tambah loket atau nomor antrean daring.','Loktuan','Samping puskesmas, Jalan Pelabuhan',NULL,NULL,NULL,NULL,0,'rejected',NULL,NULL,NULL,'2026-10-18T07:53:25+00:00',NULL,0,NULL,'',1);
INSERT INTO "report" VALUES(10,'LP-2610-0008','demo','complaint',1,'Pagar jembatan kayu lepas','Beberapa papan dan pagar pengaman jembatan penyeberangan lepas. Berbahaya untuk anak-anak yang lewat.','Kanaan','Depan pasar, Jalan Kenanga',NULL,NULL,'Warga Demo','0800 0000 0367',0,'answered',1,'2026-10-30',NULL,'2026-10-23T20:28:47+00:00','2026-10-25T02:32:15+00:00',0,5,'',1);
INSERT INTO "report" VALUES(11,'LP-2610-0009','demo','wish',4,'Mohon lampu di gang menuju sekolah','Gang ini dilewati anak-anak yang pulang mengaji. Belum ada satu pun lampu sepanjang 200 meter.','Loktuan','Samping puskesmas, Gang Damai',NULL,NULL,NULL,NULL,0,'answered',3,'2026-11-03',NULL,'2026-10-26T19:36:10+00:00','2026-11-02T13:33:15+00:00',0,NULL,'',1);
INSERT INTO "report" VALUES(12,'LP-2610-0010','demo','complaint',2,'Sampah plastik menyumbat saluran di pinggir laut','Setelah air pasang, plastik dan botol terkumpul di bawah rumah panggung dan menyumbat saluran.','Kanaan','Ujung Gang Damai',NULL,NULL,NULL,NULL,0,'rejected',NULL,NULL,NULL,'2026-10-30T20:33:59+00:00',NULL,0,NULL,'',1);
INSERT INTO "report" VALUES(13,'LP-2611-0001','demo','complaint',9,'Atap ruang kelas bocor','Bila hujan, dua ruang kelas bocor dan murid harus digabung. Plafon sudah melengkung.','Loktuan','Simpang tiga Gang Damai',NULL,NULL,'Warga Demo','0800 0000 0725',0,'answered',5,'2026-11-10',NULL,'2026-11-02T20:56:33+00:00','2026-11-05T08:52:42+00:00',0,NULL,'',1);
INSERT INTO "report" VALUES(14,'LP-2611-0002','demo','complaint',3,'Tutup selokan pecah di depan toko','Tutup beton pecah dan besinya mencuat. Kemarin ada pejalan kaki yang hampir terperosok.','Kanaan','Dekat SD, Jalan Sudirman',NULL,NULL,'Warga Demo','0800 0000 0724',0,'answered',1,'2026-11-11',NULL,'2026-11-03T23:05:30+00:00','2026-11-05T01:23:14+00:00',0,NULL,'',1);
INSERT INTO "report" VALUES(15,'LP-2611-0003','demo','complaint',6,'Lampu lalu lintas berkedip terus','Lampu di simpang berkedip kuning seharian sehingga kendaraan saling mendahului pada jam sibuk.','Loktuan','Seberang masjid, Gang Mawar',NULL,NULL,'Warga Demo','0800 0000 0483',0,'answered',3,'2026-11-12',NULL,'2026-11-04T14:43:14+00:00','2026-11-08T05:55:32+00:00',0,5,'',1);
INSERT INTO "report" VALUES(16,'LP-2611-0004','demo','wish',2,'Usul bank sampah di tingkat RT','Warga RT kami siap memilah. Mohon timbangan dan pelatihan agar bank sampah bisa dimulai.','Kanaan','Samping puskesmas, Jalan Pelabuhan',NULL,NULL,'Warga Demo','0800 0000 0953',0,'rejected',NULL,NULL,NULL,'2026-11-08T12:11:18+00:00',NULL,0,NULL,'',1);
INSERT INTO "report" VALUES(17,'LP-2611-0005','demo','complaint',1,'Lubang besar di tengah jalan','Ada lubang selebar kira-kira satu meter di tengah jalan. Sudah dua pekan dan makin dalam. Malam hari tidak terlihat, pengendara motor sering mengerem mendadak.','Kanaan','Dekat SD, Jalan Kenanga',NULL,NULL,NULL,NULL,0,'assigned',1,'2026-11-18',NULL,'2026-11-10T13:09:38+00:00',NULL,0,NULL,'',1);
INSERT INTO "report" VALUES(18,'LP-2611-0006','demo','complaint',2,'Sampah menumpuk tiga hari tidak diangkut','Bak sampah di pinggir jalan sudah penuh sejak tiga hari lalu. Baunya sampai ke warung dan banyak lalat.','Kanaan','Dekat SD, Jalan Sudirman',NULL,NULL,NULL,NULL,0,'answered',2,'2026-11-19',NULL,'2026-11-11T21:27:55+00:00','2026-11-16T17:09:01+00:00',0,NULL,'',1);
INSERT INTO "report" VALUES(19,'LP-2611-0007','demo','complaint',4,'Lampu jalan mati di tikungan','Tiga tiang lampu berurutan mati sejak pekan lalu. Tikungan menjadi gelap sekali selepas magrib.','Loktuan','Dekat SD, Jalan Ahmad Yani',NULL,NULL,NULL,NULL,0,'answered',3,'2026-11-20',NULL,'2026-11-12T10:37:07+00:00','2026-11-17T18:56:41+00:00',0,NULL,'',1);
INSERT INTO "report" VALUES(20,'LP-2611-0008','demo','complaint',3,'Selokan tersumbat, air meluap ke rumah','Setiap hujan lebih dari satu jam air selokan meluap ke halaman rumah warga. Ada endapan lumpur dan kayu.','Loktuan','Dekat SD, Jalan Cendana',NULL,NULL,NULL,NULL,0,'assigned',1,'2026-11-20',NULL,'2026-11-12T15:14:59+00:00',NULL,0,NULL,'',1);
INSERT INTO "report" VALUES(21,'LP-2611-0009','demo','complaint',6,'Parkir di trotoar menutup jalan pejalan kaki','Setiap sore mobil parkir di atas trotoar. Anak sekolah dan pengguna kursi roda terpaksa turun ke jalan.','Kanaan','Ujung Jalan Pelabuhan',NULL,NULL,'Warga Demo','0800 0000 0536',0,'assigned',3,'2026-11-26',NULL,'2026-11-18T20:07:48+00:00',NULL,0,NULL,'',1);
INSERT INTO "report" VALUES(22,'LP-2611-0010','demo','question',10,'Berapa lama cetak ulang KTP yang rusak?','KTP saya patah. Apakah harus membawa surat dari kelurahan dan berapa hari selesainya?','Loktuan','Samping puskesmas, Jalan Imam Bonjol',NULL,NULL,'Warga Demo','0800 0000 0394',0,'assigned',6,'2026-11-27',NULL,'2026-11-20T00:02:54+00:00',NULL,0,NULL,'',1);
INSERT INTO "report" VALUES(23,'LP-2611-0011','demo','complaint',5,'Air keruh dan berbau sejak kemarin','Air dari kran berwarna kecokelatan dan berbau besi sejak kemarin siang. Tetangga satu gang juga.','Kanaan','Simpang tiga Gang Damai',NULL,NULL,'Warga Demo','0800 0000 0760',0,'answered',1,'2026-11-27',NULL,'2026-11-20T13:30:28+00:00','2026-11-23T06:49:27+00:00',0,4,'',1);
INSERT INTO "report" VALUES(24,'LP-2611-0012','demo','complaint',7,'Pembakaran sampah setiap malam','Hampir setiap malam ada yang membakar sampah di lahan kosong. Asapnya masuk ke kamar anak-anak.','Loktuan','Ujung Jalan Kenanga',NULL,NULL,'Warga Demo','0800 0000 0956',0,'accepted',NULL,NULL,NULL,'2026-11-23T00:40:17+00:00',NULL,0,NULL,'',1);
INSERT INTO "report" VALUES(25,'LP-2611-0013','b16b6bfeb87085a098f20afb03839d798dc1ec46cc830628e9dae451f79b715d','complaint',1,'Lampu jalan mati','Lampu di depan pasar mati sejak kemarin malam.','Kanaan','',0.1271,117.4702,'Warga Uji','0812 3456 7890',0,'answered',3,'2026-12-01',NULL,'2026-11-23T06:49:27+00:00','2026-11-23T06:49:27+00:00',0,4,'cepat',0);
INSERT INTO "report" VALUES(26,'LP-2611-0014','0838f492af3816f4d1fbb2016b1ba4eca9f347e7881cfe65a481a83e586724ff','complaint',1,'Lampu padam lagi di pasar','Lampu di depan pasar mati sejak kemarin malam.','Kanaan','',NULL,NULL,NULL,'112-112-1',0,'duplicate',NULL,NULL,25,'2026-11-23T06:49:27+00:00',NULL,0,NULL,'',0);
INSERT INTO "report" VALUES(27,'LP-2611-0015','d7493e7eb7df24de376c4b47708b775a043c586b5bfdb002b3dbe801e6a6e591','wish',1,'Usul taman di Loktuan','Lampu di depan pasar mati sejak kemarin malam.','Loktuan','',NULL,NULL,NULL,NULL,1,'new',NULL,NULL,NULL,'2026-11-23T06:49:27+00:00',NULL,0,NULL,'',0);
CREATE INDEX report_state ON report (state, confidential, id);
CREATE INDEX report_category ON report (category_id, id);
CREATE INDEX report_opd ON report (opd_id, state, id);
CREATE INDEX report_kelurahan ON report (kelurahan, id);
CREATE INDEX report_created ON report (created_at);
CREATE INDEX report_deadline ON report (deadline) WHERE state IN ('accepted', 'assigned');
CREATE INDEX report_duplicate ON report (duplicate_of) WHERE duplicate_of IS NOT NULL;
CREATE INDEX report_contact ON report (answered_at) WHERE reporter_name IS NOT NULL OR reporter_phone IS NOT NULL;
CREATE INDEX event_report ON event (report_id, id);
CREATE INDEX photo_report ON photo (report_id);
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('report',27);
COMMIT;
PRAGMA user_version = 2;
