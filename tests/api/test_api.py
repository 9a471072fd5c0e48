"""What other programs read: whom a token lets in, to what, page by page, and as it is described."""

import json
import re
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from trainee import plans, profile
from trainee.api import tokens
from trainee.api.models import TOKEN, ApiToken
from trainee.api.openapi import document
from trainee.api.resource import cursor_after, read_cursor
from trainee.api.resources import RESOURCES, SCOPES
from trainee.evidence import Evidence
from trainee.kit.audit import AuditEntry
from trainee.kit.clock import now
from trainee.kit.db import db
from trainee.modules.library import module_or_404
from trainee.modules.quizzes import actions as quizzes
from trainee.modules.roleplays import actions as roleplays
from trainee.people import actions as people
from trainee.people.models import Person, RecordLook, ReportingLine, RoleHeld
from trainee.people.passwords import digest
from trainee.people.queries import viewer_named
from trainee.reports import kinds
from trainee.reports.filters import Asked, Filters

FILE = Path(__file__).resolve().parents[2] / "docs" / "openapi.json"
FORM = {"name": "Payroll", "days": "30", "receipt": "made once"}


@pytest.fixture
def token(as_, cast):
    """Makes a token on the page as Ela, or as who is named."""

    def made(*scopes: str, who=None, receipt="made once", days="30") -> str:
        page = as_(who or cast.ela).post("/api-tokens", data={**FORM, "days": days, "receipt": receipt, "scopes": list(scopes)})
        assert page.status_code == 200, page.text
        return re.search(r"trainee_[\w-]+", page.text).group()

    return made


@pytest.fixture
def get(app):
    """Calls as a program does."""
    client = app.test_client()

    def call(path: str, secret: str = "", **query: object):
        return client.get(f"/api/v1{path}", query_string=query, headers={"Authorization": f"Bearer {secret}"} if secret else {})

    return call


@pytest.fixture
def life(cast, at):
    """Something of everything: evidence of three people, an attempt, two assignments."""
    for who in (cast.amir, cast.beth, cast.gus):
        for place in range(3):
            one = profile.Showing(who, "empathy", "observation_line", 0.2 * place, f"call-{place}", at, f"{who}/{place}", actor_id=cast.chloe)
            profile.record([one], at)
    module_or_404("greeting")
    quizzes.begin(cast.amir, "greeting", at)
    roleplays.begin(cast.amir, module_or_404("greeting")[1].stories[0].id, "a key", at)
    plans.assign(cast.amir, "greeting", at=at, given_by_id=cast.chloe, why="To begin with.")
    plans.assign(cast.gus, "", kind="reviews", number=3, at=at, given_by_id=cast.ela, why="Once a year.")
    db.session.commit()


def change(**values) -> None:
    db.session.rollback()
    db.session.execute(update(TOKEN).values(**values))
    db.session.commit()


def test_a_token_is_shown_once_and_kept_as_a_digest_alone(as_, cast, token):
    secret = token("people")
    db.session.rollback()
    (row,) = db.session.execute(select(TOKEN)).all()
    assert row.digest == digest(secret) and secret not in json.dumps([str(value) for value in row])
    again = as_(cast.ela).post("/api-tokens", data={**FORM, "scopes": ["people"]}, follow_redirects=True)
    assert "is not shown again" in again.text and "trainee_" not in again.text
    assert db.session.scalar(select(func.count()).select_from(TOKEN)) == 1
    assert secret not in as_(cast.ada).get("/api-tokens").text
    deeds = db.session.execute(select(AuditEntry.deed, AuditEntry.actor_id).where(AuditEntry.deed == "make_api_token")).all()
    assert [tuple(one) for one in deeds] == [("make_api_token", cast.ela)]


@pytest.mark.parametrize("wrong", [{"name": " "}, {"scopes": ["everything"]}, {"scopes": []}, {"days": "0"}, {"days": "367"}, {"days": "x"}])
def test_a_form_that_makes_no_sense_makes_no_token(as_, cast, wrong):
    assert as_(cast.ela).post("/api-tokens", data={**FORM, "scopes": ["people"], **wrong}).status_code == 422
    assert db.session.scalar(select(func.count()).select_from(TOKEN)) == 0


def test_nobody_is_let_in_without_a_token_of_ours(as_, cast, get, token):
    token("people")
    for answer in (get("/people"), get("/people", "trainee_guessed"), get("/people", "ç"), as_(cast.ela).get("/api/v1/people")):
        assert answer.status_code == 401 and answer.headers["WWW-Authenticate"].startswith("Bearer")
        assert answer.json["error"] in {"missing", "token"} and answer.json["message"].endswith(".")
    assert get("/openapi.json").status_code == 200
    assert as_(cast.ela).post("/api/v1/people").status_code == 405


