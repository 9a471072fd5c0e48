"""A trainer publishes a module of her own from the browser; what the checker refuses is told by file and line and never published."""

import io
import re
import zipfile

import pytest
from sqlalchemy import func, select

from trainee.kit.db import db
from trainee.modules import library
from trainee.modules.library import ModuleVersion
from trainee.modules.library.bundle import Bundle
from trainee.modules.library.models import ModuleUpload


def zipped(bundle: Bundle, folder="tidy-desk/") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in bundle.files.items():
            archive.writestr(folder + name, data)
    return out.getvalue()


def send(client, data: bytes, name="tidy-desk.zip"):
    return client.post("/publishing", data={"file": (io.BytesIO(data), name)})


def kept(model=ModuleUpload) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(model))


def digest() -> str:
    db.session.rollback()
    return str(db.session.scalar(select(ModuleUpload.digest)))


@pytest.fixture
def ferit(as_, cast, fresh):
    return as_(cast.ferit)


def test_an_archive_is_checked_looked_at_and_published(ferit, sample, as_, cast):
    published = kept(ModuleVersion)
    answer = send(ferit, zipped(sample.bundle))
    assert (answer.status_code, answer.location) == (303, "/publishing/draft")
    page = ferit.get("/publishing/draft").text
    assert "A tidy desk" in page
    assert "tidy-desk · M90" in page
    assert kept(ModuleVersion) == published
    assert as_(cast.amir).get("/learn/tidy-desk").status_code == 404
    answer = ferit.post("/publishing/version", data={"digest": digest()})
    assert (answer.status_code, answer.location) == (303, "/learn/tidy-desk")
    assert "A tidy desk" in as_(cast.amir).get("/learn/tidy-desk").text
    made = db.session.execute(select(ModuleVersion).where(ModuleVersion.key == "tidy-desk")).scalar_one()
    assert (made.origin, made.published_by_id, made.number, made.digest) == ("archive", cast.ferit, 1, sample.bundle.digest)
    assert kept() == 0


def test_files_side_by_side_are_called_like_their_archive(ferit, sample):
    assert send(ferit, zipped(sample.bundle, "")).location == "/publishing/draft"
    assert db.session.scalar(select(ModuleUpload.key)) == "tidy-desk"


def test_what_is_wrong_is_told_by_file_and_line_and_nothing_is_kept(ferit, sample):
    answer = send(ferit, zipped(sample.but("quiz.yaml", "skill: greeting", "skill: greetings")))
    assert answer.status_code == 422
    line = 1 + sample.bundle.files["quiz.yaml"].decode().splitlines().index(
        next(one for one in sample.bundle.files["quiz.yaml"].decode().splitlines() if "skill: greeting" in one)
    )
    assert f"quiz.yaml, line {line}" in answer.text
    assert "There is no skill <code>greetings</code>." in answer.text
    assert kept() == 0
    assert "Not published yet" not in answer.text


def test_who_reads_turkish_is_told_in_turkish_what_is_wrong(ferit, sample):
    ferit.post("/language", data={"language": "tr", "next": "/"})
    answer = send(ferit, zipped(sample.but("quiz.yaml", "skill: greeting", "skill: greetings")))
    assert "<code>greetings</code> adlı bir beceri yok." in answer.text
    assert "There is no skill" not in answer.text
    assert ". satır</span>" in answer.text


@pytest.mark.parametrize("data", [b"", b"no archive at all", b"PK\x03\x04 nor this"])
def test_what_is_no_archive_is_said_to_be_none(ferit, data):
    answer = send(ferit, data)
    assert answer.status_code == 422
    assert "not a ZIP archive" in answer.text


def test_an_archive_that_unpacks_to_far_more_is_refused(ferit):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("tidy-desk/module.yaml", b"0" * 50_000_000)
    assert len(out.getvalue()) < 100_000
    answer = send(ferit, out.getvalue())
    assert answer.status_code == 422
    assert "larger than 1 megabyte" in answer.text


def test_a_file_over_the_limit_is_told_beside_its_field(ferit):
    body = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.zip"\r\n\r\n' + b"0" * 9_000_000 + b"\r\n--x--\r\n"
    answer = ferit.post("/publishing", data=body, content_type="multipart/form-data; boundary=x")
    assert answer.status_code == 413
    assert "larger than 8 megabytes" in answer.text


