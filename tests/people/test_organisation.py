"""An empty installation is begun by whoever knows the start code, and by nobody else; what it is called is known on every node."""

import io
from dataclasses import replace

import pytest
from PIL import Image, PngImagePlugin
from sqlalchemy import delete, func, select, text, update

from trainee import plans
from trainee.kit.db import Base, db
from trainee.kit.errors import Refusal
from trainee.kit.i18n import force_locale
from trainee.people import actions, organisation
from trainee.people.models import AccessLink, Organisation, Person, RoleHeld
from trainee.people.queries import is_empty
from trainee.plans import prepared
from trainee.plans.models import ASSIGNMENT

BEGIN = {"name": "Ayla Deniz", "username": "ayla", "password": "uzun bir cümle yeter", "again": "uzun bir cümle yeter"}


@pytest.fixture
def unnamed(app):
    """The installation with nothing said by the environment."""
    app.extensions["trainee"] = replace(app.extensions["trainee"], organisation="", default_language="")
    return app


@pytest.fixture
def nobody(unnamed):
    """The same with nobody in it."""
    if db.engine.dialect.name == "postgresql":
        db.session.execute(text("TRUNCATE person CASCADE"))
    else:
        db.session.execute(text("PRAGMA defer_foreign_keys = ON"))
        for table in reversed(Base.metadata.sorted_tables):
            if any(key.column.table.name == "person" for key in table.foreign_keys) and table.name != "team":
                db.session.execute(delete(table))
        db.session.execute(text("UPDATE team SET supervisor_id = NULL"))
        db.session.execute(delete(Person))
    db.session.commit()
    assert is_empty()
    return unnamed


@pytest.fixture
def code(nobody):
    """What is printed where the site is started."""
    found = organisation.start_code()
    db.session.commit()
    return found


def admins():
    return set(db.session.scalars(select(RoleHeld.person_id).where(RoleHeld.role == "admin")))


def test_every_door_of_an_empty_installation_leads_to_its_start(nobody):
    stranger = nobody.test_client()
    assert stranger.get("/", follow_redirects=True).request.path == "/start"
    page = stranger.get("/start")
    assert page.status_code == 200 and 'name="code"' in page.text


def test_who_knows_the_code_becomes_the_administrator_and_is_signed_in(nobody, code):
    client = nobody.test_client()
    answer = client.post("/start", data={**BEGIN, "code": code.lower().replace("-", " ")})
    assert answer.status_code == 303 and answer.location == "/setup/name"
    ayla = db.session.scalars(select(Person)).one()
    assert (ayla.name, admins()) == ("Ayla Deniz", {ayla.id})
    assert client.get("/setup").status_code == 200
    assert 'href="/setup"' in client.get("/").text


@pytest.mark.parametrize("typed", ["", "AAAA-AAAA-AAAA", "0", "ı", "é" * 12])
def test_a_stranger_without_the_code_gets_nothing(nobody, code, typed):
    answer = nobody.test_client().post("/start", data={**BEGIN, "code": typed})
    assert answer.status_code == 422 and "Ayla Deniz" in answer.text
    assert BEGIN["password"] not in answer.text
    assert is_empty() and not organisation.house().founded


def test_guessing_is_held_back_and_the_right_code_waits_with_it(nobody, code):
    client = nobody.test_client()
    for _try in range(organisation.TRIES):
        client.post("/start", data={**BEGIN, "code": "AAAA-AAAA-AAAA"})
    answer = client.post("/start", data={**BEGIN, "code": code})
    assert answer.status_code == 422 and is_empty()


def test_the_code_works_once(nobody, code):
    assert nobody.test_client().post("/start", data={**BEGIN, "code": code}).status_code == 303
    second = nobody.test_client().post("/start", data={**BEGIN, "code": code, "username": "eve"})
    assert second.status_code == 303 and second.location == "/"
    assert len(admins()) == 1
    assert organisation.start_code() != code


def test_of_two_at_once_one_begins(nobody, code, at):
    organisation.found(at)
    with pytest.raises(Refusal, match="Somebody has begun"):
        organisation.found(at)


