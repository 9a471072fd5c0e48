"""Other programs are told: in the transaction of the deed, once, signed, again when they did not hear, and never into a network."""

import hashlib
import hmac
import json
import socket
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from types import SimpleNamespace

import pytest
from sqlalchemy import select, update

from trainee import expectations, plans, profile, webhooks
from trainee.dashboards import happenings
from trainee.kit.clock import local_date, now
from trainee.kit.db import db
from trainee.kit.errors import Refusal
from trainee.modules.library import module_or_404
from trainee.modules.progress import part_done, required_parts
from trainee.webhooks.actions import secret_of
from trainee.webhooks.models import DELIVERY, HOOK, Webhook
from trainee.webhooks.safety import Place, Unsafe, place_of, public, require_good
from trainee.webhooks.sending import GIVE_UP, LEASE, PAUSES, signature

INSIDE = frozenset({"hr.inside.example"})
FORM = {"name": "Payroll", "url": "https://hr.example.com/hear", "events": list(webhooks.EVENTS), "receipt": "entered once"}


# Where it may go ------------------------------------------------------------------------------------------------------------


def test_only_addresses_of_the_open_internet_are_public():
    inner = "127.0.0.1 10.0.0.1 172.16.3.4 192.168.1.1 169.254.169.254 100.64.0.1 0.0.0.0 224.0.0.1 255.255.255.255 192.0.2.1 ::1 :: fc00::1 fe80::1"
    tricks = "::ffff:127.0.0.1 ::ffff:10.0.0.1 64:ff9b::7f00:1 2002:7f00:1:: fe80::1%eth0 ff02::1"
    assert [one for one in f"{inner} {tricks}".split() if public(one)] == []
    assert all(public(one) for one in ("8.8.8.8", "2606:4700:4700::1111"))


@pytest.mark.parametrize(
    "url",
    [
        "http://hr.example.com/",
        "ftp://hr.example.com/",
        "https://",
        "hr.example.com",
        "https://user:word@hr.example.com/",
        "https://hr.example.com/#part",
        "https://hr.example.com:99999/",
        "https://localhost/",
        "https://printer.local/",
        "https://127.0.0.1/",
        "https://[::1]/",
        "https://169.254.169.254/latest/meta-data",
        "https://hr.example.com/a b",
        "https://hr.example.com/\nHost: x",
        "https://ırmak.example/",
    ],
)
def test_an_address_that_could_not_be_called_safely_is_refused_in_a_sentence(app, url):
    with pytest.raises(Refusal) as refused:
        require_good(url, INSIDE)
    assert refused.value.message.endswith(".") and refused.value.code == "url"


def test_a_host_inside_is_called_when_the_configuration_names_it():
    require_good("http://hr.inside.example:8080/hear?x=1", INSIDE)
    require_good("https://hr.example.com/hear", INSIDE)


@pytest.mark.parametrize("addresses", [["10.0.0.7"], ["8.8.8.8", "127.0.0.1"], ["::ffff:10.1.1.1"], []])
def test_a_name_that_leads_inwards_is_not_called(monkeypatch, addresses):
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_asked, **_more: [(2, 1, 6, "", (one, 443)) for one in addresses])
    with pytest.raises(Unsafe):
        place_of("https://hr.example.com/hear", INSIDE)


def test_the_address_that_was_looked_at_is_the_one_that_is_called(monkeypatch):
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_asked, **_more: [(2, 1, 6, "", ("8.8.8.8", 443))])
    assert place_of("https://hr.example.com/hear?a=1", INSIDE) == Place("hr.example.com", "8.8.8.8", 443, "/hear?a=1", True)


# What is told ---------------------------------------------------------------------------------------------------------------


@pytest.fixture
def hook(as_, cast) -> Webhook:
    """Ada enters one that is told of everything."""
    answer = as_(cast.ada).post("/webhooks", data=FORM)
    assert answer.status_code == 303, answer.text
    db.session.execute(update(HOOK).values(made_at=now() - timedelta(minutes=1), looked_at=now() - timedelta(minutes=1)))
    db.session.commit()
    return db.session.scalars(select(Webhook)).one()


def told() -> list[tuple[str, int | None]]:
    return [tuple(row) for row in db.session.execute(select(DELIVERY.c.event, DELIVERY.c.person_id).order_by(DELIVERY.c.id))]


def finish(person_id: int) -> None:
    for part in required_parts(module_or_404("greeting")[1]):
        part_done(person_id, "greeting", part, now())