@pytest.mark.parametrize(
    ("file", "old", "new", "says"),
    [
        ("module.yaml", "code: M90", "code: M02", "The code M02 is used by `greeting` too."),
        ("module.yaml", "key: tidy-desk", "key: greeting", "comes with the program"),
    ],
)
def test_what_another_module_has_already_is_refused(ferit, sample, file, old, new, says):
    changed = sample.but(file, old, new)
    folder = "greeting/" if "greeting" in new else "tidy-desk/"
    answer = send(ferit, zipped(changed, folder))
    assert answer.status_code == 422
    assert says in re.sub("</?code>", "`", answer.text)
    assert kept() == 0


def test_a_circle_of_prerequisites_and_a_role_play_of_another_module_are_refused(ferit, sample):
    send(ferit, zipped(sample.bundle))
    ferit.post("/publishing/version", data={"digest": digest()})
    other = sample.but("module.yaml", "prerequisites: []", "prerequisites: [tidy-desk]").files["module.yaml"].decode()
    files = dict(sample.bundle.files) | {"module.yaml": other.replace("key: tidy-desk", "key: tidier-desk").replace("M90", "M91").encode()}
    answer = send(ferit, zipped(Bundle("tidier-desk", files, ""), "tidier-desk/"), "tidier-desk.zip")
    assert "There is a role-play <code>lost-form</code> in <code>tidy-desk</code> too." in answer.text
    files["found-form.roleplay.yaml"] = files.pop("lost-form.roleplay.yaml").replace(b"lost-form", b"found-form")
    # The sample is asked for words of its own only where it is looked at beside others in its folder.
    assert send(ferit, zipped(Bundle("tidier-desk", files, ""), "tidier-desk/"), "tidier-desk.zip").status_code == 303
    ferit.post("/publishing/version", data={"digest": digest()})
    back = sample.but("module.yaml", "prerequisites: []", "prerequisites: [tidier-desk]")
    assert "The prerequisites of <code>tidy-desk</code> lead back to it." in send(ferit, zipped(back)).text


def test_a_second_file_in_another_tab_is_not_published_by_the_first_pages_button(ferit, sample):
    send(ferit, zipped(sample.bundle))
    seen = digest()
    send(ferit, zipped(sample.but("module.yaml", "Derli toplu masa", "Toplu masa")))
    answer = ferit.post("/publishing/version", data={"digest": seen})
    assert answer.status_code == 409
    assert library.current_version("tidy-desk") is None
    assert ferit.post("/publishing/version", data={"digest": digest()}).status_code == 303


def test_the_next_version_is_announced_and_the_first_is_kept(ferit, sample):
    for bundle in (sample.bundle, sample.but("module.yaml", "Derli toplu masa", "Toplu masa")):
        send(ferit, zipped(bundle))
        page = ferit.get("/publishing/draft").text
        ferit.post("/publishing/version", data={"digest": digest()})
    assert "becomes its next version" in page
    assert db.session.scalars(select(ModuleVersion.number).where(ModuleVersion.key == "tidy-desk").order_by(ModuleVersion.number)).all() == [1, 2]


def test_put_aside_it_is_gone_and_the_page_leads_back_to_the_form(ferit, sample):
    send(ferit, zipped(sample.bundle))
    assert "Waiting to be published: tidy-desk.zip" in ferit.get("/publishing").text
    assert ferit.post("/publishing/discard").location == "/publishing"
    assert kept() == 0
    assert ferit.get("/publishing/draft").location == "/publishing"
    assert ferit.get("/publishing/pictures/x.svg").status_code == 404


def test_nobody_sees_what_another_uploaded(ferit, sample, as_, cast):
    send(ferit, zipped(sample.bundle))
    assert as_(cast.ada).get("/publishing/draft").location == "/publishing"
    assert as_(cast.amir).get("/publishing").status_code == 403


def test_how_many_statements_the_preview_takes_does_not_grow(ferit, sample, counting):
    send(ferit, zipped(sample.bundle))
    counting.clear()
    ferit.get("/publishing/draft")
    assert len(counting) <= 7