def test_where_people_are_nobody_can_begin(unnamed, cast, at):
    client = unnamed.test_client()
    before = admins()
    code = organisation.start_code()
    db.session.commit()
    assert client.post("/start", data={**BEGIN, "code": code}).location == "/"
    assert admins() == before
    with pytest.raises(Refusal):
        organisation.found(at)


def test_the_code_is_the_same_after_a_restart_and_not_that_of_another_installation(nobody, code):
    assert organisation.start_code() == code
    db.session.execute(delete(Organisation))
    assert organisation.start_code() != code


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"password": "short", "again": "short"}, "password"),
        ({"again": "another"}, "again"),
        ({"username": "a b"}, "username"),
        ({"name": ""}, "name"),
    ],
)
def test_what_is_wrong_is_told_and_what_was_typed_stays(nobody, code, wrong, field):
    answer = nobody.test_client().post("/start", data={**BEGIN, "code": code, **wrong})
    assert answer.status_code == 422 and f'href="#{field}"' in answer.text
    assert code in answer.text
    assert is_empty()
    assert organisation.start_code() == code


def test_a_name_said_on_the_site_stands_in_the_head_in_mails_and_on_papers(unnamed, as_, cast):
    assert "Trainee" in as_(None).get("/sign-in").text
    assert as_(cast.ada).post("/setup/name", data={"name": "  Çınar   Çağrı ", "language": "en"}).status_code == 303
    for page in (as_(None).get("/sign-in"), as_(cast.amir).get("/")):
        assert "Çınar Çağrı" in page.text
    assert organisation.name() == "Çınar Çağrı" and organisation.default_language() == "en"


def test_what_the_environment_says_wins_and_is_shown_as_such(app, as_, cast):
    page = as_(cast.ada).get("/setup/name").text
    assert "ORGANISATION, DEFAULT_LANGUAGE" in page and 'name="name"' not in page
    as_(cast.ada).post("/setup/name", data={"name": "Another", "language": "tr"})
    assert organisation.name() == "Mavikapı" and organisation.house().name is None
    assert "Mavikapı" in as_(cast.amir).get("/").text


def test_another_node_sees_a_new_name_at_its_next_request(unnamed, as_, cast):
    as_(cast.ada).post("/setup/name", data={"name": "Before", "language": "tr"})
    assert "Before" in as_(cast.amir).get("/").text
    # As another process writes it: this one's memory is not told.
    db.session.execute(text("UPDATE organisation SET name = 'After', stamp = 'another'"))
    db.session.commit()
    assert "After" in as_(cast.amir).get("/").text
    assert "After" in as_(None).get("/sign-in").text


@pytest.mark.parametrize(("said", "field"), [({"name": " ", "language": "tr"}, "name"), ({"name": "x" * 121, "language": "tr"}, "name")])
def test_a_name_that_is_none_is_told(unnamed, as_, cast, said, field):
    answer = as_(cast.ada).post("/setup/name", data=said)
    assert answer.status_code == 422 and f'href="#{field}"' in answer.text
    assert organisation.house().name is None


def _png(size=(900, 300), **more):
    out = io.BytesIO()
    note = PngImagePlugin.PngInfo()
    note.add_text("Comment", "taken at 41.0, 29.0")
    Image.new("RGBA", size, (10, 60, 110, 255)).save(out, "PNG", pnginfo=note, **more)
    return out.getvalue()


def send(client, body, name="logo.png"):
    return client.post("/setup/logo", data={"logo": (io.BytesIO(body), name)}, content_type="multipart/form-data")


def test_a_logo_is_drawn_anew_small_and_without_what_was_written_in_it(unnamed, as_, cast):
    assert send(as_(cast.ada), _png() + b"<script>alert(1)</script>").status_code == 303
    address = f"/organisation/logo/{organisation.house().logo}.png"
    assert f'src="{address}"' in as_(cast.amir).get("/").text
    answer = as_(None).get(address)
    assert (answer.status_code, answer.mimetype) == (200, "image/png") and "immutable" in answer.headers["Cache-Control"]
    assert b"script" not in answer.data and b"taken at" not in answer.data
    with Image.open(io.BytesIO(answer.data)) as picture:
        assert picture.size == (336, 112)
    assert as_(None).get("/organisation/logo/0.png").status_code == 404
    as_(cast.ada).post("/setup/logo", data={"remove": "1"})
    assert organisation.house().logo is None and as_(None).get(address).status_code == 404