def test_a_scope_opens_its_own_and_nothing_else(get, token):
    paths = {"/people": "people", "/people/1": "people", "/figures": "figures", "/figures/skills": "figures"} | {f"/{key}": key for key in RESOURCES}
    for number, scope in enumerate(SCOPES):
        secret = token(scope, receipt=f"form {number}")
        for path, wanted in paths.items():
            assert get(path, secret).status_code == (200 if wanted == scope else 403), (scope, path)


def test_every_route_says_its_scope_so_that_none_opens_by_being_forgotten(app):
    views = {rule.endpoint: app.view_functions[rule.endpoint] for rule in app.url_map.iter_rules() if rule.endpoint.startswith("api.")}
    assert {getattr(view, "scope", None) for view in views.values()} == {"", *SCOPES}
    assert [name for name, view in views.items() if view.scope == ""] == ["api.openapi"]


def test_a_view_without_a_scope_is_closed_to_every_token(app, get, token, monkeypatch):
    secret = token(*SCOPES)
    monkeypatch.delattr(app.view_functions["api.people_list"], "scope")
    assert get("/people", secret).status_code == 403


@pytest.mark.parametrize(("values", "code"), [({"expires_at": "past"}, "expired"), ({"revoked_at": "past"}, "revoked")])
def test_what_has_ended_lets_nobody_in(get, token, values, code):
    secret = token("people")
    assert get("/people", secret).status_code == 200
    change(**{name: now() - timedelta(seconds=1) for name in values})
    answer = get("/people", secret)
    assert (answer.status_code, answer.json["error"]) == (401, code)


def test_revoking_on_the_page_ends_it_at_once(as_, cast, get, token):
    secret = token("people")
    number = db.session.scalar(select(ApiToken.id))
    for _press in range(2):
        assert as_(cast.ada).post(f"/api-tokens/{number}/revocation").status_code == 303
    assert get("/people", secret).status_code == 401
    assert as_(cast.ada).post("/api-tokens/999/revocation").status_code == 404


def test_a_token_is_worth_no_more_than_whoever_made_it(cast, get, token, person):
    secret, other = token("people"), token("people", who=cast.ada, receipt="another")
    people.set_roles(person(cast.ela), ["employee"], now(), cast.ada)
    people.disable(person(cast.ada), now(), cast.ela)
    db.session.commit()
    for one in (secret, other):
        answer = get("/people", one)
        assert (answer.status_code, answer.json["error"]) == (401, "maker")


def everything(get, key: str, secret: str, limit: int) -> list[dict]:
    """All pages, one after the other."""
    found, cursor = [], None
    for _page in range(100):
        answer = get(f"/{key}", secret, limit=limit, **({"cursor": cursor} if cursor else {})).json
        assert len(answer["data"]) <= limit
        found += answer["data"]
        cursor = answer["next"]
        if cursor is None:
            return found
    raise AssertionError("It has no end.")


@pytest.mark.parametrize("key", sorted(RESOURCES))
def test_pages_of_any_size_hold_everything_once_in_order(get, token, life, key):
    secret = token(*SCOPES)
    whole = everything(get, key, secret, 200)
    assert whole and everything(get, key, secret, 2) == whole == everything(get, key, secret, 1)
    name = "person_id" if key == "mastery" else "id"
    numbers = [one[name] for one in whole]
    assert numbers == sorted(set(numbers))


def test_what_is_read_is_what_stands_there(cast, get, token, life, at):
    secret = token(*SCOPES)
    amir = get(f"/people/{cast.amir}", secret).json["data"]
    assert (amir["name"], amir["supervisor_id"], amir["roles"], amir["team"]) == ("Amir Kaya", cast.chloe, ["employee"], "Ours")
    hers = get("/evidence", secret, person_id=cast.beth).json["data"]
    assert [(one["person_id"], one["score"]) for one in hers] == [(cast.beth, pytest.approx(0.2 * place)) for place in range(3)]
    assert len(everything(get, "evidence", secret, 4)) == db.session.scalar(select(func.count()).select_from(Evidence))
    (work,) = get("/assignments", secret, person_id=cast.amir).json["data"]
    assert (work["what"], work["state"], work["why"], datetime.fromisoformat(work["given_at"])) == ("greeting", "open", "To begin with.", at)
    (tried,) = get("/attempts", secret, person_id=cast.amir).json["data"]
    (run,) = get("/runs", secret, person_id=cast.amir).json["data"]
    assert (run["module"], run["finished_at"], run["ending"], run["criticals"]) == ("greeting", None, None, 0)
    assert (tried["module"], tried["handed_in_at"]) == ("greeting", None)
    (level,) = get("/mastery", secret, person_id=cast.amir).json["data"][0]["skills"]
    assert (level["skill"], level["evidence_count"]) == ("empathy", 3)


