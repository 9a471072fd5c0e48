"""A certificate on paper: its letters, its QR code, and what anybody may ask of it."""

import io
from datetime import timedelta

import pytest
import segno
from PIL import Image
from pypdf import PdfReader
from sqlalchemy import update

from tests.dashboards import qr
from trainee import plans
from trainee.kit.clock import now
from trainee.kit.db import db, insert_once
from trainee.kit.i18n import force_locale
from trainee.people import organisation
from trainee.people.models import Person
from trainee.plans.certifying import digest_of
from trainee.plans.models import Certificate, make_code

NAME = "Çiğdem İşıkoğlu Ğüzelçiçek"


@pytest.fixture
def paper(cast, at) -> Certificate:
    """Amir was certified under a name that holds every letter of ours."""
    db.session.execute(update(Person).where(Person.id == cast.amir).values(name=NAME))
    task = plans.Task("module", "greeting")
    what = plans.make_certification("Şikâyet çözümü", task, months=12, window_days=60, short=True, by_id=cast.ela, receipt="x", at=at)
    cycle = plans.assign(cast.amir, "", kind="reviews", number=3, at=at, given_by_id=cast.ela, why="Once.")
    day = now().date()
    values = {"number": "2026-000007", "person_id": cast.amir, "certification_id": what.id, "assignment_id": cycle, "name": NAME}
    values |= {"title": "Şikâyet çözümü", "organisation": "Mavikapı", "parts": [["greeting", 1, "d"]], "way": "full", "completed_on": day}
    values |= {"valid_until": day + timedelta(days=365), "issued_at": at}
    values |= {"digest": digest_of(values), "withdrawn_at": None, "withdrawn_why": None, "withdrawn_by_id": None}
    insert_once(Certificate, values, ["number"])
    db.session.commit()
    return plans.certificate_or_404("2026-000007")


def change(**values) -> None:
    db.session.execute(update(Certificate).values(**values))
    db.session.commit()


@pytest.mark.parametrize(("lang", "words"), [("tr", "Belge"), ("en", "Certificate")])
def test_it_is_printed_in_either_language_with_every_letter_right(as_, cast, paper, lang, words):
    answer = as_(cast.amir).get(f"/certificates/{paper.number}/paper?lang={lang}")
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    found = PdfReader(io.BytesIO(answer.data))
    (page,) = found.pages
    text = " ".join(page.extract_text().split())
    for said in (words, NAME, "Şikâyet çözümü", paper.number, "Mavikapı", paper.code, paper.digest):
        assert said in text, said
    with force_locale(lang):
        assert plans.part_titles(paper)[0][0] in text
    assert found.trailer["/Root"]["/Lang"] == lang


def test_the_logo_stands_on_it_while_the_organisation_is_called_so(as_, cast, paper, at):
    out = io.BytesIO()
    Image.new("RGB", (300, 60), (160, 30, 40)).save(out, "PNG")
    organisation.set_logo(out.getvalue(), at, cast.ada)
    db.session.commit()

    def pictures() -> int:
        (page,) = PdfReader(io.BytesIO(as_(cast.amir).get(f"/certificates/{paper.number}/paper?lang=tr").data)).pages
        return len(page.images)

    assert pictures() == 1
    # The page on the screen, and on paper, has it in its head.
    assert '<img class="top-logo"' in as_(cast.amir).get(f"/certificates/{paper.number}").text
    told = {column.key: getattr(paper, column.key) for column in Certificate.__table__.columns} | {"organisation": "Eski Ad"}
    change(organisation="Eski Ad", digest=digest_of(told))
    assert pictures() == 0


def test_only_who_may_see_it_prints_it_and_only_in_a_language_of_ours(as_, cast, paper):
    url = f"/certificates/{paper.number}/paper"
    assert [as_(who).get(url).status_code for who in (cast.beth, cast.dev, cast.kai)] == [404, 404, 404]
    assert as_(cast.amir).get(f"{url}?lang=de").status_code == 404


def test_what_was_withdrawn_or_changed_behind_our_back_is_not_printed(as_, cast, paper, at):
    url = f"/certificates/{paper.number}/paper"
    change(name="Somebody Else")
    assert as_(cast.amir).get(url).status_code == 409
    # Half past eleven in the evening of the eleventh, UTC, is the twelfth in Istanbul.
    change(name=NAME, withdrawn_at=at.replace(hour=23, minute=30), withdrawn_why="A mistake.")
    assert as_(cast.amir).get(url).status_code == 410
    assert "Withdrawn on 12 Mar 2026" in as_(cast.amir).get(f"/certificates/{paper.number}").text


def test_anybody_is_told_its_state_and_nothing_else(as_, cast, paper, at):
    url = f"/valid/{paper.code}"
    day = paper.completed_on
    for values, words in (
        ({}, "is valid"),
        ({"valid_until": day - timedelta(days=1)}, "cannot be confirmed"),
        ({"withdrawn_at": at, "withdrawn_why": "A mistake."}, "was withdrawn"),
    ):
        if values:
            change(**values)
        answer = as_(None).get(url)
        assert answer.status_code == 200 and words in answer.text
        for secret in ("Çiğdem", "Şikâyet", paper.number, "A mistake", paper.digest):
            assert secret not in answer.text


def test_after_its_last_day_it_has_expired(paper):
    told = [plans.told_to_anybody(paper, paper.valid_until + timedelta(days=days)) for days in (-1, 0, 1)]
    assert told == ["valid", "valid", "expired"]


def test_the_code_is_read_however_it_is_typed_and_cannot_be_guessed(as_, paper):
    bare = paper.code.replace("-", "")
    for typed in (paper.code, bare, bare.swapcase(), f" {bare[:8]} {bare[8:]}"):
        assert plans.certificate_by_code(typed).number == paper.number
    for guess in (paper.number, make_code(), "-", "1", "a" * 200):
        assert as_(None).get(f"/valid/{guess}").status_code == 404
    made = {make_code() for _time in range(200)}
    assert len(made) == 200 and all(len(code) == 19 for code in made)


def test_the_qr_code_holds_the_installations_own_address(as_, cast, paper):
    page = as_(cast.amir).get(f"/certificates/{paper.number}").text
    address = f"http://localhost/valid/{paper.code}"
    assert f'href="{address}"' in page
    assert plans.qr_of(address) in page
    assert segno.make(address, error="m").version <= 5, "It is small enough for the camera of a phone."
    for written in (
        address,
        f"https://egitim.mavikapi.example/valid/{paper.code}",
        f"https://a-very-long-name.of-an.organisation.example/valid/{paper.code}",
    ):
        assert qr.read(plans.qr_of(written)) == written