def test_an_empty_edge_is_cut_off_and_a_picture_of_nothing_does_not_break(unnamed, at):
    wide = Image.new("RGBA", (400, 400))
    wide.paste((0, 0, 0, 255), (100, 180, 300, 220))
    for picture in (wide, Image.new("RGBA", (40, 40))):
        out = io.BytesIO()
        picture.save(out, "PNG")
        organisation.set_logo(out.getvalue(), at, None)
    organisation.set_logo(_png((5000, 1)), at, None)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b'<?xml version="1.0"?><SVG xmlns="http://www.w3.org/2000/svg"><script/></svg>', "SVG"),
        (b"GIF89a" + b"\0" * 40, "PNG or JPEG"),
        (_png()[:200], "PNG or JPEG"),
        (b"", "PNG or JPEG"),
    ],
)
def test_what_is_no_picture_of_ours_is_refused_in_a_sentence(unnamed, as_, cast, body, words):
    answer = send(as_(cast.ada), body)
    assert answer.status_code == 422 and words in answer.text
    assert organisation.house().logo is None


def test_only_an_administrator_sets_up(unnamed, as_, cast):
    for username, person_id in vars(cast).items():
        for address in ("/setup", "/setup/name", "/setup/logo", "/setup/module"):
            assert as_(person_id).get(address).status_code == (200 if username == "ada" else 403), (username, address)


def test_steps_can_wait_be_taken_up_again_and_are_gone_when_done(unnamed, as_, cast, at):
    organisation.begin(at)
    db.session.commit()
    ada = as_(cast.ada)
    assert "Setting up: 3 steps left" in ada.get("/").text
    assert "Setting up" not in as_(cast.ela).get("/").text
    answer = ada.post("/setup/left-out", data={"step": "name", "later": "1"})
    assert answer.location == "/setup/logo"
    page = ada.get("/setup").text
    assert "later" in page and "Next: Logo" in page and "1 of 4 done" in page
    ada.post("/setup/left-out", data={"step": "name"})
    assert "Next: Name and language" in ada.get("/setup").text
    assert ada.post("/setup/left-out", data={"step": "nothing", "later": "1"}).status_code == 422
    ada.post("/setup/name", data={"name": "Çınar", "language": "en"})
    send(ada, _png())
    plans.assign_many([cast.amir], plans.Task("module", "greeting", None), due_on=None, why="To begin.", at=at, given_by_id=cast.ada)
    db.session.commit()
    assert "Setting up" not in ada.get("/").text
    assert "Everything is set up" in ada.get("/setup").text


def test_the_people_step_has_the_frame_of_the_others_and_the_module_goes_without_people(unnamed, as_, cast, at):
    ada = as_(cast.ada)
    before = ada.get("/people/imports").text
    assert "Step 3 of 4" not in before and "Show all steps" not in before and "Files so far" in before
    organisation.begin(at)
    db.session.execute(update(Person).where(Person.id != cast.ada).values(disabled_at=at))
    db.session.commit()
    for page, number in (("/setup/name", 1), ("/setup/logo", 2), ("/people/imports", 3), ("/setup/module", 4)):
        html = ada.get(page).text
        assert f"Step {number} of 4" in html and "Show all steps" in html, page
    html = ada.get("/people/imports").text
    assert ">Later<" in html and 'name="step" value="people"' in html and 'href="/people/new"' in html
    assert "Step 3 of 4" not in as_(cast.ela).get("/people/imports").text
    assert ada.post("/setup/left-out", data={"step": "people", "later": "1"}).location == "/setup/module"
    told = ada.post("/people/imports", data={"file": (io.BytesIO(b"username;name\nada;Ada\nbora;Bora Kaya\n"), "people.csv")})
    page = told.location.removesuffix("/columns")
    for address in (f"{page}/columns", page):
        html = ada.get(address).text
        assert "Step 3 of 4" in html and 'href="/setup"' in html and 'href="/people/imports"' in html, address
        assert "Step 3 of 4" not in as_(cast.ela).get(address).text, address
    fields = {"field-0": "username", "field-1": "name", "missing": "keep"}
    assert ada.post(f"{page}/columns", data=fields).status_code == 303
    assert ">Apply it<" in ada.get(page).text and ">Later<" in ada.get(page).text
    ada.post(f"{page}/application")
    html = ada.get(page).text
    assert "Applied on" in html and "Step 3 of 4" in html and ">Go on<" in html and 'href="/setup"' in html
    db.session.execute(update(Person).where(Person.id != cast.ada).values(disabled_at=None))
    db.session.commit()
    assert ">Go on<" in ada.get("/people/imports").text


