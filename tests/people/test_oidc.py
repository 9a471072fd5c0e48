"""Signing in by the organisation's provider: a tiny one of our own, and everything that must not let anybody in."""

import base64
import hashlib
import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, OctKey
from sqlalchemy import func, select

from trainee.config import Config, ConfigError, from_environment
from trainee.kit.clock import now
from trainee.kit.db import db
from trainee.people import actions as people
from trainee.people import oidc
from trainee.people.models import OidcIdentity, SignIn

CLIENT, SECRET = "trainee", "a secret of theirs"


class Provider:
    """Gives out codes for whoever the test says, and checks what it is asked as a real one would."""

    def __init__(self) -> None:
        self.key = ECKey.generate_key("P-256", {"kid": "one"})
        self.keys = [self.key]
        self.codes: dict[str, dict[str, Any]] = {}
        self.claims: dict[str, Any] = {"sub": "s-amir", "email": "amir@mavikapi.example", "email_verified": True}
        self.sign = lambda claims: jwt.encode({"alg": "ES256", "kid": "one"}, claims, self.key)
        self.status, self.said, self.asked = 200, {}, 0
        self.issuer = ""

    def document(self) -> dict[str, Any]:
        found = {"issuer": self.issuer, "authorization_endpoint": f"{self.issuer}/authorize", "token_endpoint": f"{self.issuer}/token"}
        return found | {"jwks_uri": f"{self.issuer}/keys"} | self.said

    def authorize(self, url: str) -> str:
        """What its page does when somebody has signed in there: the code, for what the address asks."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
        assert asked["response_type"] == "code" and asked["client_id"] == CLIENT and "openid" in asked["scope"].split()
        assert asked["code_challenge_method"] == "S256" and len(asked["state"]) > 20 and len(asked["nonce"]) > 20
        self.codes["code"] = asked
        return asked["state"]

    def token(self, form: dict[str, str], authorization: str) -> tuple[int, dict[str, Any]]:
        asked = self.codes.pop(form["code"], None)
        basic = base64.b64encode(f"{CLIENT}:{SECRET.replace(' ', '+')}".encode()).decode()
        challenge = base64.urlsafe_b64encode(hashlib.sha256(form["code_verifier"].encode()).digest()).decode().rstrip("=")
        if (
            asked is None
            or authorization != f"Basic {basic}"
            or challenge != asked["code_challenge"]
            or form["redirect_uri"] != asked["redirect_uri"]
        ):
            return 400, {"error": "invalid_grant"}
        at = int(now().timestamp())
        claims = {"iss": self.issuer, "aud": CLIENT, "iat": at, "exp": at + 300, "nonce": asked["nonce"], **self.claims}
        return self.status, {"id_token": self.sign({name: value for name, value in claims.items() if value is not None}), "token_type": "Bearer"}


@pytest.fixture(scope="module")
def served() -> Iterator[SimpleNamespace]:
    """The provider on a port of this machine."""
    place = SimpleNamespace(provider=Provider())

    class Hears(BaseHTTPRequestHandler):
        def answer(self, status: int, body: dict[str, Any]) -> None:
            place.provider.asked += 1
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(json.dumps(body).encode())

        def do_GET(self) -> None:
            keys = {"keys": KeySet(place.provider.keys).as_dict(private=False)["keys"]}
            self.answer(200, keys if self.path == "/keys" else place.provider.document())

        def do_POST(self) -> None:
            words = self.rfile.read(int(self.headers["Content-Length"])).decode()
            form = {name: values[0] for name, values in parse_qs(words).items()}
            self.answer(*place.provider.token(form, self.headers.get("Authorization", "")))

        def log_message(self, *_words: object) -> None:
            """Says nothing."""

    server = HTTPServer(("127.0.0.1", 0), Hears)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    place.issuer = f"http://127.0.0.1:{server.server_address[1]}"
    yield place
    server.shutdown()
    server.server_close()


@pytest.fixture
def provider(app, served) -> Iterator[Provider]:
    """The installation signs people in by it."""
    served.provider = Provider()
    served.provider.issuer = served.issuer
    before = app.extensions["trainee"]
    app.extensions["trainee"] = replace(
        before, oidc_issuer=served.issuer, oidc_client_id=CLIENT, oidc_client_secret=SECRET, oidc_name="Mavikapı ID", base_url="http://localhost"
    )
    yield served.provider
    app.extensions["trainee"] = before
    app.extensions.pop("oidc", None)


@pytest.fixture
def come(app, provider):
    """Signs in by it as a browser does: the answer of our page to which it leads back."""

    def go(client=None, *, code: str = "code", **more: str):
        client = client or app.test_client()
        sent = client.get("/sign-in/provider", query_string={"next": "/me"})
        assert sent.status_code == 302 and sent.location.startswith(f"{provider.issuer}/authorize?"), sent.text
        state = provider.authorize(sent.location)
        return client.get("/sign-in/provider/back", query_string={"code": code, "state": state, **more})

    return go


def signed_in() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(SignIn).where(SignIn.device != "test")) or 0


def test_who_signs_in_there_is_in_here_under_her_own_account_and_roles(app, cast, come, provider):
    provider.claims |= {"roles": ["admin"], "groups": ["admin"]}
    client = app.test_client()
    answer = come(client)
    assert (answer.status_code, answer.location) == (303, "/me")
    assert "Amir Kaya" in client.get("/me").text
    assert client.get("/people").status_code == 403, "roles are ours"
    (tied,) = db.session.scalars(select(OidcIdentity))
    assert (tied.issuer, tied.subject, tied.person_id) == (provider.issuer, "s-amir", cast.amir)


def test_afterwards_the_subject_counts_and_not_the_address(app, cast, come, provider):
    come()
    provider.claims["email"] = "beth@mavikapi.example"
    client = app.test_client()
    come(client)
    assert "Amir Kaya" in client.get("/me").text
    provider.claims |= {"sub": "s-new", "email": "amir@mavikapi.example"}
    refused = come()
    assert refused.status_code == 403 and "belongs to another sign-in" in refused.text
    assert signed_in() == 2


def test_hr_unties_an_account_and_it_is_tied_anew(as_, cast, come, provider):
    come()
    provider.claims["sub"] = "s-new"
    assert "Untie" in as_(cast.ela).get(f"/people/{cast.amir}/account").text
    for _press in range(2):
        assert as_(cast.ela).post(f"/people/{cast.amir}/provider/untie").status_code == 303
    assert come().status_code == 303
    assert db.session.scalars(select(OidcIdentity.subject)).all() == ["s-new"]


@pytest.mark.parametrize(
    "claims",
    [
        {"email_verified": False},
        {"email_verified": None},
        {"email_verified": "true"},
        {"email": None},
        {"email": "stranger@mavikapi.example"},
        {"email": "amır@mavikapi.example"},
        {"email": ["amir@mavikapi.example"]},
    ],
)
def test_an_address_that_is_not_verified_or_not_hers_lets_nobody_in(come, provider, claims):
    provider.claims |= claims
    answer = come()
    assert answer.status_code == 403 and "There is no account here" in answer.text
    assert signed_in() == 0 and db.session.scalar(select(func.count()).select_from(OidcIdentity)) == 0


def test_a_closed_account_stays_closed(cast, come, person):
    come()
    people.disable(person(cast.amir), now(), cast.ada)
    db.session.commit()
    answer = come()
    assert answer.status_code == 403 and "closed" in answer.text


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://elsewhere.example"},
        {"aud": "another"},
        {"aud": ["trainee", "another"]},
        {"aud": ["trainee", "another"], "azp": "another"},
        {"azp": "another"},
        {"nonce": "another"},
        {"nonce": None},
        {"exp": 1},
        {"exp": None},
        {"iat": None},
        {"sub": None},
        {"sub": ""},
        {"sub": 7},
        {"sub": "x" * 300},
    ],
)
def test_a_token_that_is_not_for_us_lets_nobody_in(come, provider, claims):
    provider.claims |= claims
    answer = come()
    assert answer.status_code == 403 and "could not be checked" in answer.text
    assert signed_in() == 0


def forged(name: str, provider: Provider) -> Any:
    """Signs as somebody would who has not the provider's key."""
    public = json.dumps(provider.key.as_dict(private=False))
    ways = {
        "unsigned": lambda claims: f"{_part({'alg': 'none'})}.{_part(claims)}.",
        "our own secret": lambda claims: jwt.encode({"alg": "HS256"}, claims, OctKey.import_key(SECRET), algorithms=["HS256"]),
        "the public key": lambda claims: jwt.encode({"alg": "HS256", "kid": "one"}, claims, OctKey.import_key(public), algorithms=["HS256"]),
        "another key": lambda claims: jwt.encode({"alg": "ES256", "kid": "one"}, claims, ECKey.generate_key("P-256", {"kid": "one"})),
        "no token": lambda _claims: "nothing",
    }
    return ways[name]


