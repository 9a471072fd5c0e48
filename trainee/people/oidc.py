"""Signing in by the organisation's own provider (OpenID Connect): the code flow with PKCE, state and nonce; nothing unsigned is believed."""

import base64
import hashlib
import json
import secrets
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

from flask import current_app
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from sqlalchemy import select

from trainee.config import Config
from trainee.kit import audit, throttle, trtext
from trainee.kit.db import db, insert_once
from trainee.kit.errors import Refusal
from trainee.kit.i18n import _
from trainee.kit.logs import log
from trainee.people.models import OidcIdentity, Person
from trainee.people.passwords import digest

TIMEOUT: Final = 10
_LARGEST = 1 << 20
# What a provider says of itself, and its keys, are asked for again after so long, or at once where a key is not known.
_KEPT: Final = timedelta(hours=1)
# Only signatures that nobody but the provider can make.
_ALGORITHMS: Final = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
_LEEWAY = 60
WAIT: Final = timedelta(minutes=10)
"""So long somebody may take at the provider."""
_TRIES, _WINDOW = 60, timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Provider:
    """What the provider says of itself, and its keys."""

    issuer: str
    authorize: str
    token: str
    keys: KeySet
    basic: bool
    read_at: datetime


@dataclass(frozen=True, slots=True)
class Begun:
    """A sign-in on its way: where she is sent, and what is kept in her session until she is back."""

    url: str
    kept: dict[str, str]


def _away() -> Refusal:
    return Refusal(_("The sign-in service cannot be reached just now. Please try again in a moment."), 503, "oidc_away")


def _wrong() -> Refusal:
    return Refusal(
        _("What the sign-in service said could not be checked, so nobody was signed in. Please try again; if it stays, tell your administrator."),
        403,
        "oidc_wrong",
    )


# The provider ---------------------------------------------------------------------------------------------------------------


