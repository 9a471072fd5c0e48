"""What every answer carries, how a refusal reads, and what the log never holds."""

import io
import json
import logging
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask, request
from flask.testing import FlaskClient
from flask_wtf import FlaskForm
from sqlalchemy import event, text
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse
from wtforms import PasswordField

from tests.house.world import make_world
from trainee.app import create_app
from trainee.config import Config
from trainee.kit import logs
from trainee.kit.db import db, only_reads
from trainee.kit.errors import Forbidden, NotFound, Refusal
from trainee.kit.web import SECRETS, SECURITY_HEADERS, local_path, public
from trainee.people import actions as people
from trainee.people import forms, passwords
from trainee.people.models import Person

# What a machine would say and a person would not.
MACHINE = re.compile(r"Traceback|File \"|Error\b|Exception|\.py\b|sqlalchemy|sqlite|psycopg|werkzeug|SELECT |None\b")
SECRET = "Zeynep Gizli zeynep.gizli@mavikapi.example 05321234567"


def _site(config: Config) -> Flask:
    """The application as people meet it: forms carry tokens, bugs are pages, bodies are small; and a few views with a bug."""
    made = create_app(replace(config, max_body_kb=16))
    made.config.update(WTF_CSRF_ENABLED=True, SHOW_BUGS_AS_PAGES=True)

    @made.route("/bug", methods=["GET", "POST"])
    @public
    def bug() -> str:
        raise ValueError(f"{SECRET} {request.values.get('name')}")

    @made.route("/broken-statement")
    @public
    def broken_statement() -> str:
        db.session.execute(text("SELECT no_such_column FROM person WHERE name = :name"), {"name": SECRET})
        return "never"

    @made.route("/refused/<int:status>")
    @public
    def refused(status: int) -> str:
        raise {403: Forbidden("You may not."), 404: NotFound()}.get(status, Refusal("Not now.", status))

    @made.context_processor
    def breaks() -> dict[str, Any]:
        if made.config.get("PAGES_BREAK"):
            raise ValueError(SECRET)
        return {}

    return made


_sites: dict[str, Flask] = {}


@pytest.fixture
def site(app: Flask) -> Iterator[Flask]:
    """That application on this test's database; it is put together once, since that takes longer than most tests."""
    config = app.extensions["trainee"]
    made = _sites.get(config.database_url) or _sites.setdefault(config.database_url, _site(config))
    made.test_client_class = app.test_client_class
    only_reads(False)
    with made.app_context():
        yield made
        db.session.remove()
        db.engine.dispose()
    only_reads(False)


@pytest.fixture
def signed_in(site: Flask) -> Callable[[str], FlaskClient]:
    """A browser on that site in which somebody of the cast is signed in."""

    def sign_in(username: str) -> FlaskClient:
        client = site.test_client()
        with client.session_transaction() as session:
            session["_user_id"] = f"token-of-{username}"
            session["_fresh"] = True
        return client

    return sign_in


@pytest.fixture
def log_lines() -> Iterator[Callable[[], list[dict[str, Any]]]]:
    """Everything that went to the log so far, each line read as JSON; libraries' lines as well."""
    kept = {name: (logging.getLogger(name).handlers[:], logging.getLogger(name).level) for name in ("", "trainee")}
    stream = io.StringIO()
    logs.setup("debug")
    handler = logging.getLogger("trainee").handlers[0]
    assert isinstance(handler, logging.StreamHandler)
    handler.setStream(stream)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    for name, (handlers, level) in kept.items():
        logging.getLogger(name).handlers, logging.getLogger(name).level = handlers, level
    logging.getLogger("trainee").propagate = True


def token(client: FlaskClient) -> str:
    return str(client.get("/csrf-token").json["token"])