def test_a_certificate_is_told_in_the_very_transaction_that_issues_it(cast, hook):
    task = plans.Task("module", "greeting")
    what = plans.make_certification("Greeting", task, months=12, window_days=60, short=True, by_id=cast.ela, receipt="x", at=now())
    plans.certify([cast.amir], what, at=now(), given_by_id=cast.ela, why="Once a year.")
    finish(cast.amir)
    db.session.commit()
    assert plans.issue_certificates(now()) == 1
    assert told() == [("certified", cast.amir)]
    db.session.rollback()
    assert told() == []
    for made in (1, 0):
        assert plans.issue_certificates(now()) == made
        db.session.commit()
    assert told() == [("certified", cast.amir)]
    (payload,) = db.session.scalars(select(DELIVERY.c.payload))
    assert payload["data"]["number"] and "Amir" not in json.dumps(payload)


def test_what_became_complete_is_told_once_and_nothing_from_before(cast, hook):
    for who in (cast.amir, cast.beth, cast.gus):
        plans.assign(who, "greeting", at=now(), given_by_id=cast.chloe, why="To begin with.")
    finish(cast.amir)
    db.session.commit()
    assert [happenings.tell(now()) for _look in range(2)] == [1, 0]
    assert told() == [("completed", cast.amir)]
    finish(cast.beth)
    db.session.execute(update(HOOK).values(made_at=now() + timedelta(seconds=1)))
    db.session.commit()
    assert happenings.tell(now() + timedelta(seconds=2)) == 0, "it was entered afterwards"


def test_an_expectation_that_was_not_reached_is_told_when_its_day_is_over(cast, hook):
    at = now()
    today = local_date(at, "Europe/Istanbul")
    for place in range(8):
        profile.record([profile.Showing(cast.amir, "empathy", "observation_line", 0.0, f"c{place}", at - timedelta(days=3), f"r{place}")], at)
    terms = expectations.Terms(
        "empathy", 4, today - timedelta(days=9), why="Customers ask.", ways=("observation",), rhythm="monthly", audience="nobody"
    )
    for who in (cast.amir, cast.beth):
        expectations.issue(expectations.Scope("person", who), replace(terms, ends_on=today), by_id=cast.chloe, at=at - timedelta(days=9))
    db.session.commit()
    assert happenings.tell(at) == 0
    late = at + timedelta(days=1, hours=1)
    assert [happenings.tell(late), happenings.tell(late)] == [1, 0]
    assert told() == [("expectation_missed", cast.amir)], "of Beth too little is known to say so"


def test_it_is_told_only_of_what_it_asked_for_and_while_it_goes_on(as_, cast, hook):
    again = {"person_id": cast.amir, "occurred_at": now(), "at": now()}
    db.session.execute(update(HOOK).values(events=["certified"]))
    assert webhooks.happened("completed", "assignment/1", {}, **again) == 0
    assert [webhooks.happened("certified", "certificate/1", {}, **again) for _time in range(2)] == [1, 0]
    db.session.commit()
    assert as_(cast.ada).post(f"/webhooks/{hook.id}/end").status_code == 303
    assert webhooks.happened("certified", "certificate/2", {}, **again) == 0
    assert set(db.session.scalars(select(DELIVERY.c.state))) == {"cancelled"}


# Sending --------------------------------------------------------------------------------------------------------------------