def _part(value: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


@pytest.mark.parametrize("name", ["unsigned", "our own secret", "the public key", "another key", "no token"])
def test_a_token_nobody_but_the_provider_could_have_signed_is_needed(come, provider, name):
    provider.sign = forged(name, provider)
    assert come().status_code == 403
    assert signed_in() == 0


def test_a_key_that_is_new_there_is_asked_for(come, provider):
    assert come().status_code == 303
    provider.key = ECKey.generate_key("P-256", {"kid": "two"})
    provider.keys = [provider.key]
    provider.sign = lambda claims: jwt.encode({"alg": "ES256", "kid": "two"}, claims, provider.key)
    assert come().status_code == 303


def test_a_way_back_that_was_not_begun_here_leads_nowhere(app, come, provider):
    state = provider.authorize(app.test_client().get("/sign-in/provider").location)
    crossed = app.test_client().get("/sign-in/provider/back", query_string={"code": "code", "state": state})
    assert crossed.status_code == 400 and "not begun in this browser" in crossed.text
    client = app.test_client()
    assert come(client).status_code == 303
    assert client.get("/sign-in/provider/back", query_string={"code": "code", "state": state}).status_code == 400, "it is used up"
    wrong = app.test_client()
    wrong.get("/sign-in/provider")
    assert wrong.get("/sign-in/provider/back", query_string={"code": "code", "state": "guessed"}).status_code == 400
    assert signed_in() == 1


def test_who_took_too_long_begins_again(come, monkeypatch):
    monkeypatch.setattr(oidc, "WAIT", -oidc.WAIT)
    assert come().status_code == 400


@pytest.mark.parametrize(("query", "status"), [({"error": "access_denied"}, 403), ({"code": "guessed"}, 403)])
def test_what_the_provider_refuses_is_told_in_a_sentence(come, query, status):
    answer = come(**query)
    assert answer.status_code == status and "sign-in service" in answer.text


def test_a_provider_that_is_away_or_is_another_is_told_in_a_sentence(app, come, provider):
    provider.status = 503
    assert come().status_code == 503
    app.extensions.pop("oidc")
    for said in ({"issuer": "https://elsewhere.example"}, {"token_endpoint": "ftp://127.0.0.1/token"}, {"jwks_uri": None}):
        provider.said = said
        answer = app.test_client().get("/sign-in/provider")
        assert answer.status_code == 403 and "could not be checked" in answer.text
    app.extensions["trainee"] = replace(app.extensions["trainee"], oidc_issuer="http://127.0.0.1:9")
    assert app.test_client().get("/sign-in/provider").status_code == 503


def test_it_is_asked_for_what_it_is_once_an_hour_and_not_for_each_sign_in(come, provider):
    come()
    before = provider.asked
    come()
    assert provider.asked == before + 1, "the token alone"


def test_nobody_is_sent_to_another_site_afterwards(app, provider):
    client = app.test_client()
    state = provider.authorize(client.get("/sign-in/provider", query_string={"next": "https://elsewhere.example/"}).location)
    assert client.get("/sign-in/provider/back", query_string={"code": "code", "state": state}).location == "/"


def test_the_page_offers_it_beside_the_password_or_alone(app, provider):
    page = app.test_client().get("/sign-in").text
    assert "Sign in with Mavikapı ID" in page and 'name="password"' in page
    app.extensions["trainee"] = replace(app.extensions["trainee"], passwords=False)
    page = app.test_client().get("/sign-in").text
    assert "Sign in with Mavikapı ID" in page and 'name="password"' not in page
    answer = app.test_client().post("/sign-in", data={"login": "amir", "password": "x" * 12})
    assert answer.status_code == 403 and signed_in() == 0


def test_without_a_provider_there_is_no_such_door(app):
    for path in ("/sign-in/provider", "/sign-in/provider/back?code=x&state=y"):
        answer = app.test_client().get(path)
        assert (answer.status_code, answer.location) == (302, "/sign-in")
    assert "/sign-in/provider" not in app.test_client().get("/sign-in").text


def test_too_many_tries_have_to_wait(app, provider, monkeypatch):
    monkeypatch.setattr(oidc, "_TRIES", 1)
    assert [app.test_client().get("/sign-in/provider").status_code for _try in range(2)] == [302, 429]


WHOLE = {"OIDC_ISSUER": "https://id.example.com", "OIDC_CLIENT_ID": "trainee", "BASE_URL": "https://training.example.com"}


@pytest.mark.parametrize(
    ("environ", "names"),
    [
        (WHOLE | {"OIDC_ISSUER": "id.example.com"}, "OIDC_ISSUER"),
        (WHOLE | {"OIDC_ISSUER": "http://id.example.com"}, "OIDC_ISSUER"),
        (WHOLE | {"OIDC_CLIENT_ID": ""}, "OIDC_CLIENT_ID"),
        (WHOLE | {"BASE_URL": "", "PROXIES": "1"}, "BASE_URL"),
        ({"PASSWORDS": "0"}, "PASSWORDS"),
    ],
)
def test_a_configuration_that_makes_no_sense_names_what_is_wrong(environ, names):
    with pytest.raises(ConfigError, match=names):
        from_environment(environ)


def test_a_configuration_that_makes_sense_is_taken():
    assert from_environment(WHOLE | {"PASSWORDS": "0"}).oidc_issuer == "https://id.example.com"
    assert Config().passwords