@contextmanager
def locked(table: str) -> Iterator[None]:
    """Somebody else is writing, and whoever waits gives up soon."""
    on_sqlite = db.engine.dialect.name == "sqlite"

    def hurry(connection: Any, *_rest: Any) -> None:
        cursor = connection.cursor()
        cursor.execute("PRAGMA busy_timeout=50" if on_sqlite else "SET lock_timeout = '50ms'")
        cursor.close()

    db.session.remove()
    only_reads(False)
    with db.engine.connect() as writer:
        writer.execute(text("SELECT 1" if on_sqlite else f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE"))
        event.listen(db.engine, "checkout", hurry)
        yield
        event.remove(db.engine, "checkout", hurry)
    db.session.remove()
    db.engine.dispose()


def ask(client: FlaskClient, status: int, **headers: str) -> TestResponse:
    """A request that is answered with `status`."""
    if status == 400:
        return client.post("/language", data={"language": "tr", "csrf_token": "forged"}, headers=headers)
    if status == 401:
        return client.post("/me/profile", data={"csrf_token": token(client)}, headers=headers)
    if status == 405:
        return client.post("/healthz", data={"csrf_token": token(client)}, headers=headers)
    if status == 413:
        return client.post("/language", data={"language": "t" * 20_000}, headers=headers)
    if status == 415:
        return client.post("/language", json={"language": "tr"}, headers=headers)
    if status == 500:
        return client.get("/bug", headers=headers)
    if status == 503:
        known = token(client)
        with locked("person"):
            return client.post("/forgot", data={"login": "amir", "csrf_token": known}, headers=headers)
    return client.get({404: "/nowhere", 403: "/refused/403", 409: "/refused/409", 429: "/refused/429"}[status], headers=headers)


# That a database is busy is told by the database; all others are the same on both.
STATUSES = [
    pytest.param(status, marks=[] if status in {500, 503} else pytest.mark.pages)
    for status in (400, 401, 403, 404, 405, 409, 413, 415, 429, 500, 503)
]


def sentence(answer: TestResponse) -> str:
    """What the page tells its reader."""
    found = re.search(r'class="(?:refusal-title|lead)">(.*?)</', answer.text)
    assert found, answer.text[:2000]
    return found.group(1)


@pytest.mark.parametrize("status", STATUSES)
def test_every_refusal_is_a_sentence_in_the_readers_language_and_says_nothing_of_the_machine(site, status):
    said = {}
    for lang in ("tr", "en"):
        answer = ask(site.test_client(), status, **{"Accept-Language": lang})
        assert answer.status_code == status
        assert answer.mimetype == "text/html"
        assert f'<html lang="{lang}"' in answer.text
        said[lang] = sentence(answer)
        assert said[lang].endswith(".")
        words = re.sub(r"<[^>]+>", " ", answer.text)
        assert not MACHINE.search(words), MACHINE.search(words)
        assert SECRET.split()[0] not in answer.text
    if status not in {403, 409, 429}:
        assert said["tr"] != said["en"]


@pytest.mark.pages
@pytest.mark.parametrize("status", [400, 404, 405, 413, 415, 500])
def test_a_person_is_refused_in_her_own_language_whatever_her_browser_offers(site, signed_in, status):
    answer = ask(signed_in("amir"), status, **{"Accept-Language": "tr"})
    assert answer.status_code == status
    assert '<html lang="en"' in answer.text
    assert "Amir Kaya" in answer.text


@pytest.mark.parametrize("status", STATUSES)
def test_who_asks_for_json_is_refused_in_json(site, status):
    answer = ask(site.test_client(), status, Accept="application/json", **{"Accept-Language": "en"})
    assert answer.status_code == status
    assert answer.mimetype == "application/json"
    assert set(answer.json) == {"error", "message"}
    assert answer.json["message"].endswith(".")
    assert not MACHINE.search(answer.json["message"])


@pytest.mark.parametrize("status", STATUSES)
def test_the_pages_own_script_gets_the_refusal_alone(site, status):
    answer = ask(site.test_client(), status, **{"X-Fragment": "1"})
    assert answer.status_code == status
    assert "<html" not in answer.text
    assert 'role="alert"' in answer.text
    assert answer.headers["X-Refusal"]


@pytest.mark.parametrize("status", STATUSES)
def test_every_refusal_carries_the_security_headers_and_is_kept_by_nobody(site, status):
    answer = ask(site.test_client(), status)
    carries_everything(answer)
    assert answer.headers["Cache-Control"] == "no-store"


def carries_everything(answer: TestResponse) -> None:
    assert {name: answer.headers.get(name) for name in SECURITY_HEADERS} == SECURITY_HEADERS
    assert re.fullmatch("[0-9a-f]{12}", answer.headers["X-Request-Id"])
    policy = answer.headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "*" not in policy


def test_too_many_tries_are_told_as_429_with_a_sentence(site):
    client = site.test_client()
    known = token(client)
    for _try in range(people.TRIES_PER_ACCOUNT + 1):
        answer = client.post(
            "/sign-in", data={"login": "amir", "password": "wrong wrong wrong", "csrf_token": known}, headers={"Accept-Language": "en"}
        )
    assert answer.status_code == 429
    assert "Please wait a quarter of an hour" in answer.text
    assert 'value="amir"' in answer.text


def test_a_method_an_address_does_not_know_is_told_with_those_it_knows(site):
    answer = ask(site.test_client(), 405)
    assert {"GET", "HEAD", "OPTIONS"} == set(answer.headers["Allow"].split(", "))


def test_a_database_that_is_out_of_reach_is_told_in_a_sentence(app, tmp_path):
    away = create_app(replace(app.extensions["trainee"], database_url="postgresql://amir:topsecret@127.0.0.1:1/trainee", data_dir=str(tmp_path)))
    client = away.test_client()
    with client.session_transaction() as session:
        session["_user_id"] = "token-of-amir"
    for lang, said in (("en", "The database is busy or out of reach just now."), ("tr", "Veritabanı")):
        answer = client.get("/", headers={"Accept-Language": lang})
        assert answer.status_code == 503
        assert said in sentence(answer)
        assert f'<html lang="{lang}"' in answer.text
        assert "topsecret" not in answer.text
        carries_everything(answer)
    with client.session_transaction() as session:
        session["reads"] = "en"
    assert '<html lang="en"' in client.get("/", headers={"Accept-Language": "tr"}).text


@pytest.mark.pages
def test_pages_about_people_are_kept_by_no_cache(app, cast, as_, at):
    """Every page that opens without an argument, for somebody who may open all of them."""
    people.set_roles(db.session.get_one(Person, cast.ada), ("employee", "supervisor", "trainer", "hr", "admin", "executive"), at, None)
    db.session.commit()
    client, seen = as_(cast.ada), 0
    for rule in app.url_map.iter_rules():
        if "GET" not in rule.methods or rule.arguments:
            continue
        answer = client.get(rule.rule)
        carries_everything(answer)
        assert answer.headers["Cache-Control"] == "no-store", rule.rule
        seen += answer.status_code == 200
    assert seen > 8


@pytest.mark.pages
def test_what_belongs_to_nobody_carries_the_headers_too(app):
    with app.test_request_context():
        sheet = app.jinja_env.globals["asset"]("trainee.css")
    for address in ("/sign-in", "/healthz", "/csrf-token", sheet, "/", "/me?next=/"):
        carries_everything(app.test_client().get(address))


@pytest.mark.parametrize(
    "target",
    [
        None,
        "",
        "https://elsewhere.example/",
        "//elsewhere.example",
        "/\\elsewhere.example",
        "\\/elsewhere.example",
        "/\n/elsewhere.example",
        "/\t/elsewhere.example",
        "\r\n/me",
        "javascript:alert(1)",
        "me",
        " /me",
        "/\x00me",
    ],
)
def test_a_target_elsewhere_is_not_followed(target):
    assert local_path(target) == "/"
    assert local_path(target, "/learn") == "/learn"


@pytest.mark.parametrize("target", ["/", "/me", "/learn?q=a&b=//c", "/people/3#notes", "/a//b"])
def test_a_target_on_this_site_is_followed(target):
    assert local_path(target) == target


@pytest.mark.pages
def test_a_page_and_its_fragment_are_told_apart_by_caches_and_say_the_same(app, cast, as_, at):
    world = make_world(cast, at)
    address = f"/runs/{world['run_id']}" if any(rule.rule == "/runs/<int:run_id>" for rule in app.url_map.iter_rules()) else None
    with app.test_request_context():
        address = address or app.url_map.bind("localhost").build("roleplays.run", {"run_id": world["run_id"]})
    page, part = as_(cast.amir).get(address), as_(cast.amir).get(address, headers={"X-Fragment": "1"})
    assert page.status_code == part.status_code == 200
    assert "<html" in page.text
    assert "<html" not in part.text
    assert {"Cookie", "X-Fragment"} <= set(re.split(", *", page.headers["Vary"]))
    heading = re.search(r'name="key" value="[^"]*"', part.text)
    assert heading


def test_a_request_has_one_number_in_its_header_on_its_page_and_in_the_log(site, log_lines):
    answer = site.test_client().get("/bug")
    reference = answer.headers["X-Request-Id"]
    assert f'translate="no">{reference}<' in answer.text
    lines = [line for line in log_lines() if line.get("request_id") == reference]
    assert [line["event"] for line in lines] == ["bug", "request"]
    assert lines[0]["error"] == "ValueError"
    assert lines[0]["endpoint"] == "bug"
    assert any("test_web.py" in frame for frame in lines[0]["where"])
    assert {"at", "level", "event", "method", "endpoint", "status", "request_id"} == set(lines[1])


def test_two_requests_have_two_numbers(site):
    client = site.test_client()
    assert len({client.get("/sign-in").headers["X-Request-Id"] for _request in range(5)}) == 5


def test_nothing_personal_is_in_the_log_whatever_happens(site, signed_in, cast, at, log_lines):
    amir = db.session.get_one(Person, cast.amir)
    amir.password_hash = passwords.hashed("a long enough sentence")
    world = make_world(cast, at)
    client = site.test_client()
    known = token(client)
    client.post("/sign-in", data={"login": "amir@mavikapi.example", "password": "a wrong one", "csrf_token": known})
    client.post("/sign-in", data={"login": "amir", "password": "a long enough sentence", "remember": "y", "csrf_token": known})
    assert client.get("/me").status_code == 200
    ela = signed_in("ela")
    assert "Beth" in ela.get("/people?q=Öğüt").text
    note = f"/learn/{world['module_key']}/{world['lesson_key']}/note"
    reader = signed_in("amir")
    with site.test_request_context():
        note = site.url_map.bind("localhost").build("lessons.note", {"module_key": world["module_key"], "lesson_key": world["lesson_key"]}, "POST")
    assert reader.post(note, data={"text": SECRET, "note": SECRET, "csrf_token": token(reader)}).status_code < 400
    assert client.get(f"/welcome/{world['token']}").status_code in {200, 404}
    assert site.test_client().get("/me?from=" + SECRET).status_code == 302
    assert client.post("/bug", data={"name": SECRET, "csrf_token": token(client)}).status_code == 500
    assert client.get("/broken-statement").status_code in {500, 503}
    fresh = token(client)
    with locked("person"):
        assert client.post("/forgot", data={"login": "amir", "csrf_token": fresh}).status_code == 503
    logging.getLogger("waitress").exception("Exception while serving %s", f"/welcome/{world['token']}", exc_info=ValueError(SECRET))
    lines = log_lines()
    assert {"request", "bug", "database", "Exception while serving %s"} <= {line["event"] for line in lines}
    written = json.dumps(lines, ensure_ascii=False)
    for word in (
        *SECRET.split(),
        "amir",
        "Amir",
        "Kaya",
        "Öğüt",
        "beth",
        "mavikapi",
        "127.0.0.1",
        "long enough",
        "a wrong one",
        world["token"],
        "token-of",
        known,
    ):
        assert word not in written, word


@pytest.mark.pages
def test_no_address_we_send_anybody_to_holds_anything_personal(app, cast, as_, at):
    world = make_world(cast, at)
    build = app.url_map.bind("localhost").build
    profile = {"name": SECRET[:20], "language": "en", "time_zone": "Europe/Istanbul"}
    hired = {"name": "Zeynep Gizli", "username": "zeynep", "job": "adviser", "email": "zeynep.gizli@mavikapi.example", "language": "tr"}
    deeds = [
        (cast.amir, "people.edit_me", {}, profile),
        (cast.amir, "lessons.note", {"module_key": world["module_key"], "lesson_key": world["lesson_key"]}, {"text": SECRET, "note": SECRET}),
        (cast.ela, "people.new_person", {}, {**hired, "roles": ["employee"], "team_id": "0", "supervisor_id": "0", "dotted_id": "0"}),
        (cast.ela, "people.edit_person", {"person_id": cast.beth}, {**hired, "username": "beth2", "roles": ["employee"]}),
        (cast.ela, "people.make_link", {"person_id": cast.beth}, {}),
        (None, "people.forgot", {}, {"login": "zeynep.gizli@mavikapi.example"}),
        (None, "people.sign_in", {}, {"login": "zeynep.gizli@mavikapi.example", "password": "zeynep gizli"}),
    ]
    sent = []
    for who, endpoint, values, data in deeds:
        answer = as_(who).post(build(endpoint, values, method="POST"), data=data)
        assert answer.status_code in {200, 303, 422}, (endpoint, answer.status_code)
        if answer.status_code == 303:
            sent.append(endpoint)
        where = answer.headers.get("Location", "").casefold()
        assert not any(word.casefold() in where for word in (*SECRET.split(), "zeynep", "gizli", "beth", "amir")), where
    assert {"people.edit_me", "lessons.note", "people.new_person", "people.forgot"} <= set(sent)


def sentence_of_a_bare_page(answer: TestResponse) -> str:
    found = re.search(r"<h1>(.*?)</h1>", answer.text)
    assert found, answer.text
    return found.group(1)


def test_a_bug_inside_the_page_that_tells_of_a_bug_is_logged_without_its_words(site, log_lines, monkeypatch):
    """Flask's own last resort would write the address and the message."""
    monkeypatch.setitem(site.config, "PAGES_BREAK", True)
    answer = site.test_client().get(f"/welcome/{SECRET.split()[0]}", headers={"Accept-Language": "en"})
    assert answer.status_code == 404
    assert sentence_of_a_bare_page(answer) == "This link has been used or has expired. Please ask HR for a new one."
    assert "bug" in {line["event"] for line in log_lines()}
    assert SECRET.split()[0] not in json.dumps(log_lines(), ensure_ascii=False)
    assert "Traceback" not in answer.text


def stale(client: FlaskClient, address: str, data: dict[str, Any], **headers: str) -> TestResponse:
    """A form with the token of a session that is over."""
    return client.post(address, data={**data, "csrf_token": "of yesterday"}, headers=headers)


def test_what_was_typed_into_a_page_that_was_open_too_long_can_be_sent_again(signed_in):
    client = signed_in("amir")
    typed = {"title": "A seat", "problem": 'People "wait"\nstanding.', "idea": "Bench", "key": "k1", "csrf_token": "of yesterday"}
    refused_ = client.post("/suggestions/new?from=here", data=MultiDict([*typed.items(), ("tag", "a"), ("tag", "b")]))
    assert (refused_.status_code, refused_.headers["X-Refusal"]) == (400, "csrf")
    form = refused_.text.split('<form method="post" action="/suggestions/new?from=here"')[1].split("</form>")[0]
    assert "of yesterday" not in form
    assert "People &#34;wait&#34;\nstanding.</textarea>" in form
    for name, value in (("idea", "Bench"), ("key", "k1"), ("tag", "a"), ("tag", "b")):
        assert f'<input type="hidden" name="{name}" value="{value}">' in form
    assert "Amir Kaya" in refused_.text
    known = re.search(r'name="csrf_token" value="([^"]+)"', form).group(1)
    again = client.post("/language", data={"language": "tr", "csrf_token": known})
    assert again.status_code == 303


def test_a_file_is_not_kept_and_asked_for_again(signed_in):
    answer = stale(signed_in("amir"), "/me/photo", {"photo": (io.BytesIO(b"x"), "me.png")})
    assert 'enctype="multipart/form-data"' in answer.text
    assert re.search(r'<input class="input" id="again-file-1" name="photo" type="file"', answer.text)


@pytest.mark.parametrize("address", ["/sign-in", "/me/password", "/welcome/x"])
def test_a_password_never_comes_back(signed_in, address):
    answer = stale(signed_in("amir"), address, {"login": "amir", "password": SECRET, "again": SECRET, "old": SECRET}, Referer="http://localhost/me")
    assert (answer.status_code, answer.headers["X-Refusal"]) == (400, "csrf")
    assert SECRET not in answer.text
    assert 'href="/me"><span>Load the page again' in answer.text


def test_every_password_field_of_every_form_is_known_as_a_secret():
    found = set()
    for form in (one for one in vars(forms).values() if isinstance(one, type) and issubclass(one, FlaskForm)):
        found |= {name for name, field in vars(form).items() if getattr(field, "field_class", None) is PasswordField}
    assert found == SECRETS


@pytest.mark.parametrize(
    "headers", [{"Origin": "https://elsewhere.example"}, {"Sec-Fetch-Site": "cross-site"}, {"X-Fragment": "1"}, {"Origin": "null"}]
)
def test_what_another_site_or_a_script_sends_is_not_offered_for_sending(signed_in, headers):
    answer = stale(signed_in("amir"), "/suggestions/new", {"title": "A seat by the door"}, **headers)
    assert (answer.status_code, answer.headers["X-Refusal"]) == (400, "csrf")
    assert "A seat by the door" not in answer.text


def test_a_broken_upload_is_told_apart_from_an_old_page(signed_in):
    for body in (b"--x\r\n\r\n--x--", b'--x\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\nhalf'):
        answer = signed_in("amir").post("/me/photo", data=body, content_type="multipart/form-data; boundary=x")
        assert (answer.status_code, answer.headers["X-Refusal"]) == (400, "broken")
        assert "arrived broken" in answer.text