@pytest.fixture
def other(app) -> Iterator[SimpleNamespace]:
    """Another program, on this machine, which the configuration allows: it answers what it is told to and keeps what it heard."""
    heard: list[tuple[str, dict[str, str], bytes]] = []
    place = SimpleNamespace(heard=heard, answers=[], port=0)

    class Hears(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            heard.append((self.path, dict(self.headers), self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(place.answers.pop(0) if place.answers else 204)
            self.send_header("Location", f"http://127.0.0.1:{place.port}/elsewhere")
            self.end_headers()

        def log_message(self, *_words: object) -> None:
            """Says nothing."""

    server = HTTPServer(("127.0.0.1", 0), Hears)
    place.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    before = app.extensions["trainee"]
    app.extensions["trainee"] = replace(before, webhook_hosts="127.0.0.1")
    yield place
    app.extensions["trainee"] = before
    server.shutdown()
    server.server_close()


@pytest.fixture
def waiting(cast, hook, other) -> Webhook:
    """One happening that waits to be told to that program."""
    db.session.execute(update(HOOK).values(url=f"http://127.0.0.1:{other.port}/hear"))
    webhooks.happened("certified", "certificate/7", {"number": "2026-000007"}, person_id=cast.amir, occurred_at=now(), at=now())
    db.session.commit()
    db.session.expire_all()
    return db.session.scalars(select(Webhook)).one()


def post(at, owner="worker", **more) -> list[str]:
    found = []
    for step in webhooks.post(at, owner, **more):
        db.session.commit()
        found.append(step)
    return found


def row():
    db.session.rollback()
    return db.session.execute(select(DELIVERY)).one()


def test_it_is_called_once_and_can_check_who_calls(waiting, other):
    at = now()
    assert [post(at), post(at + timedelta(minutes=9))] == [["leased", "sent"], []]
    ((path, headers, body),) = other.heard
    said = json.loads(body)
    assert (path, said["event"], said["data"]["number"]) == ("/hear", "certified", "2026-000007")
    assert headers["Trainee-Delivery"] == said["id"] and headers["Trainee-Event"] == "certified"
    sent, mark = (part.partition("=")[2] for part in headers["Trainee-Signature"].split(","))
    assert hmac.new(secret_of(waiting).encode(), f"{sent}.".encode() + body, hashlib.sha256).hexdigest() == mark
    assert abs(int(sent) - at.timestamp()) < 2
    assert signature("another", at, body) != headers["Trainee-Signature"]
    assert (row().state, row().status, row().attempts) == ("sent", 204, 1)


def test_who_does_not_hear_is_called_again_with_growing_pauses_and_given_up_after_three_days(waiting, other):
    at = begun = row().made_at
    pauses = []
    other.answers = [500, 302, *[503] * 40]
    while row().state == "waiting":
        at = row().next_try_at
        assert post(at - timedelta(seconds=1)) == []
        post(at)
        pauses.append(row().next_try_at - at)
    assert pauses[:6] == list(PAUSES)
    assert row().state == "failed" and at - begun <= GIVE_UP < at - begun + PAUSES[-1]
    assert {path for path, _headers, _body in other.heard} == {"/hear"}, "a redirection is not followed"
    assert len({headers["Trainee-Delivery"] for _path, headers, _body in other.heard}) == 1


def test_nobody_there_is_no_error_of_ours(waiting, other):
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    db.session.execute(update(HOOK).values(url=f"http://127.0.0.1:{port}/"))
    db.session.commit()
    assert post(now()) == ["leased", "waiting"]
    assert row().problem.startswith("no_connection")


def test_what_the_configuration_no_longer_allows_is_not_called(app, waiting, other):
    app.extensions["trainee"] = replace(app.extensions["trainee"], webhook_hosts="")
    assert post(now()) == ["leased", "waiting"]
    assert other.heard == [] and row().problem.startswith("unsafe")


def test_a_worker_that_died_is_followed_by_another_and_two_never_call_at_once(waiting, other):
    at = now()
    for _step in webhooks.post(at, "dies"):
        db.session.commit()
        break
    assert post(at, "second") == []
    assert post(at + LEASE, "second") == ["leased", "sent"]
    db.session.execute(update(DELIVERY).values(state="waiting", ended_at=None, leased_until=at + LEASE, owner="dies"))
    db.session.commit()
    assert post(at + timedelta(hours=1), "third", alone=True) == ["leased", "sent"]


# The page -------------------------------------------------------------------------------------------------------------------


def test_the_administrator_enters_one_tests_it_and_sees_what_came_of_it(as_, cast, other):
    ada = as_(cast.ada)
    assert ada.post("/webhooks", data={**FORM, "url": "https://10.0.0.1/"}).status_code == 422
    for _press in range(2):
        assert ada.post("/webhooks", data={**FORM, "url": f"http://127.0.0.1:{other.port}/hear"}).status_code == 303
    (hook,) = db.session.scalars(select(Webhook))
    assert ada.post(f"/webhooks/{hook.id}/test").status_code == 303
    assert "waits</span>" in ada.get("/webhooks").text
    other.answers = [404]
    post(now())
    page = ada.get("/webhooks").text
    assert "The other side answered 404." in page and "Next try" in page
    assert json.loads(other.heard[0][2])["data"] == {"says": "Hello from Trainee."}
    assert secret_of(hook) in page
    db.session.rollback()
    assert secret_of(hook) not in str(db.session.execute(select(HOOK)).all())
    assert ada.post("/webhooks/999/test").status_code == 404
    assert ada.post(f"/webhooks/{hook.id}/end").status_code == 303
    assert ada.post(f"/webhooks/{hook.id}/test").status_code == 422


@pytest.mark.parametrize("wrong", [{"name": " "}, {"events": []}, {"events": ["everything"]}, {"url": ""}, {"url": "x" * 600}])
def test_a_form_that_makes_no_sense_enters_nothing(as_, cast, wrong):
    assert as_(cast.ada).post("/webhooks", data={**FORM, **wrong}).status_code == 422
    assert db.session.scalars(select(Webhook)).all() == []