def test_customers_marks_are_told_from_five_on_or_to_who_leads_her(as_, cast, get, token, at):
    def rated(first, many):
        found = [
            profile.Showing(cast.amir, "empathy", "customer_rating", 0.25, f"survey/{one}", at, f"r/{one}") for one in range(first, first + many)
        ]
        for one in found:
            profile.record([one], at)
        db.session.commit()

    rated(0, 4)
    profile.record([profile.Showing(cast.amir, "empathy", "observation_line", 0.9, "call", at, "o", actor_id=cast.chloe)], at)
    profile.record([profile.Showing(cast.ela, "empathy", "customer_rating", 0.25, "survey/own", at, "own")], at)
    db.session.commit()
    secret = token("evidence")

    def scores(who):
        return [one["score"] for one in get("/evidence", secret, person_id=who).json["data"]]

    def items(who):
        return [one["item"] for one in get("/evidence", secret, person_id=who).json["data"]]

    # Ela leads nobody: she reads that there are four, and her own.
    assert (scores(cast.amir), scores(cast.ela)) == ([None] * 4 + [0.9], [0.25])
    # Nor which question was asked.
    assert (items(cast.amir), items(cast.ela)) == ([""] * 4 + ["call"], ["survey/own"])
    db.session.rollback()
    db.session.add(RoleHeld(person_id=cast.ela, role="supervisor"))
    line = ReportingLine(person_id=cast.amir, supervisor_id=cast.ela, kind="dotted", since=at)
    db.session.add(line)
    db.session.commit()
    assert scores(cast.amir) == [0.25] * 4 + [0.9] and items(cast.amir)[0] == "survey/0"
    db.session.delete(line)
    db.session.commit()
    assert scores(cast.amir) == [None] * 4 + [0.9]
    db.session.rollback()
    rated(4, 1)
    assert scores(cast.amir) == [0.25] * 4 + [0.9, 0.25]


def test_figures_are_those_of_the_reports_page(as_, cast, get, token, life, person):
    secret, team = token("figures"), person(cast.amir).team_id
    listed = {one["report"] for one in get("/figures", secret).json["data"]}
    assert listed == {one.key for one in kinds if one.figures}
    asked = Asked(viewer_named("ela"), Filters(team=team), now())
    told = get("/figures/assignments", secret, team=team).json
    assert [(one["key"], one["value"], one["n"]) for one in told["data"]] == [
        (one.figure.key, one.value, one.n) for one in kinds["assignments"].measured(asked)
    ]
    assert told["filters"] == {"team": str(team)}
    assert get("/figures/none", secret).status_code == 404


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("/people", {"cursor": "guessed"}),
        ("/people", {"cursor": cursor_after("evidence", 3)}),
        ("/people", {"limit": "0"}),
        ("/people", {"limit": "201"}),
        ("/people", {"limit": "1e3"}),
        ("/evidence", {"person_id": "amir"}),
        ("/figures/skills", {"team": "none"}),
        ("/figures/skills", {"tem": "1"}),
        ("/figures", {"team": "1"}),
        ("/people/1", {"limit": "1"}),
    ],
)
def test_a_question_that_makes_no_sense_is_told_in_a_sentence(get, token, path, query):
    answer = get(path, token(*SCOPES), **query)
    assert answer.status_code == 400 and answer.json["message"].endswith(".")
    assert answer.json["error"] == next(iter(query))


@pytest.mark.parametrize("path", [*(f"/{key}" for key in RESOURCES), "/figures/assignments"])
def test_what_is_asked_for_and_not_known_is_named_with_what_is(get, token, path):
    answer = get(path, token(*SCOPES), foo="1")
    known = "unit, team, module, since, until, left" if "figures" in path else "cursor, limit, person_id"
    assert (answer.status_code, answer.json["error"]) == (400, "foo")
    assert answer.json["message"] == f"“foo” is not known here; there are: {known}."


def test_a_guessed_number_leads_nowhere(get, token):
    secret = token("people")
    nowhere = get("/nope", secret)
    assert (nowhere.status_code, nowhere.json["error"]) == (404, "not_found")
    for number in (0, 999, 2**31 - 1):
        answer = get(f"/people/{number}", secret)
        assert (answer.status_code, answer.json["error"]) == (404, "not_found")