def test_the_last_step_keeps_its_frame_proposes_everybody_and_a_reason_and_leads_on(unnamed, as_, cast, at):
    ada = as_(cast.ada)
    pages = ("/assigned/new?what=module/greeting", "/rules/new?what=module/greeting")
    assert [page for page in pages if "Step 4 of 4" in ada.get(page).text] == []
    organisation.begin(at)
    organisation.leave_out(["name", "logo"])
    db.session.commit()
    for page in pages:
        html = ada.get(page).text
        assert all(words in html for words in ("Step 4 of 4", "Show all steps", "Later", "Everybody here begins with this.")), page
        assert "Step 4 of 4" not in as_(cast.ela).get(page).text
    html = ada.get(pages[0]).text
    assert 'value="all" selected' in html
    sent = {"whom": "all", "what": "module/greeting", "why": "Everybody here begins with this.", "prepared": '{"of": "first"}'}
    answer = ada.post(pages[0], data=sent)
    assert answer.location == "/setup"
    why, kept = db.session.execute(select(ASSIGNMENT.c.why, ASSIGNMENT.c.prepared).limit(1)).one()
    with force_locale("tr"):
        assert prepared.words(why, kept, {}) == "Burada herkes bununla başlıyor."


def test_at_the_end_it_says_who_cannot_come_in_yet_and_how_they_do(unnamed, as_, cast, at):
    ada = as_(cast.ada)
    many = db.session.scalar(select(func.count()).where(Person.password_hash.is_(None), Person.disabled_at.is_(None)))
    html = ada.get("/setup").text
    assert f"{many} people cannot sign in yet" in html and "/people?show=waiting" in html
    for person in db.session.scalars(select(Person).where(Person.password_hash.is_(None))):
        actions.make_link(person, "invitation", at, cast.ada)
    db.session.commit()
    assert "cannot sign in yet" not in ada.get("/setup").text
    db.session.execute(delete(AccessLink))
    db.session.commit()
    unnamed.extensions["trainee"] = replace(unnamed.extensions["trainee"], oidc_issuer="https://door.example", oidc_name="Kapı")
    assert "cannot sign in yet" not in ada.get("/setup").text
    # Whoever kept that page open until the end is led to the step, not to an error.
    assert ada.post("/setup/left-out", data={"step": "people", "later": "1"}).location == "/people/imports"


def test_who_says_that_it_is_enough_is_asked_no_more(unnamed, as_, cast, at):
    organisation.begin(at)
    db.session.commit()
    ada = as_(cast.ada)
    assert "Setting up" in ada.get("/").text
    assert ada.post("/setup/end").status_code == 303
    assert "Setting up" not in ada.get("/").text.replace("That is done.", "")
    assert ada.get("/setup/name").status_code == 200
    assert 'href="/setup/name"' in ada.get("/people").text


def test_what_it_is_called_costs_no_page_a_statement(as_, cast, counting, at):
    amir, seen = as_(cast.amir), []
    for said in (False, True):
        if said:
            organisation.settle("Çınar", at)
            db.session.commit()
        amir.get("/")
        counting.clear()
        assert "Setting up" not in amir.get("/").text
        seen.append(len(counting))
    assert seen[0] == seen[1]


def test_the_page_that_says_that_the_database_is_away_is_still_called_by_its_name(unnamed, as_, cast, monkeypatch):
    as_(cast.ada).post("/setup/name", data={"name": "Çınar", "language": "en"})
    assert "Çınar" in as_(cast.amir).get("/").text

    def away(*_args, **_kwargs):
        raise organisation.OperationalError("SELECT", {}, Exception("away"))

    monkeypatch.setattr(db.session, "execute", away)
    monkeypatch.setattr(db.session, "scalar", away)
    answer = as_(None).get("/sign-in")
    assert answer.status_code in {200, 503} and "Çınar" in answer.text
