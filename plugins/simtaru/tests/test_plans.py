"""The administrator's errand: upload, look over, publish; older versions stay."""

import io

from .conftest import SMALL, collection, feature, square


def test_a_draft_is_seen_by_administrators_only(upload, client, administrator):
    address = upload().headers["Location"]
    assert administrator.get(address).status_code == 200
    assert client.get("/rencana/1").status_code == 404
    assert client.get(address).status_code == 403


def test_a_wrong_file_changes_nothing_and_says_where(upload, db):
    answer = upload(collection(feature("R-2", square(117.4, 0.1)[:-1], NAMOBJ="Kampung")))
    assert answer.status_code == 422 and "#1 Kampung" in answer.text and "0.101000, 117.400000" in answer.text
    assert db.execute("SELECT count(*) FROM plan").fetchone()[0] == 0


def test_the_title_stays_when_the_file_is_missing(administrator):
    answer = administrator.post("/admin/rencana", data={"title": "RDTR saya"})
    assert answer.status_code == 400 and 'value="RDTR saya"' in answer.text


def test_publishing_needs_number_day_and_a_look(upload, administrator, db):
    address = upload().headers["Location"]
    assert administrator.post(f"{address}/berlaku", data={"regulation": "Perwali 1"}).status_code == 400
    assert administrator.post(
        f"{address}/berlaku", data={"regulation": "Perwali 1", "decided_on": "2999-01-01", "seen": "y"}
    ).status_code == 400  # fmt: skip
    assert db.execute("SELECT state FROM plan").fetchone()[0] == "draft"


def test_the_next_version_supersedes_and_keeps_the_one_before(published, client, db):
    first, second = published(title="Pertama"), published(title="Kedua")
    states = dict(db.execute("SELECT id, state FROM plan").fetchall())
    assert states == {first: "superseded", second: "in_force"}
    assert "Pertama" in client.get(f"/rencana/{first}").text


def test_what_was_in_force_cannot_be_deleted(published, administrator, db):
    plan_id = published()
    administrator.post(f"/admin/rencana/{plan_id}/buang")
    assert db.execute("SELECT count(*) FROM zone").fetchone()[0] == 2


def test_a_draft_goes_with_its_zones(upload, administrator, db):
    administrator.post(f"{upload().headers['Location']}/buang")
    assert db.execute("SELECT (SELECT count(*) FROM plan) + (SELECT count(*) FROM zone)").fetchone()[0] == 0


def test_versions_are_compared_zone_by_zone(published, client):
    first = published()
    second = published(collection(feature("K-2", square(117.4, 0.1), KODBLK="A.1")))
    text = client.get(f"/rencana/banding?dari={first}&ke={second}").text
    assert "R-2" in text and "K-2" in text and "A.1" in text


def test_a_name_from_a_file_is_never_markup(published, client):
    published(collection(feature("R-2", square(117.4, 0.1), KODBLK="<script>x</script>")))
    assert "<script>x" not in client.get("/zona/R-2").text + client.get("/cek?lat=0.1005&lon=117.4005").text


def test_the_plan_leaves_as_the_file_it_came_from(published, client, upload):
    published()
    sent = client.get("/peta.geojson").data
    assert upload(sent, "Kembali").status_code == 303


def test_the_matrix_comes_from_a_file_with_its_lines_named(administrator, db):
    def send(text: str):
        data = {"file": (io.BytesIO(text.encode()), "m.csv")}
        return administrator.post("/admin/matriks", data=data, content_type="multipart/form-data")

    head = "zona;kegiatan;ketentuan;syarat\n"
    wrong = send(head + "R-2;RUKO;B;\nR-9;RUKO;I;\n")
    assert wrong.status_code == 422 and "Baris 3" in wrong.text
    bare = send(head + "R-2;RUKO;I;\nR-2;KOS;B;\n")
    assert bare.status_code == 422 and "Baris 3" in bare.text
    assert send(head + "R-2;RUKO;B;Parkir di dalam\n").status_code == 303
    assert tuple(db.execute("SELECT class, letter, conditions FROM rule").fetchone()) == ("R-2", "B", "Parkir di dalam")


def test_the_example_matrix_can_be_taken_in_as_it_is(administrator):
    data = {"file": (io.BytesIO(administrator.get("/admin/matriks.csv").data), "m.csv")}
    assert administrator.post("/admin/matriks", data=data, content_type="multipart/form-data").status_code == 303


def test_a_condition_without_words_is_refused_and_what_was_typed_stays(administrator, db):
    use_id = db.execute("SELECT id FROM land_use WHERE code = 'KOS'").fetchone()[0]
    form = {f"letter-{use_id}": "T", f"english-{use_id}": "ten rooms"}
    answer = administrator.post("/admin/matriks/R-2", data=form)
    assert answer.status_code == 400 and "ten rooms" in answer.text


def test_the_gazetteer_is_replaced_by_a_file_or_not_at_all(administrator, client, published):
    published(SMALL)

    def send(text: str):
        data = {"file": (io.BytesIO(text.encode()), "t.csv")}
        return administrator.post("/admin/tempat", data=data, content_type="multipart/form-data")

    head = "nama,alamat,lintang,bujur\n"
    assert send(head + "Pasar Baru,Jl. Merdeka 1,0.1005,117.4005\n").status_code == 303
    assert send(head + "Lain,Jl. X,91,117\n").status_code == 422
    assert "R-2 ·" in client.get("/cek?q=jalan+merdeka").text


def test_a_use_keeps_its_code(administrator, db):
    new = {"code": "kafe", "name": "Kafe", "family": "Perdagangan dan jasa"}
    assert administrator.post("/admin/kegiatan", data=new).status_code == 303
    assert administrator.post("/admin/kegiatan", data=new).status_code == 409
    administrator.post("/admin/kegiatan/KAFE", data={"name": "Kafe kecil", "family": "Dagang", "code": "LAIN"})
    assert db.execute("SELECT code, name FROM land_use WHERE name LIKE 'Kafe%'").fetchone()[0] == "KAFE"