def test_an_address_or_a_method_that_is_none_is_refused_as_everything_else(app, token):
    client, headers = app.test_client(), {"Authorization": f"Bearer {token('people')}"}
    for answer, status in ((client.get("/api/v1/nothing", headers=headers), 404), (client.post("/api/v1/people", headers=headers), 405)):
        assert (answer.status_code, answer.mimetype) == (status, "application/json")
        assert answer.json["message"].count(" ") > 2


def test_whom_a_program_reads_is_told_who_let_it_in(as_, get, token, life, cast):
    """Of many one row a day for each kind of thing, and of one person as if whoever made the token had opened her page."""
    secret = token(*SCOPES)
    for path, query in (
        ("/people", {}),
        ("/people", {"limit": 1}),
        ("/evidence", {"person_id": cast.beth}),
        (f"/people/{cast.beth}", {}),
        ("/figures/skills", {}),
    ):
        assert get(path, secret, **query).status_code == 200
    rows = db.session.execute(select(RecordLook.person_id, RecordLook.by_id, RecordLook.page).order_by(RecordLook.id))
    assert [tuple(row) for row in rows] == [(None, cast.ela, "api/people"), (cast.beth, cast.ela, "api.one_person")]
    assert "what a program reads: people" in as_(cast.amir).get("/me/looks").text
    assert "what a program reads</td>" in as_(cast.beth).get("/me/looks").text


def test_a_cursor_that_was_made_up_is_no_cursor():
    assert read_cursor("people", cursor_after("people", 7)) == 7
    for wrong in ("", "e30", "WzFd", cursor_after("people", -1), cursor_after("people", 2**31), "ç", "=" * 9):
        assert read_cursor("people", wrong) is None


def test_too_many_calls_have_to_wait(get, token, monkeypatch):
    secret = token("people")
    monkeypatch.setattr(tokens, "CALLS", 2)
    monkeypatch.setattr(tokens, "WRONG", 2)
    monkeypatch.setattr(tokens, "WINDOW", timedelta(days=3650))
    told = [get("/people", secret).status_code for _call in range(3)]
    assert told == [200, 200, 429]
    guesses = [get("/people", f"trainee_{number}") for number in range(3)]
    assert [one.status_code for one in guesses] == [401, 401, 429]
    assert int(guesses[-1].headers["Retry-After"]) > 0


def test_what_it_may_not_read_is_not_in_it(get, token, life, cast):
    text = get("/people", token("people")).text
    for secret in (db.session.get_one(Person, cast.amir).email, "password", "photo"):
        assert secret not in text
    assert "detail" not in get("/evidence", token("evidence", receipt="another")).text


# The description ------------------------------------------------------------------------------------------------------------


def test_the_file_is_what_the_program_says_of_itself(app, get):
    told = json.dumps(document(), ensure_ascii=False, indent=1) + "\n"
    assert FILE.read_text(encoding="utf-8") == told, "Run: .venv/bin/python tools/openapi.py"
    assert get("/openapi.json").json == document()


def test_the_description_and_the_routes_are_one(app):
    routes = {
        re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule.removeprefix("/api/v1")): app.view_functions[rule.endpoint].scope
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith("api.")
    }
    described = {path: (one["get"]["security"] or [{"token": [""]}])[0]["token"][0] for path, one in document()["paths"].items()}
    assert described == routes
    for rule in app.url_map.iter_rules():
        assert not rule.endpoint.startswith("api.") or rule.methods <= {"GET", "HEAD", "OPTIONS"}


TYPES = {"integer": int, "number": (int, float), "string": str, "boolean": bool, "array": list, "object": dict, "null": type(None)}


def fits(value, schema, path="") -> None:
    """Complain about whatever is not as it is described."""
    kinds_of = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    assert any(isinstance(value, TYPES[one]) and not (one in {"integer", "number"} and value is True) for one in kinds_of), (path, value)
    if isinstance(value, dict) and "properties" in schema:
        assert set(schema["required"]) <= set(value), path
        assert set(value) <= set(schema["properties"]), path
        for name, inner in value.items():
            fits(inner, schema["properties"][name], f"{path}/{name}")
    if isinstance(value, list):
        for inner in value:
            fits(inner, schema["items"], f"{path}[]")
    if isinstance(value, str) and schema.get("format") == "date-time":
        assert datetime.fromisoformat(value).tzinfo is not None, path


def test_every_answer_is_as_it_is_described(get, token, life, cast):
    secret = token(*SCOPES)
    for path, one in document()["paths"].items():
        answer = get(path.format(person_id=cast.amir, report_key="assignments"), secret)
        fits(answer.json, one["get"]["responses"]["200"]["content"]["application/json"]["schema"], path)