def provider(settings: Config, at: datetime, *, anew: bool = False) -> Provider:
    """The provider of the configuration; what it says is kept for an hour. Refusal where it cannot be reached or says something else than it is."""
    kept: Provider | None = current_app.extensions.get("oidc")
    if kept is not None and not anew and at - kept.read_at < _KEPT and kept.issuer == settings.oidc_issuer:
        return kept
    said = _fetch(f"{settings.oidc_issuer.rstrip('/')}/.well-known/openid-configuration")
    if said.get("issuer") != settings.oidc_issuer:
        log.error("oidc", problem="another issuer")
        raise _wrong()
    places = [said.get(name) for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")]
    secure = urlsplit(settings.oidc_issuer).scheme
    if not all(isinstance(place, str) and urlsplit(place).scheme == secure for place in places):
        log.error("oidc", problem="an address that is not as safe as the issuer's")
        raise _wrong()
    try:
        keys = KeySet.import_key_set(_fetch(str(places[2])))  # type: ignore[arg-type]
    except (JoseError, KeyError, TypeError, ValueError):
        raise _wrong() from None
    methods = said.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
    found = Provider(settings.oidc_issuer, str(places[0]), str(places[1]), keys, "client_secret_basic" in methods, at)
    current_app.extensions["oidc"] = found
    return found


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """What was to be read at one address is not read at another."""

    def redirect_request(self, *_asked: Any) -> None:
        """Follows none."""
        return


_opener = urllib.request.build_opener(_NoRedirects)


def _fetch(url: str, data: Mapping[str, str] | None = None, headers: Mapping[str, str] | None = None) -> dict[str, Any]:
    """What stands there, as JSON. Refusal when nobody answers, or something else."""
    body = urlencode(data).encode() if data is not None else None
    # The scheme is that of the issuer, which the configuration has looked at.
    request = urllib.request.Request(url, body, {"Accept": "application/json", **(headers or {})})  # noqa: S310
    try:
        with _opener.open(request, timeout=TIMEOUT) as answer:
            found = json.loads(answer.read(_LARGEST))
    except urllib.error.HTTPError as refused:
        refused.close()
        log.error("oidc", problem="answered", status=refused.code)
        raise (_away() if refused.code >= 500 else _wrong()) from None
    except (OSError, ValueError) as problem:
        log.error("oidc", problem=type(problem).__name__)
        raise _away() from None
    if not isinstance(found, dict):
        raise _wrong()
    return found


# Going there and coming back ------------------------------------------------------------------------------------------------


def allow(address: str, at: datetime) -> None:
    """Count one sign-in by the provider from an address. Refusal (429) after too many; committed by the caller in any case."""
    if throttle.count(f"oidc/{digest(address)[:40]}", at, _WINDOW) > _TRIES:
        raise Refusal(_("Too many tries. Please wait a quarter of an hour, or ask HR for a new link."), 429, "throttled")


def begin(settings: Config, back: str, then: str, at: datetime) -> Begun:
    """Send somebody to the provider; `back` is our address there, and `then` the page she wants."""
    kept = {"state": secrets.token_urlsafe(24), "nonce": secrets.token_urlsafe(24), "verifier": secrets.token_urlsafe(48)}
    kept |= {"next": then, "at": at.isoformat()}
    challenge = base64.urlsafe_b64encode(hashlib.sha256(kept["verifier"].encode()).digest()).decode().rstrip("=")
    asked = {"response_type": "code", "client_id": settings.oidc_client_id, "redirect_uri": back, "scope": "openid email profile"}
    asked |= {"state": kept["state"], "nonce": kept["nonce"], "code_challenge": challenge, "code_challenge_method": "S256"}
    place = provider(settings, at).authorize
    return Begun(f"{place}{'&' if '?' in place else '?'}{urlencode(asked)}", kept)


def finish(settings: Config, back: str, kept: Mapping[str, str] | None, given: Mapping[str, str], at: datetime) -> dict[str, Any]:
    """What the provider says of whoever came back, checked: her claims. Refusal, in a sentence, for everything that does not fit together."""
    if not kept or not secrets.compare_digest(kept["state"].encode(), given.get("state", "").encode()):
        raise Refusal(_("This sign-in was not begun in this browser, or was finished before. Please begin again."), 400, "oidc_state")
    if at - datetime.fromisoformat(kept["at"]) > WAIT:
        raise Refusal(_("That took more than ten minutes. Please begin again."), 400, "oidc_late")
    if given.get("error"):
        raise Refusal(
            _("The sign-in service let nobody in. If you did not call it off yourself, please ask your administrator."), 403, "oidc_refused"
        )
    if not given.get("code"):
        raise _wrong()
    one = provider(settings, at)
    data = {"grant_type": "authorization_code", "code": given["code"], "redirect_uri": back, "code_verifier": kept["verifier"]}
    data["client_id"] = settings.oidc_client_id
    headers = {}
    if settings.oidc_client_secret and one.basic:
        pair = urlencode({settings.oidc_client_id: settings.oidc_client_secret}).replace("=", ":", 1)
        headers["Authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
    elif settings.oidc_client_secret:
        data["client_secret"] = settings.oidc_client_secret
    answer = _fetch(one.token, data, headers)
    if not isinstance(answer.get("id_token"), str):
        raise _wrong()
    return _claims(settings, answer["id_token"], kept["nonce"], at)


def _claims(settings: Config, token: str, nonce: str, at: datetime) -> dict[str, Any]:
    try:
        found = jwt.decode(token, provider(settings, at).keys, algorithms=_ALGORITHMS).claims
    except (JoseError, ValueError):
        # The provider may have begun to sign with another key.
        try:
            found = jwt.decode(token, provider(settings, at, anew=True).keys, algorithms=_ALGORITHMS).claims
        except (JoseError, ValueError) as problem:
            log.error("oidc", problem=type(problem).__name__)
            raise _wrong() from None
    now = int(at.timestamp())
    wanted: Any = {"iss": {"essential": True, "value": settings.oidc_issuer}, "aud": {"essential": True, "value": settings.oidc_client_id}}
    wanted |= {"nonce": {"essential": True, "value": nonce}, "exp": {"essential": True}, "iat": {"essential": True}, "sub": {"essential": True}}
    try:
        jwt.JWTClaimsRegistry(now=now, leeway=_LEEWAY, **wanted).validate(found)
    except (JoseError, ValueError, TypeError) as problem:
        log.error("oidc", problem=type(problem).__name__)
        raise _wrong() from None
    many = isinstance(found["aud"], list) and len(found["aud"]) > 1
    if (many or "azp" in found) and found.get("azp") != settings.oidc_client_id:
        raise _wrong()
    if not isinstance(found["sub"], str) or not 0 < len(found["sub"]) <= 255:
        raise _wrong()
    return dict(found)


# Whose account it is --------------------------------------------------------------------------------------------------------


def person_for(issuer: str, claims: Mapping[str, Any], at: datetime) -> Person:
    """Whose account that is: by the subject, else by an address that the provider has verified, and which is then hers for good.

    Roles are ours and never taken from there; nobody gets an account by it. Refusal where there is none, it is closed, or it belongs to another.
    """
    mine = select(Person).join(OidcIdentity, OidcIdentity.person_id == Person.id)
    found = db.session.scalar(mine.where(OidcIdentity.issuer == issuer, OidcIdentity.subject == claims["sub"]))
    if found is None:
        found = _by_address(claims)
        if found is not None and found.disabled_at is None:
            _tie(found, issuer, claims["sub"], at)
    if found is None:
        words = _("There is no account here for the address that the sign-in service told us. Please ask HR to enter it.")
        raise Refusal(words, 403, "oidc_nobody")
    if found.disabled_at is not None:
        raise Refusal(_("Your account here is closed. If that is a mistake, please ask HR."), 403, "oidc_closed")
    return found


def _by_address(claims: Mapping[str, Any]) -> Person | None:
    address = claims.get("email")
    # What is not said to be verified, in as many words, anybody may have typed there.
    if not isinstance(address, str) or claims.get("email_verified") is not True or not address.isascii():
        return None
    found = db.session.scalar(select(Person).where(Person.email_key == trtext.fold(address.strip())))
    # The key takes letters for each other that are none to a mail server.
    same = found is not None and trtext.lower(found.email or "", "en") == trtext.lower(address.strip(), "en")
    return found if same else None


def _tie(person: Person, issuer: str, subject: str, at: datetime) -> None:
    if db.session.scalar(select(OidcIdentity.id).where(OidcIdentity.issuer == issuer, OidcIdentity.person_id == person.id)) is not None:
        words = _("Your account here belongs to another sign-in of that service. Please ask HR to untie it.")
        raise Refusal(words, 403, "oidc_another")
    values = {"issuer": issuer, "subject": subject, "person_id": person.id, "tied_at": at}
    insert_once(OidcIdentity, values, ["issuer", "subject"])
    audit.note(person.id, "tie_sign_in", f"person/{person.id}", at)
